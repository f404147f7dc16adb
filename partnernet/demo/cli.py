"""`partnernet demo`: a small invented network to look around in."""

from datetime import date, datetime

import click
from flask import current_app
from sqlalchemy.orm import Session

from partnernet.background import catch_up
from partnernet.core.db import commit, db
from partnernet.demo.build import SEED, build
from partnernet.demo.cast import NETWORK, PEOPLE


@click.command
@click.option("--seed", default=SEED, show_default=True, help="Another number makes another year.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="The day on which the year ends; today unless told.")
@click.option("--no-index", is_flag=True, help="Leave the search index as it is for now.")
def demo(seed: int, today: datetime | None, no_index: bool) -> None:
    """Make a small invented network to look around in."""
    app = current_app._get_current_object()  # type: ignore[attr-defined] # the app behind the proxy
    session = db.session()
    build(app, seed, today.date() if today else date.today())
    links = sign_in_links(session)
    catch_up(app, index=not no_index)
    click.echo(f"{NETWORK} is ready, with a year of life in it. Everybody in it is invented.")
    click.echo("Run `partnernet serve`, then choose who to be. Each link works once:")
    for name, role, address in links:
        click.echo(f"  {name} ({role})  {address}")


def sign_in_links(session: Session) -> list[tuple[str, str, str]]:
    """A link for each account of the demo: name, role and address."""
    from partnernet.people import links
    from partnernet.people.accounts import by_email

    config = current_app.config
    base = config["BASE_URL"] or f"http://{config['HOST']}:{config['PORT']}"
    made = []
    for person in PEOPLE:
        account = by_email(session, person.email) if person.account else None
        if account is not None:
            link, token = links.for_account(session, account)
            made.append((person.name, account.role, links.address(base, link, token)))
    commit(session)
    return made


commands = [demo]
