"""Where the pictures go, and which pages have one."""

import re
from collections.abc import Iterator
from pathlib import Path

WIDTHS = {"1280": {"width": 1280, "height": 900}, "360": {"width": 360, "height": 740}}
SCHEMES = ("light", "dark")
# A4 between margins of 12 mm, at the 96 dots per inch of CSS.
SHEET = {"width": 703, "height": 1032}
PAPERS = {
    "closing:day",
    "closing:month_report",
    "closing:pickup_sheet",
    "closing:pickup_sheet_at_till",
    "closing:result",
    "closing:revisions",
    "sign-in-notice",
    "recovery-codes",
    "yayoi_link:resend_doubled",
    "yayoi_link:reconcile",
}

# No pages: files, and parts of pages that come again by themselves.
NO_PAGES = {
    "closing:slip_upload_lines_csv": "a file",
    "stores:job_file": "a file",
    "yayoi_link:download_period": "a file",
    "yayoi_link:rows_doubled": "a file",
    "stores:job_progress": "a part of stores:job",
    "top_differences": "a part of top",
    "top_mornings": "a part of top",
    "top_sales": "a part of top",
    "yayoi_link:outcome": "a part of closing:result",
}


class Album:
    """`kinds` has a picture, `elsewhere` was met as a file or as a part of a page, `broken` answered with an error."""

    def __init__(self, folder: Path, *, only: str = "", papers_only: bool = False, colours: str = "none"):
        self.folder, self.only, self.papers_only, self.colours = folder, only, papers_only, colours
        self.kinds: set[str] = set()
        self.elsewhere: set[str] = set()
        self.broken: dict[str, int | str] = {}
        self.seen: set[tuple[str, str]] = set()

    def take(self, page, kind: str, who: str, scene: str = "") -> None:
        """Take the page that is open, unless somebody before saw the same words on it."""
        self.kinds.add(kind)
        name = "-".join(filter(None, [kind.replace(":", "-"), scene]))
        words = (name, page.inner_text("main"))
        if self.only not in name or words in self.seen:
            return
        self.seen.add(words)
        if kind in PAPERS or scene in PAPERS:
            self.take_paper(page, f"{name}-{who}")
        if not self.papers_only:
            self.take_screens(page, self.place(who, name))

    def take_screens(self, page, path: Path) -> None:
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, forced_colors=self.colours)
            for width, viewport in WIDTHS.items():
                page.set_viewport_size(viewport)
                page.screenshot(path=f"{path}-{width}-{scheme}.png", full_page=True)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(WIDTHS["1280"])

    def take_paper(self, page, name: str) -> None:
        """As PDF, and as a picture of what is on the sheets. In the dark, because paper is white all the same."""
        path = self.place("papers", name)
        page.emulate_media(media="print", color_scheme="dark")
        page.set_viewport_size(SHEET)
        page.screenshot(path=f"{path}.png", full_page=True)
        page.pdf(path=f"{path}.pdf", format="A4", prefer_css_page_size=True)
        page.emulate_media(media="screen", color_scheme="light")
        page.set_viewport_size(WIDTHS["1280"])

    def place(self, folder: str, name: str) -> Path:
        (self.folder / folder).mkdir(parents=True, exist_ok=True)
        return self.folder / folder / re.sub(r"[^\w.-]", "-", name)

    def report(self, *, is_whole: bool) -> int:
        """Say what was broken and, after a whole walk, which pages have no picture; 1 when there is any."""
        from tests.screens.addresses import pages

        missing = sorted(set(pages()) - self.kinds - self.elsewhere - set(NO_PAGES)) if is_whole else []
        for line in self.complaints(missing):
            print(line)  # noqa: T201 (it is what the command says)
        return 1 if missing or self.broken else 0

    def complaints(self, missing: list[str]) -> Iterator[str]:
        yield f"{len(self.kinds)} kinds of pages in {self.folder}"
        yield from (f"broken: {what} answered {answer}" for what, answer in self.broken.items())
        yield from (f"no picture: {kind}" for kind in missing)
