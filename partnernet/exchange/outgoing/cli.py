"""`partnernet export` and `have`: what this server holds, for another one."""

import contextlib
import json
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import click
from sqlalchemy.orm import Session

from partnernet.core.db import commit, db, write
from partnernet.core.errors import Invalid
from partnernet.core.ledger import log
from partnernet.core.ledger.canonical import encode
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.ledger.op import NODE_ITSELF
from partnernet.core.policy import NETWORK, PUBLIC
from partnernet.exchange import counted, sentences
from partnernet.exchange.bundle import HEADER_LIMIT, JSONL, ZIP, form_of, strict_json
from partnernet.exchange.header import Have, read_have
from partnernet.exchange.incoming.reader import open_bundle
from partnernet.exchange.log import handovers
from partnernet.exchange.outgoing.choosing import Wish, selection_of
from partnernet.exchange.outgoing.naming import part_name
from partnernet.exchange.outgoing.parts import read_size, write_parts
from partnernet.exchange.outgoing.writer import Export, Written
from partnernet.exchange.outgoing.writer import write as write_bundle
from partnernet.terminal import progress, whole_file
from partnernet.web.here import its_files, this_node

PIPE = "-"
DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command("export")
@click.option("--to", help="Only what a known server lacks and may read: its name, or the beginning of its key.")
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
@click.option("--kind", help="Only one kind: news, idea, discussion, note, …, with its replies and marks.")
@click.option("--from", "first", type=DAY, help="Only entries dated on this day or later: 2026-03-01.")
@click.option("--until", "last", type=DAY, help="Only entries dated on this day or earlier.")
@click.option("--no-files", is_flag=True, help="Leave attachments out.")
@click.option("--max-size", help="Divide it into files below this size, like 18M for e-mail; they go in any order.")
@click.option("--note", default="", help="A few words to whoever opens it.")
@click.option(
    "--out",
    default=PIPE,
    help="Where to: a name that ends in .pn.zip, .pn.json or .pn.jsonl; “-” for lines to a pipe.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document of what was written; needs --out.")
def export_command(
    to: str | None, since_have: Path | None, logs: Sequence[str], root: str | None, kind: str | None,
    first: datetime | None, last: datetime | None, no_files: bool, max_size: str | None, note: str, out: str,
    as_json: bool,
) -> None:  # fmt: skip
    """Write what this server holds to a bundle."""
    session = db.session()
    if kind is not None and (kind not in KINDS or kind == "reply"):
        kinds = ", ".join(sorted(KINDS.keys() - {"reply"}))
        raise Invalid(f"There is no kind “{kind}”: choose one of {kinds}.")
    wish = Wish(
        logs=tuple(dict.fromkeys(logs)) or (PUBLIC, NETWORK), to=to, root=root, kind=kind,
        first=first.date() if first else None, last=last.date() if last else None, with_files=not no_files,
        since=_have_of(since_have) if since_have else None,
    )  # fmt: skip
    selection = selection_of(session, wish)
    if out == PIPE and (as_json or sys.stdout.isatty()):
        raise Invalid("Say where to with --out network.pn.zip, or send the lines into a pipe.")
    form = JSONL if out == PIPE else form_of(out)
    with progress("Exporting") as step:
        export = Export(session, this_node(), its_files(), selection, note=note, progress=step)
        written, paths = _written(export, form, out, read_size(max_size) if max_size else None)
    _note(session, export, written, form, paths)
    left = [item.said() for item in written.header.left_out]
    if as_json:
        click.echo(json.dumps({
            "files": [str(path) for path in paths], "counts": written.header.counts, "left_out": left,
        }, ensure_ascii=False))  # fmt: skip
        return
    if len(paths) == 1:
        click.echo(f"{paths[0].name} is written: {counted.statements(written.header.counts['ops'])}.", err=True)
    elif paths:
        click.echo(f"In {len(paths)} files, from {paths[0].name} to {paths[-1].name}; they go in any order.", err=True)
    for sentence in sentences.left_out(left):
        click.echo(sentence, err=True)


@click.command("have")
def have_command() -> None:
    """Print what this server holds, for “export --since-have” on another one."""
    click.echo(encode(log.have(db.session(), (PUBLIC, NETWORK))))


def _written(export: Export, form: str, out: str, size: int | None) -> tuple[Written, list[Path]]:
    """Write it to a pipe, to a file, or to several: network-part-1-of-5.pn.zip and so on."""
    if out == PIPE:
        if size:
            raise Invalid("Lines in a pipe cannot be divided: give a name that ends in .pn.zip with --out.")
        written = write_bundle(export, form, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return written, []
    if size is None:
        with whole_file(Path(out)) as file:
            return write_bundle(export, form, file), [Path(out)]
    if form != ZIP:
        raise Invalid("Only a .pn.zip can be divided: give a name that ends so with --out.")
    paths: list[Path] = []
    stem = out[: -len(ZIP)] if out.lower().endswith(ZIP) else out[: -len(".zip")]

    def make(number: int) -> contextlib.AbstractContextManager[BinaryIO]:
        paths.append(Path(part_name(stem, number) + ZIP))
        return whole_file(paths[-1])

    written = write_parts(export, size, make)
    names = (part_name(stem, number, len(paths)) for number in range(1, len(paths) + 1))
    return written, [path.replace(f"{name}{ZIP}") for path, name in zip(paths, names, strict=True)]


def _note(session: Session, export: Export, written: Written, form: str, paths: Sequence[Path]) -> None:
    """Write it down in the log."""
    session.rollback()
    write(session)
    handovers.note(
        session, by=NODE_ITSELF, to=export.selection.to, way=handovers.FILE, form=form,
        name=paths[0].name if paths else PIPE, selection=written.header.selection, counts=written.header.counts,
        held=written.held.said(), size=sum(path.stat().st_size for path in paths), at=export.at,
    )  # fmt: skip
    commit(session)


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
