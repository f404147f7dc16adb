"""`partnernet write-out markdown|csv|mbox PATH`: what this server holds, for other programs."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from partnernet.core.db import db
from partnernet.core.time import DAY, day_ms
from partnernet.interchange.choice import Choice, listed, some_member
from partnernet.interchange.texts import Reading
from partnernet.interchange.writing import FORMS, chosen, write_out
from partnernet.terminal import progress
from partnernet.web.here import its_files, this_node

DATE = click.DateTime(["%Y-%m-%d"])


class KindName(click.ParamType[str]):
    """The name of a kind, known only once all features are."""

    name = "kind"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        known = [kind.name for kind in listed()]
        if value not in known:
            self.fail(f"“{value}” is not one of {', '.join(known)}.", param, ctx)
        return value


@click.command("write-out")
@click.argument("form", type=click.Choice(FORMS))
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--kind", "kinds", multiple=True, type=KindName(), help="Only entries of this kind; repeatable.")
@click.option("--from", "first", type=DATE, help="Only entries of this day and later, as 2026-03-06.")
@click.option("--to", "last", type=DATE, help="Only entries up to this day.")
@click.option("--public", "only_public", is_flag=True, help="Only what the whole world may read.")
@click.option("--json", "as_json", is_flag=True, help="Say what was done as JSON.")
def write_out_command(
    form: str, path: Path, kinds: Sequence[str], first: datetime | None, last: datetime | None, only_public: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Write entries out for other programs: a folder of Markdown, a folder of CSV tables, or a mailbox.

    Everything that is public or open to the network, unless less is asked for. Accounts, e-mail addresses,
    drafts and what waits in quarantine are never in it.
    """
    choice = Choice(
        None if only_public else some_member(this_node()),
        tuple(kinds),
        None if first is None else day_ms(first.date()),
        None if last is None else day_ms(last.date()) + DAY,
    )
    reading = Reading(db.session(), choice)
    with progress("Writing out", chosen(reading)) as step:
        tally = write_out(reading, form, its_files(), path, step)
    if as_json:
        click.echo(json.dumps(tally.said()))
    else:
        click.echo("\n".join(tally.sentences()))


commands: list[click.Command] = [write_out_command]
