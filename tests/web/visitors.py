"""People who visit the pages under test, each with a browser in which they are signed in."""

from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient

from partnernet.core.db import commit, db, write
from partnernet.people import accounts, sessions
from partnernet.people.model import Account
from partnernet.web.guard import COOKIE


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody with an account, and the token of a session of theirs."""

    account: int
    handle: str
    card: str
    token: str

    def browser(self, app: Flask) -> FlaskClient:
        """A browser in which they are signed in, at any process of the node."""
        client = app.test_client()
        client.set_cookie(COOKIE, self.token)
        return client


def sign_up(app: Flask, name: str, role: str = "member", partner: str = "") -> Visitor:
    """Open an account, and sign a browser in."""
    with app.app_context():
        session, node = db.session(), app.extensions["partnernet.node"]
        email = f"{name.split()[0].lower()}@example.org"
        account = accounts.open_account(session, node, email=email, name=name, role=role, partner=partner)
        token = sessions.start(session, account.id)
        commit()
        return Visitor(account.id, account.handle, account.card, token)


def suspend(app: Flask, visitor: Visitor) -> None:
    """Mark an account as suspended and leave its sessions alone: the guard must see it for itself."""
    with app.app_context():
        write()
        db.session().get_one(Account, visitor.account).suspended = True
        commit()
