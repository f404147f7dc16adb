"""`partnernet network-key`: a copy of the network's key on paper, bringing it back, and a new one."""

import os
from pathlib import Path

import click
from flask import current_app

from partnernet.core.db import commit, db, write
from partnernet.core.errors import Refused
from partnernet.nodes import network_key
from partnernet.nodes.paper import PAPER_LIMIT

RESTART = "If the server is running, start it again so that it uses this key."


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
    text = network_key.copy(session, current_app.extensions["partnernet.node"])
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
    click.echo(f"This server signs for its network now. {RESTART}")


@network_key_command.command("rotate")
def rotate() -> None:
    """Hand the network over to a new key; the old one, and every copy of it, is worth nothing then."""
    session, app = db.session(), current_app
    node = network_key.rotate(session, app.extensions["partnernet.node"], app.config["DATA"])
    app.extensions["partnernet.node"] = node
    click.echo(f"The network has a new key. {RESTART}")
    click.echo("Old copies are worth nothing any more. Next: partnernet network-key copy FILE, and print it.")


commands = [network_key_command]
