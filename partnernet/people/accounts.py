"""What happens to accounts: opened, suspended, given a role, left. Passwords come hashed already."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from partnernet.core.consumers import last_position
from partnernet.core.db import Base, lock_ledger, write
from partnernet.core.errors import Invalid, NotFound, Refused
from partnernet.core.ledger.node import Node
from partnernet.core.policy import MEMBER, NETWORK, STEWARD, Actor
from partnernet.core.words import _, lazy
from partnernet.partners.model import Partner
from partnernet.people import cards, delays, sessions, stewards
from partnernet.people.model import Account, Link, Person, SessionRow

ROLES = (MEMBER, STEWARD)
EMAIL_LIMIT = 254
TAKEN = lazy("There is an account with this e-mail address already.")


def open_account(
    session: Session, node: Node, *, email: str, name: str, password: str = "", role: str = MEMBER,
    partner: str = "", about: str = "", visibility: str = NETWORK,
) -> Account:  # fmt: skip
    """Open an account, and make the card of its person. `password` is a hash; empty until one is chosen."""
    email = plain(email)
    if role not in ROLES:
        raise Invalid(_("An account is a member’s or a steward’s."), {"role": _("Choose member or steward.")})
    write(session)
    lock_ledger(session)
    if by_email(session, email) is not None:
        raise Invalid(str(TAKEN), {"email": str(TAKEN)})
    handle, card = cards.make(session, node, {"name": name, "partner": partner, "about": about}, visibility)
    account = Account(
        email=email, password=password, handle=handle, card=card, role=role, suspended=False,
        created=datetime.now(UTC), visited=last_position(session), changed=0, settings="{}",
    )  # fmt: skip
    session.add(account)
    session.flush()
    if role == STEWARD:
        stewards.renew(session, node)
    return account


def by_email(session: Session, email: str) -> Account | None:
    """The account of an address; None where there is none."""
    return session.scalars(select(Account).where(Account.email == email)).first()


def find(session: Session, account: int) -> Account:
    """An account as it is in this transaction."""
    found = session.get(Account, account, populate_existing=True)
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """One account, as stewards see it."""

    account: Account
    name: str
    partner: str
    seen: int | None
    """When it was last used, in milliseconds."""


def everybody(session: Session) -> list[Line]:
    """All accounts of this node, by name."""
    seen = select(func.max(SessionRow.seen)).where(SessionRow.account == Account.id).scalar_subquery()
    rows = session.execute(
        select(Account, Person.name, Partner.name.label("partner"), seen.label("seen"))
        .outerjoin(Person, Person.id == Account.card)
        .outerjoin(Partner, Partner.id == Person.partner)
        .order_by(func.lower(Person.name), Account.id)
    )
    return [Line(row.Account, row.name or "", row.partner or "", row.seen) for row in rows]


def plain(email: str) -> str:
    """An address as it is kept; raises Invalid for what cannot be one."""
    kept = email.strip().lower()
    name, _at, place = kept.rpartition("@")
    odd = any(character.isspace() or not character.isprintable() for character in kept)
    if not name or not place or odd or "@" in name or len(kept) > EMAIL_LIMIT:
        sentence = _("Give a whole e-mail address, such as josie@example.org.")
        raise Invalid(sentence, {"email": sentence})
    return kept


def set_password(session: Session, account: Account, password: str, keep: str = "") -> None:
    """Take a new password, given as its hash; every other browser is signed out, and open links are dead."""
    write(session)
    session.refresh(account)
    account.password = password
    session.execute(delete(Link).where(Link.account == account.id, Link.used.is_(None)))
    sessions.end_all(session, account.id, but=keep)
    session.flush()


def suspend(session: Session, node: Node, account: Account) -> None:
    """Stop an account: whoever uses it is signed out with their next request, on every process."""
    write(session)
    session.refresh(account)
    if account.role == STEWARD:
        stewards.keep_one(session, without=account)
    account.suspended = True
    sessions.end_all(session, account.id)
    session.flush()
    stewards.renew(session, node)


def restore(session: Session, node: Node, account: Account) -> None:
    """Let a suspended account in again."""
    write(session)
    session.refresh(account)
    account.suspended = False
    session.flush()
    stewards.renew(session, node)


def change_role(session: Session, node: Node, account: Account, role: str) -> None:
    """Make somebody a steward, or a member again."""
    if role not in ROLES:
        raise Refused(_("An account is a member’s or a steward’s."))
    write(session)
    session.refresh(account)
    if account.role == STEWARD and role != STEWARD:
        stewards.keep_one(session, without=account)
    account.role = role
    account.changed += 1
    session.flush()
    stewards.renew(session, node)


def leave(session: Session, account: Account, *, by: Actor) -> None:
    """Leave: the card is erased everywhere, and everything that only this node kept is deleted."""
    write(session)
    session.refresh(account)
    if account.role == STEWARD:
        stewards.keep_one(session, without=account)
    cards.erase(session, by)
    for table, column in personal_tables():
        session.execute(delete(table).where(column == account.id))
    session.execute(delete(Link).where((Link.email == account.email) | (Link.name == by.name)))
    delays.forget(session, account.email)
    session.delete(account)
    session.flush()
    stewards.renew(session, by.node)


def personal_tables() -> list[tuple[Any, Any]]:
    """Every table whose rows belong to an account, with the column that says to which."""
    return [(table, table.c.account) for table in Base.metadata.sorted_tables[::-1] if "account" in table.c]
