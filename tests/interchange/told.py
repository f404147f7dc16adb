"""Texts that were never in a database, and places in memory: for laws about the forms alone."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from partnernet.core.files import Files
from partnernet.core.ledger.canonical import to_base32
from partnernet.interchange import mailbox, markdown, tables
from partnernet.interchange.tally import Tally
from partnernet.interchange.texts import Text
from partnernet.load import mail, mbox, sections
from partnernet.load import tables as tables_in
from partnernet.load.document import Document
from partnernet.load.formats import text_of
from partnernet.load.report import Report

NO_FILES = Files(Path("/nowhere"))


def entity(n: int) -> str:
    """An id."""
    return to_base32(sha256(str(n).encode()).digest())


def text(n: int, kind: str, title: str, body: str, when: int, **more: Any) -> Text:
    """An entry or a reply, brought in by a server under a name."""
    given = {
        "log": "network", "edited": None, "author": "Poster 12", "brought_in_by": "Saltmarsh Arts",
        "handle": "node", "partner": "", "tags": (), "source": "", "lang": "", "may_be_answered": False, "root": None,
        "parent": None,
    }  # fmt: skip
    return Text(id=entity(n), kind=kind, title=title, body=body, when=when, **(given | more))


@dataclass
class Told:
    """What stands for a reader's way through a database."""

    texts: Sequence[Text]
    answers: Sequence[Text] = ()

    def entries(self) -> Iterator[Text]:
        yield from self.texts

    def answered(self) -> Iterator[str]:
        yield from (text.id for text in self.texts if text.may_be_answered)

    def replies(self, root: str) -> Iterator[Text]:
        yield from (reply for reply in self.answers if reply.root == root)


@dataclass
class Memory:
    """A place whose files are bytes."""

    files: dict[str, bytes] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        return name in self.files

    @contextmanager
    def file(self, name: str) -> Iterator[BinaryIO]:
        out = BytesIO()
        yield out
        self.files[name] = out.getvalue()


def written(told: Any, form: str) -> dict[str, bytes]:
    """Everything in one of the forms."""
    place, tally = Memory(), Tally()
    if form == "markdown":
        markdown.write(told, NO_FILES, place, tally)
    elif form == "csv":
        tables.write_texts(told, place, tally)
    else:
        with place.file("all.mbox") as out:
            mailbox.write(told, NO_FILES, out, tally)
    return place.files


def read_back(files: dict[str, bytes], form: str, folder: Path) -> list[Document]:
    """The documents of what was written; raises AssertionError where anything could not be read."""
    report = Report()
    if form == "markdown":
        return [
            document for name, content in files.items() if name != "README.md"
            for document in sections.read(folder / name, name, text_of(content))
        ]  # fmt: skip
    for name, content in files.items():
        (folder / name).write_bytes(content)
    if form == "csv":
        found = list(tables_in.read([(name, folder / name) for name in files], report))
    else:
        archive = mail.survey(mbox.find([folder / name for name in files], report), report, lambda sources: [])
        found = list(mail.read(archive, report))
    assert not report.bad
    return found
