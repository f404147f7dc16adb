"""A folder of Markdown: one file an entry, front matter first, then its text, its files and its replies.

Lines that begin with `<!-- partnernet:` divide a file, so that it can be read back exactly; a text in which such
a line stands has a backslash before it. What no browser shows, `load notes` reads.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from partnernet.core.files import Files
from partnernet.core.ledger.kinds import KINDS
from partnernet.interchange.front import iso, moment, written
from partnernet.interchange.places import Place, copy_file, file_name, safe_name
from partnernet.interchange.tally import Tally
from partnernet.interchange.texts import File, Origin, Reading, Text

VERSION = 1
BLOCK = 256

_MARKER = re.compile(r"(?m)^(?=\\*<!-- partnernet:)")
_SPECIAL = re.compile(r"([\\`*_\[\]<>&!#~|])")

README = """# Written out by PartnerNet

One file for each entry, in a folder for each kind; attachments lie in `files`. Every file begins with what is
known of the entry (front matter, in YAML), followed by its text in Markdown and by the replies to it.

Accounts, e-mail addresses and drafts are not in it. `partnernet load notes` brings this folder into another
server; docs/interchange.md says what comes along.
"""


def write(reading: Reading, files: Files, place: Place, tally: Tally) -> None:
    """Write everything that was chosen."""
    with place.file("README.md") as file:
        file.write(README.encode())
    for text in reading.entries():
        _write_entry(reading, text, files, place, tally)


def path_of(text: Text | Origin) -> str:
    """Where an entry lies in the folder."""
    return f"{KINDS[text.kind].plural}/{safe_name(text.title, text.id)}.md"


def _write_entry(reading: Reading, text: Text, files: Files, place: Place, tally: Tally) -> None:
    path, named = path_of(text), dict[str, str]()
    if place.has(path):  # the beginning of two ids is the same
        path = f"{KINDS[text.kind].plural}/{text.id}.md"
    with place.file(path) as file:
        file.write(f"{written(front(text, files))}\n{_body(text, files)}".encode())
        _note_files(text, named, files, tally)
        tally.add(text.kind)
        if text.may_be_answered:
            _write_replies(reading, text, file, named, files, tally)
        file.write(b"\n")
    for where, sha256 in named.items():
        tally.files += bool(copy_file(files, sha256, where, place))


def front(text: Text, files: Files) -> Mapping[str, Any]:
    """The front matter of an entry, in a fixed order."""
    return {
        "partnernet": VERSION, "title": text.title, "id": text.id, "kind": text.kind, "date": moment(text.when),
        "author": text.author, "brought_in_by": text.brought_in_by, "partner": text.partner,
        "visibility": text.log, "tags": text.tags, **text.more, "lang": text.lang, "source": text.source,
        "edited": moment(text.edited) if text.edited else "",
        "came_from": [f"../{path_of(origin)}" for origin in text.came_from],
        "picture": next((_named(file, files) for file in text.files if file.field == "picture"), {}),
        "files": [_named(file, files) for file in text.files if file.field == "files"],
    }  # fmt: skip


def _write_replies(
    reading: Reading, text: Text, file: BinaryIO, named: dict[str, str], files: Files, tally: Tally
) -> None:
    for n, reply in enumerate(reading.replies(text.id)):
        file.write(b"" if n else b"\n\n<!-- partnernet:replies -->\n\n## Replies")
        said = {
            "id": reply.id, "to": reply.parent or "", "date": iso(reply.when), "author": reply.author,
            "brought_in_by": reply.brought_in_by, "partner": reply.partner, "source": reply.source,
            "files": [_named(one, files) for one in reply.files],
        }  # fmt: skip
        kept = {name: value for name, value in said.items() if value}
        heading = f"### {_plain(reply.author)}, {iso(reply.when)[:10]}"
        file.write(f"\n\n<!-- partnernet:reply {_comment(kept)} -->\n{heading}\n\n{_body(reply, files)}".encode())
        _note_files(reply, named, files, tally)
        tally.add(reply.kind)


def _body(text: Text, files: Files) -> str:
    """The text itself, and behind it what it came from and its files, as links that work."""
    body = text.body
    for file in text.files:
        body = body.replace(f"/files/{file.sha256}", f"../{_place_of(file)}") if files.has(file.sha256) else body
    lines = list(_links(text, files))
    after = "\n\n<!-- partnernet:links -->\n\n" + "\n".join(lines) if lines else ""
    return _MARKER.sub(r"\\", body) + after


def _links(text: Text, files: Files) -> Iterator[str]:
    for origin in text.came_from:
        yield f"- Came from: [{_plain(origin.title)}](../{path_of(origin)})"
    for file in text.files:
        if not files.has(file.sha256):
            yield f"- {_plain(file.name)} (not here yet)"
        elif file.type.startswith("image/"):
            yield f"- ![{_plain(file.words.get('alt', file.name))}](../{_place_of(file)})"
        else:
            yield f"- [{_plain(file.name)}](../{_place_of(file)})"


def _named(file: File, files: Files) -> Mapping[str, Any]:
    """A file as it stands in the front matter: by its path where it is here."""
    here = {"path": f"../{_place_of(file)}"} if files.has(file.sha256) else {"sha256": file.sha256}
    return {"name": file.name, "type": file.type, "size": file.size, **here, **file.words}


def _place_of(file: File) -> str:
    return file_name(file.sha256, file.name)


def _note_files(text: Text, named: dict[str, str], files: Files, tally: Tally) -> None:
    for file in text.files:
        if files.has(file.sha256):
            named[_place_of(file)] = file.sha256
        else:
            tally.missing += 1


def _plain(words: str) -> str:
    """Words on one line that mean nothing as markup."""
    return _SPECIAL.sub(r"\\\1", " ".join(words.split()))


def _comment(values: Mapping[str, Any]) -> str:
    """Values as JSON on one line, in which no comment can end."""
    return json.dumps(values, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e")
