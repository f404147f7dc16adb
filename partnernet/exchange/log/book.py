"""The log of the exchange in plain words: what was given away and confirmed, what came in, what was refused."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from partnernet.core.ledger.node import Node
from partnernet.core.ledger.op import NODE_ITSELF
from partnernet.core.policy import Actor
from partnernet.core.words import _, plural
from partnernet.exchange import counted
from partnernet.exchange.incoming.refusals import NO_EXCHANGE
from partnernet.exchange.log.handovers import WIRE, confirmed
from partnernet.exchange.model import APPLIED, SET_ASIDE, STAGING, TURNED_AWAY, WAITING, Handover, ImportBatch
from partnernet.exchange.senders import sender_name
from partnernet.nodes import known
from partnernet.people.names import Names, names

PAGE = 25
A_MINUTE = 60_000

Place = tuple[int, str]
"""Where a line stands: its time in milliseconds, and its id, since several may stand at one moment."""

_ENDED = func.coalesce(ImportBatch.ended, ImportBatch.started)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened."""

    at: int
    said: str
    """In one sentence."""
    more: Sequence[str] = ()
    """What else there is to say of it."""
    batch: str = ""
    """The import that it is about, where it has a page."""
    made: str = ""
    """The export that it is about."""
    since: int | None = None
    """When it began, where it went on for longer than a minute: all of one day over the internet is one line."""
    is_waiting: bool = False
    is_refused: bool = False


def lines(
    session: Session, node: Node, actor: Actor | None, *, server: str | None = None, before: Place | None = None,
    limit: int = PAGE,
) -> tuple[list[Line], Place | None]:  # fmt: skip
    """The newest lines, and the place after which the next page begins; of one server, where one is given."""
    given = select(Handover).order_by(Handover.at.desc(), Handover.id.desc()).limit(limit + 1)
    brought = select(ImportBatch).where(ImportBatch.state != STAGING)
    brought = brought.order_by(_ENDED.desc(), ImportBatch.id.desc()).limit(limit + 1)
    if before is not None:
        given = given.where(tuple_(Handover.at, Handover.id) < before)
        brought = brought.where(tuple_(_ENDED, ImportBatch.id) < before)
    if server is not None:
        given, brought = given.where(Handover.to == server), brought.where(ImportBatch.sender == server)
    rows: list[tuple[Place, Any]] = [((row.at, row.id), row) for row in session.scalars(given)]
    rows += [((row.ended or row.started, row.id), row) for row in session.scalars(brought)]
    rows.sort(key=lambda row: row[0], reverse=True)
    shown, following = rows[:limit], rows[limit - 1][0] if len(rows) > limit else None
    told = _Told(session, node, actor, [row for _, row in shown])
    return [told.line(row) for _, row in shown], following


def undecided(session: Session) -> Sequence[ImportBatch]:
    """The imports that wait for somebody, oldest first."""
    waits = select(ImportBatch).where(ImportBatch.state == WAITING).order_by(ImportBatch.started).limit(PAGE)
    return session.scalars(waits).all()


class _Told:
    def __init__(self, session: Session, node: Node, actor: Actor | None, rows: Iterable[Any]) -> None:
        given = [row for row in rows if isinstance(row, Handover)]
        brought = [row for row in rows if isinstance(row, ImportBatch)]
        servers = {row.to for row in given if row.to} | {row.sender for row in brought if row.sender}
        self.node = node
        self.called = known.names(session, servers)
        for row in brought:
            if row.sender:
                self.called[row.sender] = sender_name(row, self.called[row.sender])
        self.confirmed = confirmed(session, given)
        writers = {row.by for row in given} | {row.by for row in brought}
        by = {(node.id, handle) for handle in writers - {NODE_ITSELF}}
        self.names: Names = names(session, actor, by)

    def line(self, row: Any) -> Line:
        """One row in words."""
        return self._given(row) if isinstance(row, Handover) else self._brought(row)

    def _given(self, row: Handover) -> Line:
        count = row.counts.get("ops", 0)
        if row.to is None:
            said = plural("Taken along: %(count)s thing.", "Taken along: %(count)s things.", count)
        else:
            said = plural(
                "Sent to %(server)s: %(count)s thing.", "Sent to %(server)s: %(count)s things.", count,
                server=self.called[row.to],
            )  # fmt: skip
            said = _("%(sent)s %(answer)s", sent=said, answer=self._answer(row, count))
        first = row.counts.get("first")
        return Line(row.at, said, [self._how(row)], made=row.id, since=_since(first, row.at))

    def _answer(self, row: Handover, count: int) -> str:
        there = self.confirmed.get(row.id)
        if there is None:
            return _("They have not said yet what they hold.")
        if not there and count:
            return _("They have not confirmed any of it yet.")
        if there >= count:
            return _("They have confirmed all of it.")
        return plural("They have confirmed %(count)s.", "They have confirmed %(count)s.", there)

    def _how(self, row: Handover) -> str:
        size = counted.size(row.bytes)
        if row.way == WIRE:
            return _("Over the internet, %(size)s.", size=size)
        parts = row.counts.get("parts", 1)
        who = self._who(row.by)
        if parts > 1:
            return plural(
                "By %(who)s, as %(count)s file, together %(size)s.",
                "By %(who)s, as %(count)s files, together %(size)s.", parts, who=who, size=size,
            )  # fmt: skip
        return _("By %(who)s, as the file %(name)s, %(size)s.", who=who, name=row.name, size=size)

    def _brought(self, row: ImportBatch) -> Line:
        line = self._told(row)
        at = row.ended or row.started
        is_long = row.way == WIRE and row.state == APPLIED
        return replace(line, at=at, since=_since(row.started, at) if is_long else None)

    def _told(self, row: ImportBatch) -> Line:
        page = "" if row.state == TURNED_AWAY else row.id
        if row.state == TURNED_AWAY:
            return Line(row.started, self._refused(row), [row.hold], is_refused=True)
        more = [] if row.way == WIRE else [_("The file %(name)s.", name=row.name)]
        if row.state == WAITING:
            return Line(
                row.started, self._awaited(row),
                [row.hold] if row.hold else [], batch=page, is_waiting=True,
            )  # fmt: skip
        if row.state == SET_ASIDE:
            return Line(row.started, _("Set aside: %(name)s. Nothing was changed.", name=self._source(row)), more, page)
        return Line(row.started, self._taken(row), more, page)

    def _awaited(self, row: ImportBatch) -> str:
        if row.sender and row.name:
            return _("Waiting for a steward: %(name)s, from %(server)s.", name=row.name, server=self._source(row))
        return _("Waiting for a steward: %(name)s.", name=self._source(row))

    def _taken(self, row: ImportBatch) -> str:
        assert row.state == APPLIED  # noqa: S101 - the other states are told before
        what = self._what(row)
        if row.way == WIRE:
            return _("Received from %(server)s over the internet: %(what)s.", server=self._source(row), what=what)
        if row.sender and row.sender != self.node.id:
            return _(
                "Brought in by %(who)s from %(server)s: %(what)s.", who=self._who(row.by),
                server=self._source(row), what=what,
            )  # fmt: skip
        return _("Brought in by %(who)s: %(what)s.", who=self._who(row.by), what=what)

    def _what(self, row: ImportBatch) -> str:
        """12 new, 2 changed; no more than came in, since another bundle may have brought some of it before."""
        came = row.receipt.get("ops", 0)
        fresh = min(sum(row.preview.get("new", {}).values()), came)
        changed = min(row.preview.get("changed", 0), came - fresh)
        parts = [
            (0 if fresh or changed else came, plural("%(count)s thing", "%(count)s things", came)),
            (fresh, plural("%(count)s new", "%(count)s new", fresh)),
            (changed, plural("%(count)s changed", "%(count)s changed", changed)),
            (
                row.receipt.get("waiting"),
                plural("%(count)s waiting", "%(count)s waiting", row.receipt.get("waiting", 0)),
            ),
        ]
        said = [words for count, words in parts if count]
        return ", ".join(said) or plural("%(count)s thing", "%(count)s things", row.receipt.get("ops", 0))

    def _refused(self, row: ImportBatch) -> str:
        if row.way == WIRE and row.name == NO_EXCHANGE:
            return _("Nothing was exchanged with %(server)s.", server=self._source(row))
        if row.sender or not row.name:
            return _("Refused, from %(server)s.", server=self._source(row))
        return _("Refused: %(name)s, brought by %(who)s.", name=row.name, who=self._who(row.by))

    def _source(self, row: ImportBatch) -> str:
        if row.sender == self.node.id:
            return _("this server itself")
        return self.called[row.sender] if row.sender else row.name

    def _who(self, by: str) -> str:
        return _("the command line") if by == NODE_ITSELF else str(self.names[self.node.id, by].text)


def _since(first: int | None, last: int) -> int | None:
    return first if first is not None and last - first > A_MINUTE else None
