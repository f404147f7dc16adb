"""Accounts from the command line."""

import json

from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.core.errors import Refused
from partnernet.partners.model import by_name
from partnernet.people import accounts, cli
from partnernet.people.model import Person
from tests.factories import PASSWORD, make_account, make_partner, read_again, sign_in


def run(command: str, *arguments: str, typed: str = "") -> Result:
    """Run one of the commands inside the app of the test."""
    found = next(each for each in cli.commands if each.name == command)
    return CliRunner().invoke(found, arguments, input=typed)


def test_an_account_with_a_password_can_sign_in(client: FlaskClient, session: Session) -> None:
    done = run(
        "account", "add", "--email", "J@Example.org", "--name", "Josie", "--password-stdin", typed=PASSWORD + "\n"
    )
    assert done.exit_code == 0, done.output
    assert client.post("/login", data={"email": "j@example.org", "password": PASSWORD}).status_code == 303


def test_without_a_password_a_link_is_printed_that_works_once(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    done = run("account", "add", "--email", "j@example.org", "--name", "Josie", "--role", "steward")
    link = done.output.strip()
    assert link.startswith("http://127.0.0.1:8000/join/")
    path = link.removeprefix("http://127.0.0.1:8000")
    assert client.post(path, data={"password": PASSWORD}).status_code == 303
    assert client.get("/people/accounts").status_code == 200
    assert app.test_client().get(path).headers["Location"] == "/login"


def test_a_partner_is_found_by_name_or_added(session: Session) -> None:
    known = make_partner(session)
    for email, name in (("a@example.org", "wether fell  youth dance"), ("b@example.org", "New Hall")):
        run("account", "add", "--email", email, "--name", "Somebody", "--partner", name)
    read_again(session)
    first, second = (accounts.by_email(session, email) for email in ("a@example.org", "b@example.org"))
    added = by_name(session, "New Hall")
    assert first and second and added
    assert session.get_one(Person, first.card).partner == known.id
    assert session.get_one(Person, second.card).partner == added.id


def test_what_cannot_be_is_refused_in_a_sentence(session: Session) -> None:
    make_account(session)
    for arguments, typed in (
        (("--email", "josie.calder@example.org", "--name", "Josie"), ""),
        (("--email", "half", "--name", "Josie"), ""),
        (("--email", "j@example.org", "--name", "Josie", "--password-stdin"), "short\n"),
    ):
        done = run("account", "add", *arguments, typed=typed)
        assert isinstance(done.exception, Refused)
        assert done.exception.sentence.endswith(".")


def test_accounts_are_listed_stopped_and_let_in_again(client: FlaskClient, session: Session) -> None:
    josie = make_account(session)
    make_account(session, "Samira Khan", role="steward")
    sign_in(client, josie, session)
    assert run("account", "suspend", josie.email).exit_code == 0
    assert client.get("/account").status_code == 303
    listed = {row["email"]: row for row in json.loads(run("account", "list", "--json").output)}
    assert listed[josie.email]["suspended"] and not listed["samira.khan@example.org"]["suspended"]
    assert "stopped" in run("account", "list").output
    assert run("account", "restore", josie.email).exit_code == 0
    assert sign_in(client, josie, session).get("/account").status_code == 200


def test_a_new_password_comes_by_a_link(client: FlaskClient, session: Session) -> None:
    make_account(session)
    link = run("account", "reset", "josie.calder@example.org").output.strip()
    assert "/reset/" in link
    assert (
        client.post("/reset/" + link.rpartition("/")[2], data={"password": "seven herons at dusk"}).status_code == 303
    )


def test_an_unknown_address_is_said_so(session: Session) -> None:
    done = run("account", "suspend", "nobody@example.org")
    assert isinstance(done.exception, Refused) and "account list" in done.exception.sentence


def test_an_invitation_is_printed(client: FlaskClient, session: Session) -> None:
    link = run("invite", "--name", "Sam Reed", "--partner", "New Hall").output.strip()
    page = client.get("/join/" + link.rpartition("/")[2])
    assert 'value="Sam Reed"' in page.text and "New Hall" in page.text
