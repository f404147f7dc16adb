"""Documents in the formats that people keep notes in, to a title and Markdown."""

import io
import logging
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import PurePath
from typing import Any

from partnernet.extract import LOCKED, PROTECTED
from partnernet.extract import Unreadable as NoText
from partnernet.extract.plain import decoded
from partnernet.load import hypertext, markup, plain
from partnernet.load.document import Unreadable
from partnernet.load.front import read as read_front
from partnernet.load.front import words

TEXT_FILE_LIMIT = 8 << 20
UNPACKED_LIMIT = 200 << 20
PAGES_LIMIT = 1_000
TITLE_LINE = 120
FRONT_LIMIT = 200_000

WHY = {LOCKED: "it is locked with a password", PROTECTED: "it is protected in a way that is not known here"}

NO_TEXT = "*No text could be read from this document; it is in the file below.*"

_FIRST_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)(?:[ \t]+#+)?[ \t]*$", re.M)
_SETEXT = re.compile(r"(.{1,200})\n(?:=+|-+)[ \t]*(?:\n|$)")
FRONT = re.compile(r"\s*---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.S)
_PAIR = re.compile(r"([A-Za-z][\w -]{0,40}):[ \t]*(.*)")


@dataclass(slots=True)
class Text:
    """What a document says of itself, and its text in Markdown."""

    body: str
    title: str = ""
    front: Mapping[str, Any] = field(default_factory=dict)
    is_whole: bool = True
    """Whether the text is all there is; where not, the document itself is kept beside it."""


def read(name: str, content: bytes) -> Text:
    """Read a document by the ending of its name; raises Unreadable."""
    reader = READERS[PurePath(name).suffix.lower()]
    if reader in TEXT_READERS and len(content) > TEXT_FILE_LIMIT:
        raise Unreadable(f"it is larger than {TEXT_FILE_LIMIT >> 20} MB")
    return reader(content)


def markdown(content: bytes) -> Text:
    """Read Markdown: front matter is taken off, and a first heading becomes the title."""
    front, body = split_front_matter(text_of(content))
    body = markup.plain(body)
    heading = _FIRST_HEADING.search(body)
    title = words(front.get("title", ""))
    if heading and not body[: heading.start()].strip():
        named = heading[1].strip()
        if not title or title.casefold() == named.casefold():
            title, body = title or named, body[heading.end() :]
    elif (underlined := _SETEXT.match(body.lstrip("\n"))) and not title:
        title, body = underlined[1], body.lstrip("\n")[underlined.end() :]
    elif heading and not title and heading[0].startswith("# "):
        title = heading[1].strip()
    return Text(body.strip("\n"), plain_title(title), front)


def text(content: bytes) -> Text:
    """Read a plain text, whose first line is its title where it stands alone."""
    front, body = split_front_matter(text_of(content))
    lines = body.strip("\n").split("\n")
    title = words(front.get("title", ""))
    alone = len(lines) == 1 or not lines[1].strip() or re.fullmatch(r"\s*[-=_~*]{3,}\s*", lines[1])
    if not title and 0 < len(lines[0].strip()) <= TITLE_LINE and alone:
        title = lines[0].strip()
        body = "\n".join(lines[1:] if len(lines) == 1 or not lines[1].strip() else lines[2:])
    return Text(plain.to_markdown(body), title, front)


def html(content: bytes) -> Text:
    """Read a web page."""
    declared = re.search(rb"charset=[\"']?([\w-]{1,40})", content[:4_000])
    page = decoded(content, declared[1].decode() if declared else "")
    read = markdown(hypertext.to_markdown(page).encode())
    return Text(read.body, hypertext.title_of(page) if not read.title else read.title)


def docx(content: bytes) -> Text:
    """Read a Word document."""
    import mammoth

    _check_archive(content)
    try:
        made = mammoth.convert_to_html(
            io.BytesIO(content), convert_image=mammoth.images.img_element(lambda image: {"alt": image.alt_text or ""})
        )
    except Exception as error:  # whatever a damaged document brings its reader to
        logging.getLogger(__name__).info("a Word document could not be read: %r", error)
        raise Unreadable("it is not a Word document that can be read") from error
    read = markdown(hypertext.to_markdown(made.value).encode())
    return Text(read.body or NO_TEXT, read.title, is_whole=False)


def pdf(content: bytes) -> Text:
    """Read the text of a PDF; one that was only scanned has none."""
    from partnernet.extract.pdf import opened, texts

    try:
        reader = opened(io.BytesIO(content))
        pages = list(islice(texts(reader), PAGES_LIMIT))
        title = str((reader.metadata.title if reader.metadata else None) or "")
    except NoText as error:
        raise Unreadable(WHY.get(error.reason, "it is not a PDF that can be read")) from error
    except Exception as error:  # whatever a damaged document brings its reader to
        logging.getLogger(__name__).info("a PDF could not be read: %r", error)
        raise Unreadable("it is not a PDF that can be read") from error
    whole = "\n\n".join(page.strip("\n") for page in pages if page.strip())
    read = text(whole.encode("utf-8", "replace")) if whole else Text(NO_TEXT)
    useful = (
        title if len(title) > 3 and "untitled" not in title.lower() and not title.endswith((".doc", ".docx")) else ""
    )
    return Text(read.body or NO_TEXT, read.title or useful, is_whole=False)


def split_front_matter(source: str) -> tuple[dict[str, Any], str]:
    """What stands between the lines of `---` at the beginning, as names and words, and the text behind it.

    It is read as YAML where it is that; elsewhere a line is a name and its words.
    """
    found = FRONT.match(source[:FRONT_LIMIT])
    if found is None:
        return {}, source
    lines = found[1].split("\n")
    pairs = [pair for line in lines if (pair := _PAIR.match(line))]
    if not pairs or len(pairs) * 2 < len([line for line in lines if line.strip() and not line.startswith((" ", "-"))]):
        return {}, source  # a rule across the page, and not front matter
    given = read_front(found[1])
    if given is not None:
        front = {name.strip().lower(): value for name, value in given.items()}
    else:
        front = {pair[1].strip().lower(): pair[2].strip().strip("\"'").strip() for pair in pairs}
    return front, source[found.end() :]


def plain_title(title: str) -> str:
    """A heading without its markup."""
    from partnernet.core.text import plain_text

    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", plain_text(title))


def text_of(content: bytes) -> str:
    """The text of a file; raises Unreadable for what is none."""
    if b"\0" in content[:8_000] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable("it is not a text")
    return decoded(content).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _check_archive(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(item.file_size for item in archive.infolist()) > UNPACKED_LIMIT:
                raise Unreadable("it unpacks to more than it should")
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise Unreadable("it is not a Word document that can be read") from error


READERS: Mapping[str, Callable[[bytes], Text]] = {
    ".md": markdown, ".markdown": markdown, ".txt": text, ".html": html, ".htm": html, ".docx": docx, ".pdf": pdf,
}  # fmt: skip
TEXT_READERS = (markdown, text, html)
