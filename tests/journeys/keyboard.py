"""A person without a mouse: what she wants to use she has to reach, and she has to see where she is."""

from pathlib import Path

MOST_STOPS = 120
WHERE = (Path(__file__).parent / "where.js").read_text(encoding="utf-8")


class Keyboard:
    """Presses keys and nothing else. Every place at which Tab stops has to show that it has the focus."""

    def __init__(self, page):
        self.page = page

    def reach(self, target):
        target.wait_for()
        for _ in range(MOST_STOPS):
            where = target.evaluate(WHERE)
            assert where["isSeen"], f"the focus is not to be seen: {where['name']}"
            if where["isReached"]:
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"not within {MOST_STOPS} stops: {target}")

    def press(self, key, target=None):
        if target:
            self.reach(target)
        self.page.keyboard.press(key)

    def type_into(self, target, text):
        """Replace what is there."""
        self.reach(target)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)
