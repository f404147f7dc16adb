"""What was erased here must not wait outside: not in an import that nobody has decided about, not in quarantine.

Whether words are erased is decided by the rules of the ledger, from what is here and what waits together.
Each line that loses its words stays, so that what was said after it keeps its place.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter

import orjson
from sqlalchemy import delete, func, or_, select, text, update
from sqlalchemy.orm import Session

from partnernet.core.db import chunks, write
from partnernet.core.errors import BadBundle
from partnernet.core.handful import handful
from partnernet.core.ledger import compaction, membership
from partnernet.core.ledger.changes import ops_of
from partnernet.core.ledger.fold import ERASES, SIGNED_BY_NETWORK, counts, fold, named_by
from partnernet.core.ledger.kinds import KINDS, Kind
from partnernet.core.ledger.op import Op, UnknownVersion, from_parts, read
from partnernet.core.ledger.tables import ERASING, Lacking, OpRow, Quarantined
from partnernet.exchange.model import StagedOp
from partnernet.nodes import holding

STEP = 500

_op, _stage, _line = OpRow.__table__.c, StagedOp.__table__.c, Quarantined.__table__.c
_ERASED_THINGS = select(_op.thing).where(text(ERASING))
_LACKS = select(Lacking.op).where(Lacking.op == _op.id).exists()
_BARE = b'{"b":null'
_STAYS = (*ERASES, *SIGNED_BY_NETWORK)
_ERASED_OP = select(_op.id).where(_op.id == _stage.id, _op.body.is_(None), ~_LACKS).exists()
_WAITS_BARE = select(_line.id).where(_line.id == _stage.id, func.substr(_line.line, 1, len(_BARE)) == _BARE).exists()
_entity = re.compile(rb'"ent":"([a-z2-7]{52})"').findall


def forget(session: Session, batch: str) -> bool:
    """Take the words of what was erased here out of a staged import; whether there were any. To be committed.

    Begins to write only where there is something. The words leave the unused parts of the database with the
    next compaction.
    """
    is_about = func.substr(_stage.thing, 1, 52).in_(_ERASED_THINGS)
    wanted = (
        select(_stage.n, _stage.id, _stage.head, _stage.body, _stage.sig)
        .where(_stage.batch == batch, _stage.body.is_not(None), _stage.kind.not_in(_STAYS))
        .where(or_(_ERASED_OP, is_about, _WAITS_BARE))
        .order_by(_stage.n)
    )
    found, last = False, -1
    erasing: list[Op] | None = None
    while rows := handful(session, wanted.where(_stage.n > last).limit(STEP), "head", "body"):
        last = rows[-1].n
        given = [from_parts(row.id, row.head, row.body, row.sig) for row in rows]
        gone = erased(session, given)
        if bare := _waiting_bare(session, [op.id for op in given]):
            erasing = holding.erasing(session) if erasing is None else erasing
            gone |= bare & _erased_outside(session, given, erasing)
        for some in chunks(sorted(gone)):
            write(session)
            session.execute(
                update(StagedOp).where(_stage.batch == batch, _stage.id.in_(some)).values(body=None),
                execution_options={"synchronize_session": False},
            )
        found = found or bool(gone)
    if found:
        compaction.ask_again(session)
    return found


def forget_outside(session: Session) -> int:
    """The same for what waits in quarantine, where erasures that wait there count, too; how many lines lost words.

    A line that cannot be read yet goes as a whole, where what it is about was erased: it comes with the next bundle.
    """
    erasing = holding.erasing(session)
    about = {op.entity for op in erasing} | set(session.scalars(_ERASED_THINGS))
    bare = select(_op.id).where(_op.id == _line.id, _op.body.is_(None), ~_LACKS).exists()
    candidates: list[Op] = []
    unread: dict[str, str] = {}
    for row_id, line, is_bare in _lines(session, bare):
        named = {match.decode() for match in _entity(line)}
        if line.startswith(_BARE) or not (is_bare or row_id in about or named & about):
            continue
        try:
            candidates.append(read(line).erased())
        except UnknownVersion:
            unread[row_id] = str(orjson.loads(line)["h"].get("ent"))
        except BadBundle:
            continue  # what is damaged is shown to nobody, and never let in
    gone = _erased_outside(session, candidates, erasing)
    gone_whole = _redacted(session, set(unread.values()))
    left = {op.id: op for op in candidates if op.id in gone}
    for some in chunks(left.values()):
        write(session)
        for op in some:
            session.execute(update(Quarantined).where(_line.id == op.id).values(line=op.line))
    dropped = [row_id for row_id, entity in unread.items() if entity in gone_whole]
    for ids in chunks(dropped):
        write(session)
        session.execute(delete(Quarantined).where(_line.id.in_(ids)))
    if left or dropped:
        compaction.ask_again(session)
    return len(left) + len(dropped)


def erased(session: Session, waiting: Sequence[Op]) -> set[str]:
    """The ids of those of some ops that wait whose words are erased, by what is here and by themselves."""
    gone: set[str] = set()
    for some in chunks([op.id for op in waiting]):
        gone.update(session.scalars(select(_op.id).where(_op.id.in_(some), _op.body.is_(None), ~_LACKS)))
    of_entity: Mapping[str, list[Op]] = {
        entity: list(ops) for entity, ops in groupby(sorted(waiting, key=attrgetter("entity")), attrgetter("entity"))
    }
    for entities in chunks(of_entity):
        for entity, stored in ops_of(session, entities).items():
            gone |= _erased_of(session, stored, of_entity[entity]) & {op.id for op in of_entity[entity]}
    return gone


def _erased_outside(session: Session, waiting: Sequence[Op], erasing: Sequence[Op]) -> set[str]:
    """The same, where what erases waits in quarantine, and what made an entity may wait there without its words."""
    entities = {op.entity for op in waiting}
    made: list[Op] = []
    for some in chunks(sorted(entities - {op.id for op in waiting})):
        for line in session.scalars(select(_line.line).where(_line.id.in_(some))):
            try:
                made.append(read(line).erased())
            except BadBundle:
                continue  # a later format, or damaged: it is not let in either
    return erased(session, [*waiting, *made, *(op for op in erasing if op.entity in entities)])


def _erased_of(session: Session, stored: Sequence[Op], waiting: Sequence[Op]) -> set[str]:
    """The ids that erasures among the ops of one entity reach, marks under it included.

    Of those that wait, the ones of the entity's own server count: what others would erase, a person may have to see.
    """
    create = next((op for op in (*stored, *waiting) if op.is_create), None)
    if create is None:
        return set()
    ops = [*stored, *(op for op in waiting if op.kind not in ERASES or op.node == create.node)]
    erasing = [op for op in ops if op.kind in ERASES]
    if not erasing:
        return set()
    rules = membership.rules(session, ops)
    counted = [op for op in erasing if counts(op, create, rules)]
    own = [op for op in ops if op.thing == create.id]
    folded = fold(own, KINDS.get(create.kind, Kind(create.kind, {})), rules)
    return named_by(counted) | (folded.erased if folded else set())


def _redacted(session: Session, entities: Collection[str]) -> set[str]:
    """Those of some entities of which all words were erased here."""
    found: set[str] = set()
    for some in chunks(sorted(entities)):
        made = select(_op.id).where(_op.id.in_(some), _op.body.is_(None), ~_LACKS)
        found.update(session.scalars(made))
    return found


def _waiting_bare(session: Session, ids: Sequence[str]) -> set[str]:
    """Those of some ops that wait in quarantine without their words."""
    is_bare = func.substr(_line.line, 1, len(_BARE)) == _BARE
    return set(session.scalars(select(_line.id).where(_line.id.in_(ids), is_bare)))


def _lines(session: Session, also: object) -> Iterator[tuple[str, bytes, bool]]:
    last = ""
    wanted = select(_line.id, _line.line, also.label("also")).order_by(_line.id).limit(STEP)  # type: ignore[attr-defined]
    while rows := handful(session, wanted.where(_line.id > last), "line"):
        last = rows[-1].id
        yield from ((row.id, row.line, row.also) for row in rows)
