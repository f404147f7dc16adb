"""`partnernet sync`: exchange with other servers over the wire, now."""

import json

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.background import catch_up
from partnernet.core.db import commit, db
from partnernet.core.errors import Invalid, NotFound, Refused
from partnernet.core.ledger.tables import KnownNode
from partnernet.nodes import known
from partnernet.sync import state
from partnernet.sync.asking import reachable
from partnernet.sync.peers import guest
from partnernet.sync.running import run


@click.command("sync")
@click.argument("node", required=False)
@click.option("--private", is_flag=True, help="Its address is on our own network: that is meant. Give its name, too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def sync_command(node: str | None, private: bool, as_json: bool) -> None:
    """Exchange with a server, or with all that are paired and have an address."""
    from flask import current_app

    session = db.session()
    if private:
        _mean(session, node)
    keys = [_key(session, node)] if node else reachable(session)
    if not keys:
        raise NotFound("No server is paired that has an address: pair with one on the page of servers first.")
    done, failed = {}, {}
    for key in keys:
        try:
            done[key] = run(session, key).said()
        except Refused as error:
            failed[key] = error.sentence
        session.rollback()
    if any(report["came"] or report["late"] for report in done.values()):
        catch_up(current_app._get_current_object())  # type: ignore[attr-defined] # what the proxy stands for
    if as_json:
        click.echo(json.dumps({"exchanged": done, "failed": failed}, ensure_ascii=False))
    else:
        for key, report in done.items():
            click.echo(f"{_name(session, key)}: {' '.join(state.sentences(report))}")
            if report["refused"]:
                click.echo(report["refused"], err=True)
    if failed:
        raise Refused("\n".join(failed.values()))


commands: list[click.Command] = [sync_command]


def _key(session: Session, node: str) -> str:
    """The server that a name, or the start of a key, stands for."""
    start = "".join(node.split())
    named = (KnownNode.name == node) | KnownNode.key.startswith(start, autoescape=True)
    found = session.scalars(select(KnownNode.key).where(named).limit(2)).all()
    if len(found) != 1:
        raise NotFound(f"There is {'no' if not found else 'more than one'} server called “{node}”.")
    return found[0]


def _mean(session: Session, node: str | None) -> None:
    """Note that the address of a server may lead into a network of its own, as a steward can on its page."""
    if not node:
        raise Invalid("Say which server it is whose address is on your own network: partnernet sync NAME --private")
    found = known.find(session, _key(session, node)).node
    known.describe(session, found.key, name=found.name, address=found.address, private=True)
    commit(session)


def _name(session: Session, key: str) -> str:
    known = guest(session, key)
    return known.name if known else key[:16]
