"""`partnernet inspect` and `import`: the exchange without a browser; `export` and `have` stand beside."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask import current_app
from sqlalchemy.orm import Session

from partnernet.background import catch_up
from partnernet.core.db import commit, db, write
from partnernet.core.errors import Refused
from partnernet.core.ledger.erasures import ERASURES_LIMIT
from partnernet.core.ledger.op import NODE_ITSELF
from partnernet.exchange import sentences
from partnernet.exchange.incoming.apply import apply, put_files
from partnernet.exchange.incoming.placing import plan_files
from partnernet.exchange.incoming.reader import Bundle, open_bundle, read_stream
from partnernet.exchange.incoming.refusals import noted
from partnernet.exchange.incoming.set_back import go_on_anew
from partnernet.exchange.incoming.stage import drop, has_news, stage
from partnernet.exchange.incoming.survey import survey
from partnernet.exchange.log.cli import log_command
from partnernet.exchange.model import ImportBatch
from partnernet.exchange.outgoing.cli import PIPE, export_command, have_command
from partnernet.nodes import known
from partnernet.nodes.admit import admit
from partnernet.nodes.fingerprint import spoken
from partnernet.terminal import progress
from partnernet.web.here import its_files, this_node


@click.command("inspect")
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def inspect_command(file: str, as_json: bool) -> None:
    """Check a bundle and say what is in it, without taking anything in."""
    with _bundle(file) as bundle, progress("Checking") as step:
        found = survey(bundle, step)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for sentence in sentences.of_survey(found):
        click.echo(sentence)


@click.command("import")
@click.argument("file")
@click.option("--yes", is_flag=True, help="Answer yes to every question; admits the servers that are listed.")
@click.option("--erase", type=int, help="How many entries it may erase, where those are more than 50.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--no-index", is_flag=True, help="Leave the search index and the like to the server.")
def import_command(file: str, yes: bool, erase: int | None, as_json: bool, no_index: bool) -> None:
    """Take in a bundle: all of it, or nothing."""
    session, name = db.session(), Path(file).name
    with noted(session, name=name, by=NODE_ITSELF), _bundle(file) as bundle:
        with progress("Checking") as step:
            batch = stage(
                session, bundle, this_node(), its_files(), name=name, by=NODE_ITSELF, progress=step,
                admits=yes or _asks(as_json),
            )  # fmt: skip
        sender, preview = batch.sender, batch.preview
        result = _decide(session, batch, bundle, yes=yes, erase=erase, quiet=as_json)
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


commands: list[click.Command] = [export_command, inspect_command, import_command, have_command, log_command]


def _decide(
    session: Session, batch: ImportBatch, bundle: Bundle, *, yes: bool, erase: int | None, quiet: bool
) -> dict[str, Any]:
    """Show what an import would do, ask where somebody is there to answer, and do it."""
    batch_id, preview = batch.id, batch.preview
    try:
        asks = not yes and _asks(quiet)
        waiting = {**preview["outside"], **preview["waiting"]}
        if not has_news(batch) and not (waiting and (yes or asks)):
            drop(session, batch_id)
            return {"state": "nothing new", "receipt": None}
        session.rollback()
        if not quiet:
            for sentence in sentences.of_preview(preview, known.names(session, preview["waiting"])):
                click.echo(sentence, err=True)
        nodes = [
            node for node in waiting
            if yes or (asks and click.confirm(f"Admit the server {spoken(node)}?", err=True))
        ]  # fmt: skip
        _check_erasures(preview, erase, admits=bool(nodes), asks=asks)
        if asks and not click.confirm("Take this in?", err=True):
            drop(session, batch_id)
            return {"state": "set aside", "receipt": None}
        placing = plan_files(session, batch_id, this_node(), its_files(), bundle.blobs, nodes)
        put_files(bundle, its_files(), placing.names)
        write(session)
        released = admit(session, nodes) if nodes else 0
        with progress("Taking in", preview["ops"]) as step:
            receipt = apply(session, batch_id, this_node(), placing=placing, released=released, progress=step)
        commit(session)
    except BaseException:
        drop(session, batch_id)
        raise
    go_on_anew(session, receipt)
    return {"state": "applied", "receipt": receipt}


def _asks(quiet: bool) -> bool:
    """Whether somebody is there to answer."""
    return not quiet and sys.stdin.isatty()


def _check_erasures(preview: dict[str, Any], erase: int | None, *, admits: bool, asks: bool) -> None:
    """Have somebody name how many entries would be erased, where they are many; raises Refused otherwise."""
    count = preview["erases"] + (preview["erases_waiting"] if admits else 0)
    if count <= ERASURES_LIMIT or erase == count:
        return
    if (
        asks
        and click.prompt(f"{count} entries that others wrote would be erased for good. How many are they?", type=int)
        == count
    ):
        return
    raise Refused(
        f"{count} entries that others wrote would be erased for good, so nothing was taken in. Look at them "
        f"on the page of the exchange; if it is meant, say so with --erase {count}."
    )


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
