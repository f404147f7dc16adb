"""Links that work once: invitations, the first sign-in, and new passwords that a steward hands over."""

import secrets
from hashlib import sha256

from sqlalchemy import Update, delete, select, update
from sqlalchemy.orm import Session

from partnernet.core.db import write
from partnernet.core.errors import Gone
from partnernet.core.policy import MEMBER, STEWARD
from partnernet.core.time import DAY, now_ms
from partnernet.core.words import lazy
from partnernet.people.model import Account, Link

INVITATION, FIRST, RESET = "invitation", "first", "reset"
LIFETIME = 14 * DAY
KEPT = 30 * DAY
"""How long a link that was used or has expired is still listed."""
TOKEN_BYTES = 32
WITHDRAWN = 0
"""When a link was used that was taken back before anybody could: it does not work, and can be given back."""

SPENT = lazy("This link has been used already, or is older than 14 days. Sign in here, or ask a steward for a new one.")


def invite(
    session: Session, *, email: str = "", name: str = "", partner: str = "", role: str = MEMBER
) -> tuple[Link, str]:
    """Make an invitation; the link's row, and its token, which is not kept."""
    return _make(session, INVITATION, email=email, name=name, partner=partner, role=role)


def for_account(session: Session, account: Account) -> tuple[Link, str]:
    """Make a link by which somebody chooses the password of their account; an earlier one is dead."""
    write(session)
    session.execute(delete(Link).where(Link.account == account.id, Link.used.is_(None)))
    purpose = RESET if account.password else FIRST
    return _make(session, purpose, account=account.id, email=account.email, role=account.role)


def first_steward_link(session: Session, base_url: str) -> str | None:
    """The address by which the first steward of a fresh server comes in; None once there is a steward."""
    if session.scalars(select(Account.id).where(Account.role == STEWARD).limit(1)).first() is not None:
        return None
    write(session)
    session.execute(delete(Link).where(Link.purpose == FIRST, Link.account.is_(None)))
    link, token = _make(session, FIRST, role=STEWARD)
    return address(base_url, link, token)


def address(base_url: str, link: Link, token: str) -> str:
    """The whole address of a link."""
    return f"{base_url.rstrip('/')}/{'reset' if link.purpose == RESET else 'join'}/{token}"


def find(session: Session, token: str, *purposes: str) -> Link:
    """The link of a token, if it still works; raises Gone where it does not."""
    link = session.scalars(select(Link).where(Link.token == _hash(token), Link.purpose.in_(purposes))).first()
    if link is None or link.used is not None or link.expires < now_ms():
        raise Gone(str(SPENT))
    return link


def claim(session: Session, link: Link) -> None:
    """Use a link up; of two who try at once, one is told Gone."""
    write(session)
    now = now_ms()
    unused = update(Link).where(Link.id == link.id, Link.used.is_(None), Link.expires >= now)
    if session.execute(unused.values(used=now)).rowcount != 1:  # type: ignore[attr-defined] # an update has one
        raise Gone(str(SPENT))


def withdraw(session: Session, link_id: int) -> None:
    """Take an invitation back."""
    write(session)
    session.execute(_invitation(link_id).where(Link.used.is_(None)).values(used=WITHDRAWN))


def reinstate(session: Session, link_id: int) -> None:
    """Let an invitation that was taken back work again."""
    write(session)
    session.execute(_invitation(link_id).where(Link.used == WITHDRAWN).values(used=None))


def invitations(session: Session) -> list[Link]:
    """All invitations that still work, newest first."""
    working = (Link.purpose == INVITATION, Link.used.is_(None), Link.expires >= now_ms())
    return list(session.scalars(select(Link).where(*working).order_by(Link.created.desc(), Link.id.desc())))


def sweep(session: Session) -> None:
    """Delete the links that ended a month ago, with the names and addresses in them."""
    write(session)
    session.execute(delete(Link).where(Link.expires < now_ms() - KEPT))


def _invitation(link_id: int) -> Update:
    return update(Link).where(Link.id == link_id, Link.purpose == INVITATION)


def _make(session: Session, purpose: str, **given: str | int) -> tuple[Link, str]:
    sweep(session)
    now = now_ms()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = Link(token=_hash(token), purpose=purpose, created=now, expires=now + LIFETIME, **given)
    session.add(link)
    session.flush()
    return link, token


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
