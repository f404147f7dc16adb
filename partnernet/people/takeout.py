"""One's own data: everything that this server keeps about a person, in one file to take away."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from partnernet.core import text
from partnernet.core.db import Base
from partnernet.core.entry import Attachment, Entry
from partnernet.core.policy import Actor, visible_to
from partnernet.core.time import now_ms
from partnernet.people.mentions import fill
from partnernet.people.model import Account, Person
from partnernet.people.names import names, pairs_of

FILE_NAME = "my-data.zip"

PERSONAL_COLUMNS = ("account", "by", "email", "handle", "who")
"""Columns whose rows are about somebody; a table that has one is exported, or left out by name."""

EXPORTED = (
    "account", "draft", "entry", "link", "mark", "need", "person", "reading", "saved_match", "saved_search", "session",
)  # fmt: skip

LEFT_OUT = {
    "handover": "what was handed over to another server; it names whoever did so by handle alone",
    "import_batch": "what somebody else handed over; it names whoever brought it by handle alone",
    "op": "the signed form of what `entry` and `mark` hold",
}
"""Tables that are about persons and not in the file, with the reason."""

SECRETS = ("password", "token", "key")
"""Columns that would let somebody in; they are in no file."""

Page = Callable[..., str]

README = """Your own data, as this server keeps it.

my-words.html   what you wrote, to read in any browser
data.json       everything that is kept about you, table by table: your account, your card, what you wrote,
                your marks, drafts, saved searches and sessions. Passwords and keys are not in it.
files.json      the files that you added, with their addresses on the server
"""


def pack(session: Session, account: Account, *, by: Actor, page: Page) -> io.BytesIO:
    """The file: all rows as JSON, one's own words as a page to read, and a list of files."""
    tables = {name: _rows(session, Base.metadata.tables[name], account, by) for name in _present()}
    words = _words(session, by)
    files = _files(session, by)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", README)
        archive.writestr("data.json", _json(tables))
        archive.writestr("files.json", _json(files))
        archive.writestr("my-words.html", page(account=account, name=by.name, words=words, files=files, made=now_ms()))
    packed.seek(0)
    return packed


def _present() -> list[str]:
    return [name for name in EXPORTED if name in Base.metadata.tables]


def _rows(session: Session, table: Table, account: Account, by: Actor) -> list[dict[str, Any]]:
    columns = [column for column in table.c if column.name not in SECRETS]
    return [dict(row) for row in session.execute(select(*columns).where(_is_own(table, account, by))).mappings()]


def _is_own(table: Table, account: Account, by: Actor) -> Any:
    """The condition under which a row of a table is about the person."""
    if table.name == "account":
        return table.c.id == account.id
    if "account" in table.c:
        return table.c.account == account.id
    handle = table.c.who if "who" in table.c else table.c.by
    return (handle == by.handle) & (table.c.node == by.node.id)


def _words(session: Session, by: Actor) -> list[dict[str, Any]]:
    """Everything that the person wrote, oldest first, with its text as safe HTML."""
    own = select(Entry).where(Entry.by == by.handle, Entry.node == by.node.id, ~Entry.redacted, visible_to(by))
    entries = session.scalars(own.order_by(Entry.when, Entry.id)).all()
    known = names(session, by, pairs_of(entries))
    cards = set(session.scalars(select(Person.id).where(Person.who == by.handle, Person.node == by.node.id)))
    return [
        {"entry": entry, "html": fill(text.render(entry.body), known, entry.node)}
        for entry in entries
        if entry.id not in cards and (entry.title or entry.body)
    ]


def _files(session: Session, by: Actor) -> list[dict[str, Any]]:
    own = (
        select(Attachment)
        .join(Entry, Entry.id == Attachment.entry)
        .where(Entry.by == by.handle, Entry.node == by.node.id, ~Entry.redacted)
        .order_by(Attachment.entry, Attachment.n)
    )
    return [
        {"name": file.name, "type": file.type, "size": file.size, "address": f"/files/{file.sha256}"}
        for file in session.scalars(own)
    ]  # fmt: skip


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)
