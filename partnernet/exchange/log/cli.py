"""`partnernet log`: what was handed over, in plain words."""

import json

import click

from partnernet.core.db import db
from partnernet.core.policy import MEMBER, Actor
from partnernet.core.time import from_ms
from partnernet.exchange.log import book as logbook
from partnernet.exchange.outgoing.choosing import known_server
from partnernet.web.here import this_node


@click.command("log")
@click.option("--server", help="Only what went to a server, or came from it: its name, or the beginning of its key.")
@click.option("--limit", type=click.IntRange(1, 1_000), default=logbook.PAGE, show_default=True, help="How many lines.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def log_command(server: str | None, limit: int, as_json: bool) -> None:
    """Say what was given away, brought in and refused, newest first."""
    session, node = db.session(), this_node()
    key = known_server(session, server).key if server else None
    anybody = Actor(node, "", "", "", MEMBER, 0)
    lines, _following = logbook.lines(session, node, anybody, server=key, limit=limit)
    if as_json:
        said = [{"at": line.at, "said": line.said, "more": list(line.more)} for line in lines]
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    for line in lines:
        click.echo(f"{from_ms(line.at):%Y-%m-%d %H:%M} {' '.join((line.said, *line.more))}")
