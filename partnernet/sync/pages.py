"""Pages: what a server asks for or says on the first line, then ops as canonical lines, whole or not at all."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from partnernet.core.db import chunks
from partnernet.core.errors import BadBundle
from partnernet.core.files import Readable
from partnernet.core.handful import FETCHED
from partnernet.core.ledger.op import join
from partnernet.core.ledger.ranges import Ranges
from partnernet.core.ledger.tables import OpRow
from partnernet.core.words import _
from partnernet.exchange.bundle import JSONL, strict_json
from partnernet.exchange.header import Header
from partnernet.exchange.incoming.reader import Line
from partnernet.exchange.outgoing.selection import FIRST
from partnernet.sync.protocol import HEAD_LIMIT, PAGE_BYTES, PAGE_OPS
from partnernet.sync.wants import Wants

SPANS = 100

_op = OpRow.__table__.c
_COLUMNS = (_op.id, _op.head, _op.body, _op.sig, _op.kind, _op.node, _op.inc, _op.log, _op.seq)


@dataclass(slots=True)
class Page:
    """Some ops, in the order in which they go out, and where they stand."""

    ops: int = PAGE_OPS
    """How many there may be."""
    room: int = PAGE_BYTES
    """Bytes that its lines may have together."""
    lines: list[tuple[bool, bytes]] = field(default_factory=list)
    places: dict[str, list[int]] = field(default_factory=dict)
    is_cut: bool = False
    """Whether more was asked for than went in."""
    size: int = 0

    def add(self, row: Any) -> bool:
        """Put one more op in; False where the page is full."""
        line = join(row.id, row.head, row.body, row.sig)
        if len(self.lines) >= self.ops or (self.lines and self.size + len(line) > self.room):
            self.is_cut = True
            return False
        self.lines.append((row.kind not in FIRST, line))
        self.places.setdefault(f"{row.node}/{row.inc}/{row.log}", []).append(row.seq)
        self.size += len(line) + 1
        return True

    def held(self) -> dict[str, Ranges]:
        """Which numbers are in it."""
        return {key: Ranges().add(*numbers) for key, numbers in self.places.items()}

    def ordered(self) -> list[bytes]:
        """Its lines: what says what counts and what is erased goes first."""
        return [line for _is_later, line in sorted(self.lines, key=lambda line: line[0])]


def fill(session: Session, page: Page, wants: Wants) -> Page:
    """Put the ops of some numbers into a page, until it is full."""
    for key in sorted(wants):
        node, inc, log = key.split("/", 2)
        one = and_(_op.node == node, _op.inc == inc, _op.log == log)
        for spans in chunks(wants[key].spans, SPANS):
            numbers = or_(*(_op.seq.between(first, last) for first, last in spans))
            room = page.ops - len(page.lines) + 1
            if not _add(session, page, select(*_COLUMNS).where(one, numbers).order_by(_op.seq, _op.id).limit(room)):
                return page
    return page


def fill_by_id(session: Session, page: Page, ids: Sequence[str], logs: Collection[str]) -> Page:
    """Put ops in by their ids, those alone whose log may be read."""
    for some in chunks(ids):
        if not _add(session, page, select(*_COLUMNS).where(_op.id.in_(some), _op.log.in_(logs)).order_by(_op.id)):
            return page
    return page


def _add(session: Session, page: Page, wanted: Select[Any]) -> bool:
    """Put ops in until the page is full, and read no more of them than that takes; False where it came to be full."""
    with session.execute(wanted, execution_options={"yield_per": FETCHED}) as rows:
        return all(page.add(row) for row in rows)


def write(head: Mapping[str, Any], lines: Sequence[bytes]) -> bytes:
    """A page as it is sent."""
    return b"\n".join((orjson.dumps({"sync": head}), *lines, b""))


def read(content: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """The first line and the ops of a page; raises BadBundle. The ops are checked when they are staged."""
    first, newline, rest = content.partition(b"\n")
    if not newline or len(first) > HEAD_LIMIT:
        raise BadBundle(_("What was sent does not begin with what it is."))
    given = strict_json(first, _("The first line"))
    head = given.get("sync") if isinstance(given, dict) else None
    if not isinstance(head, dict):
        raise BadBundle(_("What was sent does not begin with what it is."))
    lines = rest.split(b"\n")
    if lines.pop():
        raise BadBundle(_("What was sent is cut off in the middle of a line."))
    if len(lines) > PAGE_OPS:
        raise BadBundle(_("What was sent has more lines than the %(limit)s that one step may have.", limit=PAGE_OPS))
    return head, lines


@dataclass
class Received:
    """A page that came from another server, as the staging reads it: a bundle without files."""

    sender: str | None
    ops: Sequence[bytes]
    header: Header = field(default_factory=Header)
    blobs: dict[str, int] = field(default_factory=dict)
    form: str = JSONL

    def lines(self) -> Iterator[Line]:
        """Every op, in order."""
        for number, line in enumerate(self.ops, 1):
            yield Line(number, line, number, _place)

    def check(self) -> None:
        """It was signed as a whole, and that was looked at before."""

    def open(self, sha256: str) -> AbstractContextManager[Readable]:
        """Files come by themselves."""
        raise BadBundle(_("This bundle has no attachments."))


def _place(number: int) -> str:
    return _("line %(number)s", number=number)
