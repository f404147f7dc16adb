"""`partnernet account …` and `invite`: the people of a node, without a browser."""

import json
import sys

import click
from flask import current_app
from sqlalchemy.orm import Session

from partnernet.core.db import commit, db, write
from partnernet.core.errors import Invalid, NotFound, Refused
from partnernet.core.ledger.node import NodeItself
from partnernet.core.policy import MEMBER
from partnernet.partners import model as partners
from partnernet.people import accounts, links, passwords
from partnernet.people.model import Account, Link
from partnernet.web.here import this_node


@click.group
def account() -> None:
    """The accounts of this server."""


@account.command
@click.option("--email", required=True, help="What they sign in with.")
@click.option("--name", required=True, help="What others know them by.")
@click.option("--partner", default="", help="Their organisation, by name; it is added where it is not here yet.")
@click.option("--role", type=click.Choice(accounts.ROLES), default=MEMBER, show_default=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of standard input.")
def add(email: str, name: str, partner: str, role: str, password_stdin: bool) -> None:
    """Open an account; without a password, print a link by which its owner chooses one."""
    session, hashed = db.session(), ""
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
        passwords.check(password, email, name)
        hashed = passwords.hashed(password)
    write(session)
    opened = accounts.open_account(
        session, this_node(), email=email, name=" ".join(name.split()), password=hashed, role=role,
        partner=_partner(session, partner),
    )  # fmt: skip
    if hashed:
        commit(session)
        click.echo(f"{opened.email} can sign in now.")
        return
    link, token = links.for_account(session, opened)
    commit(session)
    click.echo(_address(link, token))


@account.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def list_accounts(as_json: bool) -> None:
    """List all accounts."""
    lines = accounts.everybody(db.session())
    if as_json:
        rows = [
            {
                "email": line.account.email,
                "name": line.name,
                "partner": line.partner,
                "role": line.account.role,
                "suspended": line.account.suspended,
            }
            for line in lines
        ]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for line in lines:
        state = "stopped" if line.account.suspended else line.account.role
        click.echo(f"{line.account.email}\t{line.name}\t{line.partner}\t{state}")


@account.command
@click.argument("email")
def suspend(email: str) -> None:
    """Stop an account: its browsers are signed out at once."""
    session = db.session()
    accounts.suspend(session, this_node(), _find(session, email))
    commit(session)
    click.echo(f"{email} is stopped.")


@account.command
@click.argument("email")
def restore(email: str) -> None:
    """Let a stopped account in again."""
    session = db.session()
    accounts.restore(session, this_node(), _find(session, email))
    commit(session)
    click.echo(f"{email} can sign in again.")


@account.command
@click.argument("email")
def reset(email: str) -> None:
    """Print a link by which somebody chooses a new password."""
    session = db.session()
    link, token = links.for_account(session, _find(session, email))
    commit(session)
    click.echo(_address(link, token))


@click.command
@click.option("--email", default="", help="Fills in the form for them.")
@click.option("--name", default="", help="Fills in the form for them.")
@click.option("--partner", default="", help="Their organisation, by name; it is added where it is not here yet.")
@click.option("--role", type=click.Choice(accounts.ROLES), default=MEMBER, show_default=True)
def invite(email: str, name: str, partner: str, role: str) -> None:
    """Print a link by which one person opens an account."""
    session = db.session()
    known = accounts.plain(email) if email else ""
    write(session)
    link, token = links.invite(session, email=known, name=name, partner=_partner(session, partner), role=role)
    commit(session)
    click.echo(_address(link, token))


def _find(session: Session, email: str) -> Account:
    found = accounts.by_email(session, email.strip().lower())
    if found is None:
        raise NotFound(f"There is no account with the address {email}; `partnernet account list` shows all.")
    return found


def _partner(session: Session, name: str) -> str:
    """The id of a partner by its name; made by the node itself where there is none."""
    name = " ".join(name.split())
    if not name:
        return ""
    found = partners.by_name(session, name)
    if found is not None:
        return found.id
    try:
        return partners.share(session, {"name": name}, by=NodeItself(this_node())).id
    except Invalid as error:
        raise Refused("A partner's name has at most 200 characters, on one line.") from error


def _address(link: Link, token: str) -> str:
    config = current_app.config
    return links.address(config["BASE_URL"] or f"http://{config['HOST']}:{config['PORT']}", link, token)


commands = [account, invite]
