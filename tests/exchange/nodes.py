"""Whole servers with their pages and commands, for what cannot be seen from inside."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient

from partnernet.core.db import Base, commit, db, write
from partnernet.exchange.incoming import cli
from partnernet.people import accounts, sessions
from partnernet.people.model import Account
from partnernet.web.guard import COOKIE
from tests.conftest import make_app


@dataclass
class Server:
    """One app, and what is done to it from outside."""

    folder: Path
    app: Flask = field(init=False)

    def __post_init__(self) -> None:
        self.app = make_app(self.folder)
        with self.app.app_context(), db.engine.connect().execution_options(writes=True) as connection:
            Base.metadata.create_all(connection)
            connection.commit()

    def close(self) -> None:
        with self.app.app_context():
            db.session.rollback()
            db.engine.dispose()

    def inside(self, do: Callable[[], Any]) -> Any:
        """Do something as the program itself would."""
        with self.app.app_context():
            return do()

    def run(self, *arguments: str, stdin: bytes | None = None) -> Result:
        """Run a command, as a person would type it; its error, if any, is what is raised."""
        command = next(command for command in cli.commands if command.name == arguments[0])
        with self.app.app_context():
            return CliRunner().invoke(command, list(arguments[1:]), input=stdin, catch_exceptions=True)

    def account(self, email: str, name: str, role: str) -> Account:
        node = self.app.extensions["partnernet.node"]

        def open_one() -> Account:
            session = db.session()
            write(session)
            account = accounts.open_account(
                session, node, email=email, name=name, password="argon2-canary-hash", role=role
            )
            commit(session)
            return account

        made: Account = self.inside(open_one)
        return made

    def browser(self, email: str, name: str, role: str) -> FlaskClient:
        """A browser in which a new person is signed in."""
        account = self.account(email, name, role).id

        def start() -> str:
            session = db.session()
            write(session)
            token = sessions.start(session, account)
            commit(session)
            return token

        client = self.app.test_client()
        client.set_cookie(COOKIE, self.inside(start))
        return client


def words(page: Any) -> str:
    """What stands on a page, without its markup."""
    text = re.sub(r"<[^>]+>", " ", page.get_data(as_text=True))
    return re.sub(r"\s+", " ", text)
