"""Asking for the password again, before something that cannot be taken back: wrong ones are noted and delayed."""

from typing import Any

from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.core.words import _
from partnernet.people import delays, passwords
from partnernet.people.model import Account


def is_right(session: Session, account: Account, field: Any, machine: str | None) -> bool:
    """Whether the field holds the password of the account; what is wrong stands beside it."""
    delays.check(session, account.email, machine)
    if passwords.matches(account.password, field.data):
        return True
    delays.note_failure(session, account.email, machine)
    commit()
    field.errors = [_("This is not your password.")]
    return False
