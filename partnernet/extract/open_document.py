"""OpenDocument: texts, slides and sheets as LibreOffice writes them."""

from collections.abc import Callable

from partnernet.extract import DAMAGED, LOCKED, PAGES, PAGES_LIMIT, SHEETS, SLIDES, Enough, Fragments, Unreadable
from partnernet.extract.packed import Package, attribute

UNITS = {"text": PAGES, "presentation": SLIDES, "spreadsheet": SHEETS}
NUMBERED = {PAGES: "soft-page-break", SLIDES: "page", SHEETS: "table"}
"""The tag that begins the next page, slide or sheet."""
SKIPPED = ("tracked-changes", "annotation", "forms")
"""What was deleted, remarked or is no text; it is not what stands in the document."""
SPACES = ("s", "tab", "line-break")


def sort(package: Package) -> tuple[str, Callable[[Package], Fragments]]:
    """What a document is divided in, and how it is read."""
    if any(tag == "encryption-data" for _, tag, _ in package.events("META-INF/manifest.xml")):
        raise Unreadable(LOCKED)
    if "content.xml" not in package.names or "mimetype" not in package.names:
        raise Unreadable(DAMAGED)
    declared = b"".join(package.chunks("mimetype")).decode("latin-1").strip()
    unit = UNITS.get(declared.rpartition(".opendocument.")[2].removesuffix("-template"))
    if unit is None:
        raise Unreadable(DAMAGED)
    return unit, lambda package: content(package, unit)


def content(package: Package, unit: str) -> Fragments:
    """The paragraphs of a document of any sort; cells and boxes hold paragraphs, too."""
    begins_page = NUMBERED[unit]
    has_pages = unit != PAGES or package.mentions("content.xml", begins_page.encode())
    page, label = (1 if unit == PAGES and has_pages else 0), ""
    held, depth, skipped, tables = list[str](), 0, 0, 0
    for begins, tag, given in package.events("content.xml"):
        if tag in SKIPPED:
            skipped += 1 if begins else -1
        if skipped:
            continue
        if tag == "table":
            tables += 1 if begins else -1
        if begins and tag == begins_page and has_pages and (unit != SHEETS or tables == 1):
            if held:
                yield page, label, "".join(held)
                held = []
            page, label = page + 1, attribute(given, "name") if unit == SHEETS else ""
            if page > PAGES_LIMIT:
                raise Enough
        elif tag in ("p", "h"):
            depth += 1 if begins else -1
            if not begins and held:
                yield page, label, "".join(held)
                held = []
        elif depth and begins:
            held.append(" " if tag in SPACES else str(given) if not tag else "")
