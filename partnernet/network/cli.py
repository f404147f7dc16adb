"""`partnernet init` and `join`: the network that a node belongs to."""

from pathlib import Path

import click
from flask import current_app

from partnernet.core.db import commit, db
from partnernet.network import founding
from partnernet.network.model import DEFAULT_NAME
from partnernet.nodes.card import read_card
from partnernet.web.here import this_node


@click.command
@click.option("--name", default=DEFAULT_NAME, show_default=True, help="What the network is called.")
def init(name: str) -> None:
    """Found a network of one; others can join it later."""
    session, app = db.session(), current_app
    node = founding.found(session, app.extensions["partnernet.node"], app.config["DATA"], " ".join(name.split()))
    commit(session)
    app.extensions["partnernet.node"] = node
    click.echo(f"{name} is founded. Next: partnernet account add --email … --name … --role steward")
    click.echo(
        "The key that signs for the network is on this server alone: partnernet network-key copy FILE, to print."
    )


@click.command
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def join(file: Path) -> None:
    """Join another's network by the card of one of its nodes."""
    session = db.session()
    given = read_card(file.read_bytes())
    founding.join(session, this_node(), given)
    commit(session)
    name = given.name or "that network"
    click.echo(f"This server belongs to {name} now. Next: partnernet import, with a bundle from there.")


commands = [init, join]
