"""Documents, slides and sheets of Microsoft Office, as every office program writes them."""

import re
from collections.abc import Callable, Iterator

from partnernet.extract import DAMAGED, PAGES, PAGES_LIMIT, SHEETS, SLIDES, TEXT_LIMIT, Enough, Fragments, Unreadable
from partnernet.extract.packed import Event, Package, attribute

PAGE_BREAK = "lastRenderedPageBreak"
"""Where the program that wrote the document last began a page."""

_WHOLE = re.compile(r"\d{1,15}").fullmatch


def sort(package: Package) -> tuple[str, Callable[[Package], Fragments]]:
    """What a document is divided in, and how it is read."""
    main = package.main_part()
    if main.startswith("word/"):
        return PAGES, document
    if main.startswith("ppt/"):
        return SLIDES, slides
    if main.startswith("xl/"):
        return SHEETS, sheets
    raise Unreadable(DAMAGED)


def document(package: Package) -> Fragments:
    """A text, with the pages that it had when it was last saved; what stands at the foot comes last."""
    main = package.main_part()
    has_pages = package.mentions(main, PAGE_BREAK.encode())
    page = 1 if has_pages else 0
    for mark, text in paragraphs(package.events(main), PAGE_BREAK):
        if mark:
            page += 1
        if page > PAGES_LIMIT:
            raise Enough
        yield page, "", text
    for relation, place in package.relations(main).values():
        if relation in ("footnotes", "endnotes") and place in package.names:
            for _, text in paragraphs(package.events(place)):
                yield 0, "", text


def slides(package: Package) -> Fragments:
    """Slides in the order of the show, each with what is to be said to it."""
    for number, place in enumerate(_in_order(package, "sldId"), 1):
        if number > PAGES_LIMIT:
            raise Enough
        notes = [path for sort, path in package.relations(place).values() if sort == "notesSlide"]
        for part in (place, *notes):
            if part in package.names:
                for _, text in paragraphs(package.events(part)):
                    yield number, "", text


def sheets(package: Package) -> Fragments:
    """Sheets row by row: words and whole numbers."""
    main = package.main_part()
    relations = package.relations(main)
    shared = _shared(package, [place for sort, place in relations.values() if sort == "sharedStrings"])
    number = 0
    for begins, tag, given in package.events(main):
        if begins and tag == "sheet":
            number += 1
            if number > PAGES_LIMIT:
                raise Enough
            place = _related(relations, given)
            if place in package.names:
                for row in _rows(package.events(place), shared):
                    yield number, attribute(given, "name"), row


def paragraphs(events: Iterator[Event], mark: str = "") -> Iterator[tuple[bool, str]]:
    """The paragraphs of a text; where a mark stands, (True, "") comes between them."""
    held, inside, skipped = list[str](), "", 0
    for begins, tag, given in events:
        if tag == "Fallback":  # the same words again, for programs that are older than the first form of them
            skipped += 1 if begins else -1
        elif skipped:
            continue
        elif not tag:
            if inside == "t":
                held.append(str(given))
        elif tag in ("t", "delText", "instrText"):
            inside = tag if begins else ""
        elif tag in ("tab", "br", "cr"):
            held.append(" ")
        elif (tag == "p" and not begins) or (tag == mark and begins):
            if held:
                yield False, "".join(held)
                held = []
            if tag == mark:
                yield True, ""
    if held:
        yield False, "".join(held)


def _in_order(package: Package, wanted: str) -> Iterator[str]:
    """The places of the parts that the document lists."""
    main = package.main_part()
    relations = package.relations(main)
    for begins, tag, given in package.events(main):
        if begins and tag == wanted:
            yield _related(relations, given)


def _related(relations: dict[str, tuple[str, str]], given: object) -> str:
    """The place of what a tag names, by the attribute that is called `id` in a namespace of its own."""
    if isinstance(given, dict):
        for key, value in given.items():
            if key.endswith(" id") and value in relations:
                return relations[value][1]
    return ""


def _shared(package: Package, places: list[str]) -> list[str]:
    """The words that the cells of all sheets name by number, as many as are kept of a file."""
    found, held, inside, size = list[str](), list[str](), False, 0
    for place in places:
        if place not in package.names:
            continue
        for begins, tag, given in package.events(place):
            if tag == "t":
                inside = begins
            elif not tag and inside:
                held.append(str(given))
            elif tag == "si" and not begins:
                text, held = "".join(held), []
                size += len(text)
                found.append(text if size <= TEXT_LIMIT * 2 else "")
    return found


def _rows(events: Iterator[Event], shared: list[str]) -> Iterator[str]:
    cells, value, sort, inside = list[str](), "", "", ""
    for begins, tag, given in events:
        if begins and tag == "c":
            value, sort = "", attribute(given, "t")
        elif tag in ("v", "t"):
            inside = tag if begins else ""
        elif not tag and inside:
            value += str(given)
        elif tag == "c":
            cells += _cell(value.strip(), sort, shared)
        elif tag == "row" and not begins and cells:
            yield " · ".join(cells)
            cells = []


def _cell(value: str, sort: str, shared: list[str]) -> list[str]:
    if sort == "s":
        number = int(value) if _WHOLE(value) else len(shared)
        value = shared[number] if number < len(shared) else ""
    elif (sort in ("", "n") and not _WHOLE(value)) or sort in ("b", "e"):
        value = ""
    return [value] if value else []
