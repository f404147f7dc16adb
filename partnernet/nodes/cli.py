"""`partnernet card`: what another server needs to know of this one."""

from pathlib import Path

import click
from flask import current_app

from partnernet.core.db import db
from partnernet.nodes.card import own_card
from partnernet.web.here import this_node


@click.command
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A file to write it to.")
def card(out: Path | None) -> None:
    """Print this server's card, by which another one pairs with it or joins its network."""
    node, address = this_node(), current_app.config["BASE_URL"]
    text = own_card(db.session(), node, address).text()
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")


commands = [card]
