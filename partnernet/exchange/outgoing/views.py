"""The pages for taking a copy along: choose, see what will be in it, then download it, in one file or in several."""

from contextlib import suppress
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from flask import Response, current_app, request, send_file, url_for
from sqlalchemy import func, select
from werkzeug.wrappers import Response as AnyResponse

from partnernet.core.db import commit, db, write
from partnernet.core.entry import Entry
from partnernet.core.errors import NotFound, TooLarge
from partnernet.core.files import storing
from partnernet.core.ledger.tables import OpRow
from partnernet.exchange import counted, sentences
from partnernet.exchange.blueprint import bp
from partnernet.exchange.bundle import ZIP
from partnernet.exchange.form import TakeForm
from partnernet.exchange.log import handovers
from partnernet.exchange.model import Handover
from partnernet.exchange.outgoing.choosing import selection_of
from partnernet.exchange.outgoing.exports import Exports
from partnernet.exchange.outgoing.naming import part_name
from partnernet.exchange.outgoing.parts import read_size, write_parts
from partnernet.exchange.outgoing.plan import plan
from partnernet.exchange.outgoing.writer import Export, Written
from partnernet.exchange.outgoing.writer import write as write_bundle
from partnernet.nodes import known
from partnernet.web.guard import may, member
from partnernet.web.here import its_files, this_node
from partnernet.web.render import go, render

LOOK = "look"


@bp.get("/take")
@may("exchange")
def take() -> Response:
    """Choose what to take along; once that is done, what will be in it and what is left out."""
    form = _form(request.args)
    if not request.args.get(LOOK):
        return _take(form)
    return _take(form, looks=True) if form.validate() else _take(form, status=422)


@bp.post("/export")
@may("exchange")
def export() -> AnyResponse:
    """A bundle to download; it is whole before its first byte goes out."""
    form = _form(request.form)
    if not form.validate():
        return _take(form, status=422)
    session = db.session()
    given = Export(session, this_node(), its_files(), selection_of(session, form.wish), note=form.note.data or "")
    try:
        return _parts(given, read_size(form.size.data)) if form.size.data else _one(given, form.form.data)
    except TooLarge as error:
        session.rollback()
        form.form.errors = [error.sentence]
        return _take(form, status=422)


@bp.get("/exports/<made>")
@may("exchange")
def made(made: str) -> Response:
    """The parts of a divided bundle, to be downloaded one by one."""
    sizes = exports().parts(made)
    row = db.session().get(Handover, made)
    if row is None:
        raise NotFound()
    called = known.names(db.session(), [row.to])[row.to] if row.to else ""
    return render("exchange/made.html", made=row, sizes=sizes, called=called)


@bp.get("/exports/<made>/<int:part>")
@may("exchange")
def download(made: str, part: int) -> AnyResponse:
    """One part."""
    path, parts = exports().path(made, part), len(exports().parts(made))
    row = db.session().get(Handover, made)
    name = part_name(row.name.removesuffix(ZIP) if row else "partnernet", part, parts)
    return _sent(send_file(path, "application/octet-stream", as_attachment=True, download_name=f"{name}{ZIP}"))


def exports() -> Exports:
    """Where the parts are kept."""
    return Exports(current_app.config["DATA"] / "exports")


def _take(form: TakeForm, *, looks: bool = False, status: int = 200) -> Response:
    session = db.session()
    entry = found = said = None
    if form.root.data:
        entry = session.get(Entry, selection_of(session, form.wish).root)
    if looks:
        selection = selection_of(session, form.wish)
        found = plan(session, its_files(), selection, form.form.data or ZIP)
        said = sentences.not_in_it([item.said() for item in found.left])
    return render(
        "exchange/take.html", form=form, plan=found, left_out=said, entry=entry, status=status, counted=counted,
        called=dict(form.to.choices).get(form.to.data, ""),
    )  # fmt: skip


def _form(given: object) -> TakeForm:
    servers = [(server.key, server.called) for server in known.servers(db.session()) if server.key != this_node().id]
    return TakeForm(given).offer(servers)


def _one(given: Export, form: str) -> AnyResponse:
    """All in one file."""
    file = _scratch()
    try:
        with storing():
            written = write_bundle(given, form, file)
        size, name = file.tell(), f"{given.name}{form}"
        file.seek(0)
        _note(given, written, form, name, size)
    except BaseException:
        file.close()
        raise
    return _sent(send_file(file, "application/octet-stream", as_attachment=True, download_name=name, max_age=0))


def _parts(given: Export, size: int) -> AnyResponse:
    """In several files, which wait for a day."""
    kept = exports()
    kept.sweep()
    begun = kept.begin()
    try:
        written = write_parts(given, size, lambda number: kept.part(begun, number))
        _note(given, written, ZIP, f"{given.name}{ZIP}", sum(kept.parts(begun)), begun)
    except BaseException:
        kept.forget(begun)
        raise
    return go(url_for("exchange.made", made=begun))


def _note(given: Export, written: Written, form: str, name: str, size: int, begun: str | None = None) -> None:
    """Write it down in the log, with how far the record went: parts that are kept go once something is erased."""
    row = given.session.scalar(select(func.max(OpRow.n))) or 0
    given.session.rollback()
    write(given.session)
    handovers.note(
        given.session, by=member().handle, to=given.selection.to, way=handovers.FILE, form=form, name=name,
        selection=written.header.selection, counts={**written.header.counts, "row": row},
        held=written.held.said(), size=size, at=given.at, made=begun,
    )  # fmt: skip
    commit(given.session)


def _sent(response: AnyResponse) -> AnyResponse:
    response.headers["Cache-Control"] = "no-store"
    return response


def _scratch() -> BinaryIO:
    """A file without a name, on the disk of the data folder: it is gone when it is closed."""
    folder = current_app.config["DATA"] / "exports"
    with storing(), suppress(FileExistsError):
        folder.mkdir(parents=True)
    return cast(BinaryIO, TemporaryFile(dir=folder))
