"""What of an open page somebody could not use: by the rules of axe-core, and with a keyboard."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

axe = Axe()
WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# axe leaves this one to whoever asks for WCAG 2.2 by name.
ASKED_FOR = {"target-size": {"enabled": True}}
# What a narrower window or other colours can change about a page that was looked at before.
OF_WIDTH = ["target-size", "scrollable-region-focusable"]
OF_COLOURS = ["color-contrast"]
FOCUS = (Path(__file__).parent / "focus.js").read_text(encoding="utf-8")
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def violations(page, only=None, *, but=(), within=None):
    """Return what breaks the rules (all of WCAG 2.2 AA unless told), each as one line with the rule, the place and the reason."""
    chosen = {"type": "rule", "values": only} if only else {"type": "tag", "values": WCAG_22_AA}
    left_out = {rule: {"enabled": False} for rule in but}
    options = {"runOnly": chosen, "rules": left_out if only else ASKED_FOR | left_out, "resultTypes": ["violations"]}
    # Brought along once for each page: half a megabyte.
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe.axe_script)
    found = page.evaluate("([within, options]) => axe.run(within ?? document, options)", [within, options])
    return [sentence(rule, node) for rule in found["violations"] for node in rule["nodes"]]


def sentence(rule, node):
    reasons = " ".join(check["message"] for check in [*node["any"], *node["all"], *node["none"]])
    return f"{rule['id']}: {node['target'][0]}: {reasons}"


def lost_focus(page, within="body *"):
    """Return what can be reached with the keyboard, and then does not show it or is hidden behind something else."""
    page.keyboard.press("Tab")  # from here on the browser shows the focus, as to everybody who uses the keyboard
    return page.evaluate(FOCUS, within)


def sideways(page):
    """Return a complaint when the page, and not only a table in it, has to be moved sideways."""
    pixels = page.evaluate(TOO_WIDE)
    return [f"{pixels} px wider than the window"] if pixels > 0 else []
