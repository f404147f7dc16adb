"""What people do to entities, as ops. Each verb checks what it was given, and ends in `append`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.db import lock_ledger, write
from partnernet.core.entry import Entry, Mark
from partnernet.core.errors import Invalid, NotFound
from partnernet.core.ledger.kinds import KINDS, MARKS
from partnernet.core.ledger.log import append
from partnernet.core.ledger.node import Author
from partnernet.core.ledger.op import Op
from partnernet.core.ledger.tables import OpRow
from partnernet.core.words import _


def create(
    session: Session,
    by: Author,
    kind: str,
    log: str,
    values: Mapping[str, Any],
    *,
    under: Entry | None = None,
    **header: Any,
) -> Op:
    """Make an entity; `under` is the entry or reply that it answers, and decides its log."""
    check(kind, values)
    if under is not None:
        log = under.log
        header |= {"root": under.root or under.id, **({"re": under.id} if under.root else {})}
    return append(session, by, kind, log, {"set": _given(values)}, **header)


def edit(session: Session, by: Author, entity: Entry, values: Mapping[str, Any], seen: Sequence[str] = ()) -> Op:
    """Change fields of an entity.

    `seen` is what the author had before them (the form's `heads`): an edit made from an older state
    stands beside what came in between, as a conflict for a person to settle.
    """
    check(entity.kind, values)
    current = _current(session, entity.id)
    par = _seen(session, current, seen)
    return append(session, by, "edit", current.log, {"set": _given(values)}, ent=current.id, root=current.root,
                  par=par, **_relying(by, current))  # fmt: skip


def delete(session: Session, by: Author, entity: Entry, deleted: bool = True) -> Op:
    """Hide an entity, or bring it back."""
    current = _current(session, entity.id)
    return append(session, by, "delete", current.log, {"set": {"deleted": deleted}}, ent=current.id,
                  root=current.root, par=current.heads, **_relying(by, current))  # fmt: skip


def redact(session: Session, by: Author, entity: Entry, ops: Sequence[str] = ()) -> Op:
    """Erase the words of an entity for good, or of single ops under it such as an earlier version."""
    current = _current(session, entity.id)
    named: dict[str, Any] = {"ops": sorted(ops)} if ops else {}
    return append(session, by, "redact", current.log, {}, ent=current.id, root=current.root,
                  par=current.heads, **named, **_relying(by, current))  # fmt: skip


def erase_person(session: Session, by: Author, card: Entry) -> Op:
    """Erase a person's card, and with it their name from everything they wrote."""
    current = _current(session, card.id)
    return append(session, by, "erase_person", current.log, {}, ent=current.id, par=current.heads,
                  **_relying(by, current))  # fmt: skip


def mark(session: Session, by: Author, entity: Entry, name: str, value: Any, subject: str | None = None) -> Op:
    """Say something small of an entity, or take it back, as a person or for their partner."""
    kind = MARKS[name]
    if not kind.value(value) or not kind.subject(subject):
        raise Invalid(_("This cannot be said here; please choose one of the answers that are offered."))
    write(session)
    lock_ledger(session)
    body: dict[str, Any] = {"mark": name, "value": value, **({} if subject is None else {"subject": subject})}
    speaker = by if kind.for_partner else _as_person(by)
    register = _register(entity, speaker, name, subject)
    heads = session.scalars(select(Mark.heads).where(Mark.thing == register)).first() or []
    return append(session, speaker, "mark", entity.log, body, ent=entity.id, root=entity.root or entity.id, par=heads)


def check(kind: str, values: Mapping[str, Any]) -> None:
    """Raise Invalid unless every value may stand in its field, with what is wrong beside each."""
    fields = {}
    for name, value in values.items():
        declared = KINDS[kind].find(name)
        if declared is None:
            raise KeyError(f"{kind} has no field {name}")
        if not declared.good(value):
            fields[name] = _("This is too long, or not of the form it should have.")
    if fields:
        raise Invalid(_("Something here cannot be kept as it is; see beside the fields."), fields)


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None or name == "picture"}


def _current(session: Session, entity: str) -> Entry:
    """The entity as it is inside this writing transaction."""
    write(session)
    lock_ledger(session)
    row = session.scalars(select(Entry).where(Entry.id == entity).execution_options(populate_existing=True)).first()
    if row is None:
        raise NotFound()
    return row


def _seen(session: Session, current: Entry, seen: Sequence[str]) -> list[str]:
    if not seen or sorted(seen) == current.heads:
        return current.heads
    known = session.scalars(select(OpRow.id).where(OpRow.thing == current.id, OpRow.id.in_(list(seen)[:64]))).all()
    return sorted(known) or current.heads


def _relying(by: Author, entity: Entry) -> dict[str, Any]:
    if entity.node == by.node.id:
        return {}
    membership = getattr(by, "membership", None)
    return {"mem": membership} if membership else {}


def _register(entity: Entry, by: Author, name: str, subject: str | None) -> str:
    return Op("", b"", b"", b"", {"ent": entity.id, "kind": "mark", "log": entity.log,
              "node": by.node.id, "by": by.handle,
              **({"for": by.partner} if by.partner else {})}, {"mark": name, "subject": subject}).thing  # fmt: skip


def _as_person(by: Author) -> Author:
    return replace(by, partner=None)  # type: ignore[type-var] # every author is a frozen dataclass
