"""Writing out: in one of three forms, with the room for it made sure of first."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import aliased

from partnernet.core.entry import Attachment, Entry
from partnernet.core.files import Files
from partnernet.core.policy import visible_in
from partnernet.interchange import mailbox, markdown, tables
from partnernet.interchange.places import Place, Zip, check_room, whole_folder
from partnernet.interchange.tally import Progress, Tally
from partnernet.interchange.texts import Reading
from partnernet.terminal import whole_file

MARKDOWN, CSV, MBOX = "markdown", "csv", "mbox"
FORMS = (MARKDOWN, CSV, MBOX)


def write_out(reading: Reading, form: str, files: Files, path: Path, progress: Progress | None = None) -> Tally:
    """Write to a folder (a mailbox to a file) that must not be there yet; raises Refused and StorageFull."""
    tally = Tally(progress=progress or (lambda count: None))
    check_room(path.resolve().parent, needed(reading, form))
    if form == MBOX:
        with whole_file(path) as file:
            mailbox.write(reading, files, file, tally)
    else:
        with whole_folder(path) as folder:
            _WRITERS[form](reading, files, folder, tally)
    return tally


def pack(reading: Reading, form: str, files: Files, out: BinaryIO, folder: Path) -> Tally:
    """Write to one open file, as a page hands it over: a zip file, or a mailbox as it is."""
    tally = Tally()
    check_room(folder, needed(reading, form))
    if form == MBOX:
        mailbox.write(reading, files, out, tally)
    else:
        with zipfile.ZipFile(out, "w") as archive:
            _WRITERS[form](reading, files, Zip(archive), tally)
    return tally


def chosen(reading: Reading) -> int:
    """How many entries and replies there are to write out."""
    entries = reading.session.scalar(select(func.count()).select_from(Entry).where(reading.choice.holds())) or 0
    root, reply = Entry, aliased(Entry)
    under = select(func.count()).select_from(reply).join(root, root.id == reply.root)
    return entries + (reading.session.scalar(under.where(_stands(reading, reply))) or 0)


def needed(reading: Reading, form: str) -> int:
    """About how many bytes it takes."""
    root, reply = Entry, aliased(Entry)
    session = reading.session
    texts = session.scalar(select(func.sum(func.length(Entry.body) + 1_000)).where(reading.choice.holds())) or 0
    under = select(func.sum(func.length(reply.body) + 500)).join(root, root.id == reply.root)
    texts += session.scalar(under.where(_stands(reading, reply))) or 0
    if form == CSV:
        return int(texts) * 2
    own = select(Attachment.sha256, Attachment.size).join(root, root.id == Attachment.entry)
    own = own.where(reading.choice.holds())
    others = select(Attachment.sha256, Attachment.size).join(reply, reply.id == Attachment.entry)
    others = others.join(root, root.id == reply.root).where(_stands(reading, reply))
    each = own.union(others).subquery()
    files = session.scalar(select(func.sum(each.c.size))) or 0
    return int(texts) * 2 + int(files) * 7 // 5


def _stands(reading: Reading, reply: type[Entry]) -> ColumnElement[bool]:
    standing = (~reply.deleted, ~reply.redacted, visible_in(reading.choice.logs, reply))
    return and_(reading.choice.holds(), *standing)


_WRITERS: dict[str, Callable[[Reading, Files, Place, Tally], None]] = {
    MARKDOWN: markdown.write,
    CSV: lambda reading, files, place, tally: tables.write(reading, place, tally),
}
