"""The pages of the exchange, for stewards: take a copy along, bring one in, see first what it would do."""

from contextlib import suppress
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from flask import Blueprint, Response, current_app, request, send_file, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from partnernet.core.db import commit, db, write
from partnernet.core.errors import BadBundle, Conflict, NotFound
from partnernet.core.files import Files, storing
from partnernet.core.ledger.node import Node
from partnernet.core.ledger.ranges import Ranges
from partnernet.core.ledger.tables import Have
from partnernet.core.words import _
from partnernet.exchange import apply, counted, refusals, sentences, stage
from partnernet.exchange.bundle import form_of
from partnernet.exchange.form import ExportForm, ImportForm
from partnernet.exchange.model import APPLIED, BY_FILE, TURNED_AWAY, WAITING, ImportBatch
from partnernet.exchange.reader import open_bundle
from partnernet.exchange.selection import Selection
from partnernet.exchange.uploads import Uploads
from partnernet.exchange.writer import Export
from partnernet.exchange.writer import write as write_bundle
from partnernet.nodes import alarms, known
from partnernet.nodes.fingerprint import spoken
from partnernet.nodes.knowing import how_known
from partnernet.nodes.sentences import state
from partnernet.web.guard import may, member
from partnernet.web.notices import done
from partnernet.web.render import go, render

PAST_SHOWN = 50

bp = Blueprint("exchange", __name__, url_prefix="/exchange")


@bp.get("")
@may("exchange")
def index() -> Response:
    """What this server holds, what it exchanged, and with whom."""
    return _index(ExportForm(), ImportForm())


@bp.post("/export")
@may("exchange")
def export() -> AnyResponse:
    """A bundle to download; it is whole before its first byte goes out."""
    form = ExportForm(request.form)
    if not form.validate():
        return _index(form, ImportForm(), status=422)
    session = db.session()
    given = Export(session, _node(), _files(), Selection(logs=form.chosen_logs), note=form.note.data or "")
    file = _scratch()
    try:
        with storing():
            write_bundle(given, form.form.data, file)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    session.rollback()
    name = f"partnernet-{given.day}{form.form.data}"
    response = send_file(file, "application/octet-stream", as_attachment=True, download_name=name, max_age=0)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/imports")
@may("exchange")
def imports() -> AnyResponse:
    """Take an upload, check all of it, and lead to what it would do."""
    limit = current_app.config["BUNDLE_LIMIT"]
    request.max_content_length = limit + (1 << 20)
    form, session = ImportForm(request.files), db.session()
    upload = request.files.get("bundle")
    try:
        if upload is None or not upload.filename:
            raise BadBundle(_("Please choose the file of a bundle first."))
        kind, name = form_of(upload.filename), "".join(filter(str.isprintable, upload.filename))[-200:]
        path = _uploads().keep(upload.stream, kind, limit)
        try:
            with refusals.noted(session, name=name, by=member().handle), open_bundle(path) as bundle:
                batch = stage.stage(session, bundle, _node(), _files(), name=name, by=member().handle)
            _uploads().name_after(path, batch.id, kind)
        finally:
            path.unlink(missing_ok=True)
    except BadBundle as error:
        form.bundle.errors = [error.sentence]
        return _index(ExportForm(), form, status=422)
    _uploads().sweep([waits.id for waits in waiting(session)])
    batch_id = batch.id
    if not stage.has_news(batch):
        stage.drop(session, batch_id)
        _uploads().forget(batch_id)
        done(_("Everything in %(name)s is here already; nothing was changed.", name=name))
        return go(url_for("exchange.index"))
    return go(url_for("exchange.show", batch=batch_id))


@bp.get("/imports/<batch>")
@may("exchange")
def show(batch: str) -> Response:
    """What an import would do; afterwards, what it did."""
    found = _batch(batch)
    sender = known.look_up(db.session(), found.sender)
    return render(
        "exchange/show.html",
        batch=found,
        sender=sender,
        how_known=how_known(db.session(), [sender], to=member())[sender.key] if sender else "",
        said=_said(found),
        left_out=sentences.left_out(found.header.get("left_out", [])),
        note=found.header.get("note", ""),
        network=found.header.get("from", {}).get("network", ""),
        waits=found.state == APPLIED and found.receipt["waiting"],
        is_own=found.sender == _node().id,
        spoken=spoken,
        days=stage.STAGE_DAYS,
    )


@bp.post("/imports/<batch>/apply")
@may("exchange")
def apply_import(batch: str) -> AnyResponse:
    """Take an import in: all of it, or nothing."""
    session, found, new_files = db.session(), _batch(batch), 0
    if found.state != WAITING:
        raise Conflict(_("This import is over already; load its page again to see what became of it."))
    session.rollback()
    if found.way == BY_FILE:
        with open_bundle(_uploads().of(batch)) as bundle:
            new_files = apply.put_files(bundle, _files())
    write(session)
    apply.apply(session, batch, _node(), new_files=new_files)
    commit(session)
    _uploads().forget(batch)
    done(_("Taken in."))
    return go(url_for("exchange.show", batch=batch))


@bp.post("/imports/<batch>/set-aside")
@may("exchange")
def set_aside(batch: str) -> AnyResponse:
    """Decide against an import."""
    session = db.session()
    write(session)
    stage.set_aside(session, _batch(batch))
    commit(session)
    _uploads().forget(batch)
    done(_("Set aside; nothing was changed."))
    return go(url_for("exchange.index"))


def waiting(session: Session) -> list[ImportBatch]:
    """The imports that wait for a steward to decide, oldest first."""
    return list(session.scalars(select(ImportBatch).where(ImportBatch.state == WAITING).order_by(ImportBatch.started)))


def _index(export_form: ExportForm, import_form: ImportForm, status: int = 200) -> Response:
    session = db.session()
    past = session.scalars(
        select(ImportBatch).where(ImportBatch.state != "staging")
        .order_by(ImportBatch.started.desc()).limit(PAST_SHOWN)
    ).all()  # fmt: skip
    held = session.scalars(select(Have.ranges)).all()
    neighbours = known.servers(session)
    return render(
        "exchange/index.html",
        status=status,
        export_form=export_form,
        import_form=import_form,
        past=past,
        receipt_said=sentences.of_receipt,
        counted=counted,
        held=sum(len(Ranges.read(ranges)) for ranges in held),
        servers=session.scalar(select(func.count(Have.node.distinct()))),
        neighbours=neighbours,
        alarms=alarms.unseen(session, {server.key: server.called for server in neighbours}),
        server_state=state,
        own=spoken(_node().id),
        limit=current_app.config["BUNDLE_LIMIT"],
    )


def _said(batch: ImportBatch) -> list[str]:
    if batch.state == TURNED_AWAY:
        return [batch.hold]
    return sentences.of_receipt(batch.receipt) if batch.state == APPLIED else sentences.of_preview(batch.preview)


def _batch(batch_id: str) -> ImportBatch:
    batch = db.session().get(ImportBatch, batch_id)
    if batch is None or batch.state == "staging":
        raise NotFound(_("This import is not here any more: what nobody decides about goes after a week."))
    return batch


def _scratch() -> BinaryIO:
    """A file without a name, on the disk of the data folder: it is gone when it is closed."""
    folder = current_app.config["DATA"] / "exports"
    with storing(), suppress(FileExistsError):
        folder.mkdir(parents=True)
    return cast(BinaryIO, TemporaryFile(dir=folder))


def _node() -> Node:
    node: Node = current_app.extensions["partnernet.node"]
    return node


def _files() -> Files:
    files: Files = current_app.extensions["partnernet.files"]
    return files


def _uploads() -> Uploads:
    return Uploads(current_app.config["DATA"] / "imports")
