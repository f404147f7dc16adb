"""`partnernet network-key`: a copy of the network's key on paper, bringing it back, and a new one."""

import os
from pathlib import Path

import click
from flask import current_app

from partnernet.core.db import commit, db, write
from partnernet.core.errors import Refused
from partnernet.nodes import network_key
from partnernet.nodes.paper import PAPER_LIMIT
from partnernet.web.here import this_node

FOLLOWS = """The network gets a new key, for which the old one signs. From then on the old key and every copy of it are
worth nothing, those on paper too: take a new copy at once by “partnernet network-key copy FILE”, and print it.
Other servers follow as soon as they hear of it."""


@click.group("network-key")
def network_key_command() -> None:
    """The key that signs for the network: copy it, bring it back, or make a new one."""


@network_key_command.command("copy")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def copy(file: Path) -> None:
    """Write the network's key to a file to print, that says in plain words what it is."""
    session = db.session()
    if file.exists():
        raise Refused(f"There is a file {file} already: name another one.")
    write(session)
    text = network_key.copy(session, this_node())
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(text)
    commit(session)
    click.echo(f"Print {file}, put the paper where everybody trusts it to be, and delete the file.")


@network_key_command.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Keep the network's key on this server, from its paper or its 24 words in a file."""
    session, app = db.session(), current_app
    with file.open("rb") as given:
        text = given.read(PAPER_LIMIT).decode("utf-8", "replace")
    write(session)
    node = network_key.restore(session, app.extensions["partnernet.node"], app.config["DATA"], text)
    commit(session)
    app.extensions["partnernet.node"] = node
    click.echo("This server signs for its network now, and one that is running does so at once.")


@network_key_command.command("rotate")
@click.option("--yes", is_flag=True, help="Do it without asking, for scripts.")
def rotate(yes: bool) -> None:
    """Hand the network over to a new key; the old one, and every copy of it, is worth nothing then."""
    session, app = db.session(), current_app
    node = app.extensions["partnernet.node"]
    network_key.key_here(session, node)
    session.rollback()
    if not yes and not _agreed():
        raise Refused("Nothing was changed. Where nobody is there to answer, say so with --yes.")
    app.extensions["partnernet.node"] = network_key.rotate(session, node, app.config["DATA"])
    click.echo("The network has a new key, and a server that is running signs with it at once.")
    click.echo("Old copies are worth nothing any more. Next: partnernet network-key copy FILE, and print it.")


def _agreed() -> bool:
    click.echo(FOLLOWS, err=True)
    try:
        return click.confirm("Make a new key?", err=True)
    except click.Abort:
        return False


commands = [network_key_command]
