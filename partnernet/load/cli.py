"""`partnernet load notes|mail|jsonl|csv`: bring in what was written before."""

import json
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
from flask import current_app
from sqlalchemy.orm import Session

from partnernet.background import catch_up
from partnernet.core.db import db
from partnernet.core.errors import Refused
from partnernet.core.policy import VISIBILITIES
from partnernet.load import enclosures, jsonl, mail, mbox, notes, places, tables, writer
from partnernet.load.author import author
from partnernet.load.document import Document
from partnernet.load.report import Report

T = TypeVar("T")

PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
FILES = click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
OPTIONS = (
    click.option("--visibility", type=click.Choice(VISIBILITIES), default=None,
                 help="Who may read it. Unless given: what a server wrote out says so itself; all else, the network."),
    click.option("--partner", default="", help="Whose it is, by name; a partner that is not here yet is added."),
    click.option("--by", "email", default="", help="The account in whose name it is brought in, by e-mail address."),
    click.option("--no-index", is_flag=True, help="Leave the search index as it is for now."),
    click.option("--json", "as_json", is_flag=True, help="Say what was done as JSON."),
)  # fmt: skip


def options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that all of them share."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


@click.group
def load() -> None:
    """Bring in what was written before: notes, mail, documents. Repeat it as often as you like."""


@load.command("notes")
@PATHS
@options
def load_notes(paths: Sequence[Path], **given: Any) -> None:
    """Bring in folders of past notes (md, txt, html, docx, pdf), a note a file; or what a server wrote out."""
    report = Report()
    files = notes.find(paths, report)
    _load(lambda session: notes.read(_progress(files, len(files)), report), report, **given)


@load.command("mail")
@PATHS
@options
def load_mail(paths: Sequence[Path], **given: Any) -> None:
    """Bring in mailing-list archives (mbox files, folders of .eml) as discussions and replies."""
    report = Report()

    def documents(session: Session) -> Iterator[Document]:
        def known(sources: Collection[str]) -> Collection[str]:
            return places.known(session, sources).keys()

        archive = mail.survey(mbox.find(paths, report), report, known)
        archive.headers = _progress(archive.headers, len(archive.headers))
        return mail.read(archive, report)

    _load(documents, report, **given)


@load.command("jsonl")
@FILES
@options
def load_jsonl(paths: Sequence[Path], **given: Any) -> None:
    """Bring in JSON Lines: {id, title, text, date?, author?, kind?, thread?}."""
    report = Report()
    _load(lambda session: _progress(jsonl.read(paths, report)), report, **given)


@load.command("csv")
@PATHS
@options
def load_csv(paths: Sequence[Path], **given: Any) -> None:
    """Bring in tables: what a server wrote out, or any table with the columns id, title and text."""
    report = Report()
    files = tables.find(paths, report)
    _load(lambda session: _progress(tables.read(files, report)), report, **given)


def _load(
    documents: Callable[[Session], Iterable[Document]], report: Report, *,
    visibility: str | None, partner: str, email: str, no_index: bool, as_json: bool,
) -> None:  # fmt: skip
    session = db.session()
    app = current_app._get_current_object()  # type: ignore[attr-defined] # the app behind the proxy
    by = author(session, app.extensions["partnernet.node"], email, partner)
    writer.bring_in(session, documents(session), visibility or "", report, by=by, keep=enclosures.keep)
    catch_up(app, index=not no_index)
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        click.echo("\n".join(report.sentences()))
    if not report.total:
        raise Refused("There is nothing here that could be brought in.")


def _progress(items: Iterable[T], total: int | None = None) -> Any:
    """The items, with a bar on a terminal that says how far they have come."""
    if not sys.stderr.isatty():
        return items
    from rich.console import Console
    from rich.progress import track

    return track(items, "Bringing in", total=total, console=Console(stderr=True))


commands = [load]
