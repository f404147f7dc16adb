"""`partnernet search` and `partnernet index`."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import click
from flask import current_app
from sqlalchemy import select

from partnernet.core.db import db
from partnernet.core.errors import NotFound, Refused
from partnernet.core.policy import Actor
from partnernet.core.time import from_ms
from partnernet.people.model import Account
from partnernet.search import engine
from partnernet.search.asking import Reader
from partnernet.search.engine import HITS
from partnernet.search.index import Index
from partnernet.search.interface import Unavailable
from partnernet.search.query import BATCH_WORDS, read
from partnernet.search.results import Results
from partnernet.web.here import this_node

LIMIT = 1_000


@click.command
@click.argument("words", metavar="[QUERY]", nargs=-1)
@click.option(
    "--batch",
    type=click.File("rb"),
    help="JSON Lines {id,text}; answers {id,hits} in the same order.",
)
@click.option("--as", "email", metavar="EMAIL", help="Search as this person may; else all of public and network.")
@click.option("--limit", type=click.IntRange(1, LIMIT), default=HITS, show_default=True, help="Hits at most.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--exactly", is_flag=True, help="Correct no spelling.")
def search(
    words: tuple[str, ...], batch: IO[bytes] | None, email: str | None, limit: int, as_json: bool, exactly: bool
) -> None:
    """Search everything that is written here."""
    reader = _reader(email)
    if batch is not None:
        return _answer_all(batch, reader, limit, exactly)
    if not words:
        raise Refused("Say what to look for: partnernet search WORDS.")
    results = engine.search(db.session(), _index(), reader, read(" ".join(words)), limit=limit, exactly=exactly)
    if as_json:
        from partnernet.search.views import as_json as formed

        click.echo(json.dumps(formed(results), ensure_ascii=False))
    else:
        _print(results)


@click.group
def index() -> None:
    """The search index: disposable, made from the database."""


@index.command("rebuild")
def index_rebuild() -> None:
    """Make the index anew beside the old one, then swap."""
    from partnernet.search.indexer import rebuild_now

    with _progress("Indexing") as told:
        done = rebuild_now(_app(), told)
    if not done:
        click.echo("The running server has been asked to make the index anew; it does so in the background.")
        return
    state = _index().state()
    click.echo(f"Indexed {state.documents if state else 0:,} entries.")


@index.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def index_status(as_json: bool) -> None:
    """Say whether the index is there, whole and up to date."""
    from partnernet.search.files import counts
    from partnernet.search.status import status

    found, files = status(_app()), counts(db.session())
    if as_json:
        figures = {
            "documents": found.documents, "position": found.position, "newest": found.newest,
            "behind": found.behind, "bytes": found.bytes, "problem": found.problem,
            "kinds": {"index": found.agreement.index, "database": found.agreement.database},
            "sampled": found.agreement.sampled, "differing": found.agreement.differing,
            "files": {"read": files.read, "waiting": files.waiting, "unreadable": files.unreadable},
        }  # fmt: skip
        click.echo(json.dumps(figures, ensure_ascii=False))
        return
    click.echo(found.sentence)
    if not found.problem:
        click.echo(f"{found.documents:,} passages in {found.bytes / 1_000_000:.1f} MB.")
        click.echo(found.agreement.sentence)
    if files.sentence:
        click.echo(files.sentence)
    for name, why in files.listed:
        click.echo(f"  {name}: {why}")


commands = [search, index]


def _answer_all(batch: IO[bytes], reader: Reader, limit: int, exactly: bool) -> None:
    for number, line in enumerate(batch, 1):
        if not line.strip():
            continue
        try:
            asked = json.loads(line)
            own, query = asked["id"], read(str(asked["text"]), word_limit=BATCH_WORDS)
        except (ValueError, KeyError, TypeError) as error:
            raise Refused(f'Line {number} is not like {{"id": "1", "text": "words"}}.') from error
        try:
            found = engine.find_many(db.session(), _index(), reader, query, limit, exactly=exactly)
        except Unavailable as error:
            raise Refused(f"{error} Run `partnernet index rebuild`.") from error
        hits = [{"source": entry.source, "id": entry.id, "score": round(score, 6)} for entry, score in found]
        sys.stdout.write(json.dumps({"id": own, "hits": hits}, ensure_ascii=False) + "\n")
        db.session().rollback()


def _print(results: Results) -> None:
    if results.corrected:
        click.echo(f"Showing results for {results.corrected.text}. Add --exactly to search as typed.", err=True)
    for hit in results.hits:
        click.echo(f"{from_ms(hit.entry.when):%Y-%m-%d}  {hit.kind}: {hit.title}")
        click.echo(f"            {hit.url}")
        click.echo(f"            {hit.snippet.striptags()}")
    places = "1 place" if results.count == 1 else f"{results.count:,} places"
    if results.is_answered:
        click.echo(f"Found {places}." if results.count else "Nothing was found.")
    if others := [word for spoken in results.spoken for word in spoken.others]:
        click.echo(f"Also looked for: {', '.join(others)}.")
    for note in results.notes:
        click.echo(note, err=True)


def _reader(email: str | None) -> Reader:
    if email is None:
        return Reader.network()
    account = db.session().scalars(select(Account).where(Account.email == email.strip().lower())).first()
    if account is None:
        raise NotFound(f"There is no account with the address {email}; `partnernet account list` shows all.")
    node = this_node()
    return Reader.of(Actor(node, account.handle, account.card, "", account.role, account.id))


def _index() -> Index:
    found: Index = current_app.extensions["partnernet.search"]
    return found


def _app() -> Any:
    return current_app._get_current_object()  # type: ignore[attr-defined] # the app behind the proxy


@contextmanager
def _progress(words: str) -> Iterator[Any]:
    """A bar on a terminal, silence elsewhere."""
    from partnernet.search.upkeep import silent

    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(words)
        yield lambda done, total: bar.update(task, completed=done, total=total)
