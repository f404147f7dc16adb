"""`partnernet export`, `inspect`, `import` and `have`: the exchange without a browser."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import click
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.background import catch_up
from partnernet.core.db import commit, db, write
from partnernet.core.entry import Entry
from partnernet.core.errors import Invalid, NotFound, Refused
from partnernet.core.files import Files, storing
from partnernet.core.ledger import log
from partnernet.core.ledger.canonical import encode
from partnernet.core.ledger.node import Node, sync_folder
from partnernet.core.ledger.op import NODE_ITSELF
from partnernet.core.policy import NETWORK, PUBLIC
from partnernet.exchange import sentences
from partnernet.exchange.apply import apply, put_files
from partnernet.exchange.bundle import HEADER_LIMIT, JSONL, form_of, strict_json
from partnernet.exchange.header import Have, read_have
from partnernet.exchange.model import ImportBatch
from partnernet.exchange.reader import Bundle, open_bundle, read_stream
from partnernet.exchange.refusals import noted
from partnernet.exchange.selection import Selection
from partnernet.exchange.stage import drop, has_news, stage
from partnernet.exchange.survey import survey
from partnernet.exchange.writer import Export
from partnernet.exchange.writer import write as write_bundle
from partnernet.nodes.admit import admit
from partnernet.nodes.fingerprint import spoken

PIPE = "-"


@click.command("export")
@click.option(
    "--since-have",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Only what the other server lacks: its “partnernet have”, or a bundle it made.",
)
@click.option(
    "--log",
    "logs",
    multiple=True,
    type=click.Choice((PUBLIC, NETWORK)),
    help="Only what is open to “public” or to “network”; repeatable.",
)
@click.option("--root", help="Only one entry, by its id or the first 12 characters of it, and what hangs on it.")
@click.option("--no-files", is_flag=True, help="Leave attachments out.")
@click.option("--note", default="", help="A few words to whoever opens it.")
@click.option(
    "--out",
    default=PIPE,
    help="Where to: a name that ends in .pn.zip, .pn.json or .pn.jsonl; “-” for lines to a pipe.",
)
def export_command(
    since_have: Path | None, logs: Sequence[str], root: str | None, no_files: bool, note: str, out: str
) -> None:
    """Write what this server holds to a bundle."""
    session = db.session()
    selection = Selection(
        logs=tuple(dict.fromkeys(logs)) or (PUBLIC, NETWORK),
        root=_entity(session, root) if root else None,
        since=_have_of(since_have) if since_have else {},
        with_files=not no_files,
    )
    if out == PIPE and sys.stdout.isatty():
        raise Invalid("Say where to with --out network.pn.zip, or send the lines into a pipe.")
    form = JSONL if out == PIPE else form_of(out)
    with _progress("Exporting") as step:
        export = Export(session, _node(), _files(), selection, note=note, progress=step)
        if out == PIPE:
            written = write_bundle(export, form, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        else:
            with _whole_file(Path(out)) as file:
                written = write_bundle(export, form, file)
    for sentence in sentences.left_out([item.said() for item in written.header.left_out]):
        click.echo(sentence, err=True)


@click.command("inspect")
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def inspect_command(file: str, as_json: bool) -> None:
    """Check a bundle and say what is in it, without taking anything in."""
    with _bundle(file) as bundle, _progress("Checking") as step:
        found = survey(bundle, step)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for sentence in sentences.of_survey(found):
        click.echo(sentence)


@click.command("import")
@click.argument("file")
@click.option("--yes", is_flag=True, help="Answer yes to every question; admits the servers that are listed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--no-index", is_flag=True, help="Leave the search index and the like to the server.")
def import_command(file: str, yes: bool, as_json: bool, no_index: bool) -> None:
    """Take in a bundle: all of it, or nothing."""
    session, name = db.session(), Path(file).name
    with noted(session, name=name, by=NODE_ITSELF), _bundle(file) as bundle:
        with _progress("Checking") as step:
            batch = stage(session, bundle, _node(), _files(), name=name, by=NODE_ITSELF, progress=step)
        sender, preview = batch.sender, batch.preview
        result = _decide(session, batch, bundle, yes=yes, quiet=as_json)
    if as_json:
        click.echo(json.dumps({"sender": sender, "preview": preview, **result}, ensure_ascii=False))
    elif result["state"] == "nothing new":
        click.echo(f"Everything in {name} is here already; nothing was changed.")
    elif result["state"] == "set aside":
        click.echo("Set aside; nothing was changed.")
    else:
        for sentence in sentences.of_receipt(result["receipt"]):
            click.echo(sentence)
    if not no_index and result["state"] == "applied":
        catch_up(current_app._get_current_object())  # type: ignore[attr-defined] # what the proxy stands for


@click.command("have")
def have_command() -> None:
    """Print what this server holds, for “export --since-have” on another one."""
    click.echo(encode(log.have(db.session(), (PUBLIC, NETWORK))))


commands: list[click.Command] = [export_command, inspect_command, import_command, have_command]


def _decide(session: Session, batch: ImportBatch, bundle: Bundle, *, yes: bool, quiet: bool) -> dict[str, Any]:
    """Show what an import would do, ask where somebody is there to answer, and do it."""
    batch_id, preview = batch.id, batch.preview
    try:
        asks = not yes and not quiet and sys.stdin.isatty()
        waiting = {**preview["outside"], **preview["waiting"]}
        if not has_news(batch) and not (waiting and (yes or asks)):
            drop(session, batch_id)
            return {"state": "nothing new", "receipt": None}
        session.rollback()
        if not quiet:
            for sentence in sentences.of_preview(preview):
                click.echo(sentence, err=True)
        nodes = [
            node for node in waiting
            if yes or (asks and click.confirm(f"Admit the server {spoken(node)}?", err=True))
        ]  # fmt: skip
        if asks and not click.confirm("Take this in?", err=True):
            drop(session, batch_id)
            return {"state": "set aside", "receipt": None}
        new_files = put_files(bundle, _files())
        write(session)
        released = admit(session, nodes) if nodes else 0
        with _progress("Taking in", preview["ops"]) as step:
            receipt = apply(session, batch_id, _node(), new_files=new_files, released=released, progress=step)
        commit(session)
        return {"state": "applied", "receipt": receipt}
    except BaseException:
        drop(session, batch_id)
        raise


def _node() -> Node:
    node: Node = current_app.extensions["partnernet.node"]
    return node


def _files() -> Files:
    files: Files = current_app.extensions["partnernet.files"]
    return files


def _entity(session: Session, start: str) -> str:
    found = session.scalars(select(Entry.id).where(Entry.id.startswith(start, autoescape=True)).limit(2)).all()
    if len(found) != 1:
        raise NotFound(f"There is {'no' if not found else 'more than one'} entry whose id begins with “{start}”.")
    return found[0]


def _have_of(path: Path) -> Have:
    """What another server holds, as it said itself: the output of `have`, or the header of its bundle."""
    with path.open("rb") as file:
        start = file.read(HEADER_LIMIT + 1)
    if start.lstrip()[:1] == b"{" and len(start) <= HEADER_LIMIT:
        given = strict_json(start, path.name)
        if isinstance(given, dict) and "bundle" not in given:
            return read_have(given)
    with open_bundle(path) as bundle:
        return bundle.header.have


@contextmanager
def _bundle(file: str) -> Iterator[Bundle]:
    if file == PIPE:
        yield read_stream(sys.stdin.buffer)
        return
    path = Path(file)
    if not path.is_file():
        raise Refused(f"There is no file {file}.")
    with open_bundle(path) as bundle:
        yield bundle


@contextmanager
def _whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file that stands under its name once it is whole, and not before."""
    part = path.with_name(path.name + ".part")
    try:
        with storing(), part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        sync_folder(path.resolve().parent)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _progress(label: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield lambda count: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total)
        yield lambda count: bar.advance(task, count)
