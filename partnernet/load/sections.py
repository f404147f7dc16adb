"""A file of a Markdown folder that a server wrote out: an entry, and the replies to it.

The lines `<!-- partnernet:… -->` divide it; `interchange/markdown.py` writes what is read here.
"""

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from partnernet.core.files import CHUNK
from partnernet.load import front, written
from partnernet.load.document import Document, Enclosure, Unreadable
from partnernet.load.formats import FRONT

BEGINS = b"---\npartnernet: "
VERSIONS = ("1",)
REPLIES_LIMIT = 100_000
FILES_LIMIT = 50

_MARKER = re.compile(r"(?m)^<!-- partnernet:(replies|links|reply) ?(.*?) ?-->[ \t]*$")
_ESCAPED = re.compile(r"(?m)^\\(?=\\*<!-- partnernet:)")
_HEADING = re.compile(r"\n*### [^\n]*(?:\n|$)")
_FILE = re.compile(r"\.\./files/([0-9a-f]{16})-[a-z0-9-]{1,70}(?:\.[a-z0-9]{1,10})?").fullmatch
_ATTACHED = re.compile(r"[0-9a-f]{16}-[a-z0-9-]{1,70}(?:\.[a-z0-9]{1,10})?").fullmatch


def is_ours(start: bytes) -> bool:
    """Whether a file begins as one that a server wrote out."""
    return start.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").startswith(BEGINS)


def is_attachment(path: Path) -> bool:
    """Whether a file is one of those that lie beside such files, and no note of its own."""
    return path.parent.name == "files" and _ATTACHED(path.name) is not None


def read(path: Path, name: str, text: str) -> list[Document]:
    """The entry and the replies of a file, nothing before what it answers; raises Unreadable."""
    found = FRONT.match(text)
    head = front.read(found[1]) if found else None
    if found is None or head is None:
        raise Unreadable("the lines between --- at its beginning are damaged")
    if head.get("partnernet") not in VERSIONS:
        raise Unreadable("it was written by a newer version than this one")
    pieces = _MARKER.split(text[found.end() :])
    if (len(pieces) - 1) // 3 > REPLIES_LIMIT:
        raise Unreadable(f"it holds more than {REPLIES_LIMIT:,} replies")
    entry = written.document(head, _unescaped(pieces[0]), name)
    entry.enclosures = _enclosed(path, [head.get("picture")], "picture") + _enclosed(path, head.get("files"), "files")
    documents = [entry]
    for n in range(1, len(pieces), 3):
        if pieces[n] == "reply":
            documents.append(_reply(path, name, head["id"], pieces[n + 1], pieces[n + 2]))
    return documents


def _reply(path: Path, name: str, root: str, said: str, section: str) -> Document:
    try:
        given = orjson.loads(said)
    except orjson.JSONDecodeError as error:
        raise Unreadable("the line before one of its replies is damaged") from error
    if not isinstance(given, dict):
        raise Unreadable("the line before one of its replies is damaged")
    body = _unescaped(_HEADING.sub("", section, count=1) if _HEADING.match(section) else section)
    about = {**given, "kind": "reply", "root": root}
    reply = written.document(about, body, f"{name}, a reply by {about.get('author', 'somebody')}")
    reply.enclosures = _enclosed(path, given.get("files"), "files")
    return reply


def _unescaped(text: str) -> str:
    return _ESCAPED.sub("", text)


def _enclosed(path: Path, given: Any, field: str) -> list[Enclosure]:
    """The files that are named and lie where they should; what does not is left out."""
    named: Iterable[Any] = given[:FILES_LIMIT] if isinstance(given, list) else ()
    return [
        Enclosure(_line(file, "name") or where.name, path=where, goes_to=field, stands_for=_line(file, "path"),
                  words={name: said for name in ("alt", "caption", "credit") if (said := _line(file, name))})
        for file in named
        if isinstance(file, Mapping) and (where := _place(path, _line(file, "path"))) is not None
    ]  # fmt: skip


def _place(path: Path, given: str) -> Path | None:
    """Where a file lies: in `files` beside the folder of the entry, with the content that its name says."""
    asked = _FILE(given)
    if asked is None:
        return None
    where = path.resolve().parent.parent / "files" / given.rpartition("/")[2]
    if where.is_symlink() or where.parent.is_symlink() or not where.is_file():
        return None
    digest = sha256()
    with where.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return where if digest.hexdigest().startswith(asked[1]) else None


def _line(given: Any, name: str) -> str:
    value = given.get(name) if isinstance(given, Mapping) else None
    return value if isinstance(value, str) else ""
