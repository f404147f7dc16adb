"""The pages of the exchange, for stewards: bring a bundle in, and see first what it would do."""

from collections.abc import Mapping, Sequence

from flask import Response, current_app, request, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from partnernet.core.db import commit, db, lock_ledger, write
from partnernet.core.errors import BadBundle, Conflict, NotFound
from partnernet.core.ledger.erasures import ERASURES_LIMIT
from partnernet.core.ledger.ranges import Ranges
from partnernet.core.ledger.tables import Have
from partnernet.core.words import _
from partnernet.exchange import counted, erasures, sentences, upkeep
from partnernet.exchange.blueprint import bp
from partnernet.exchange.bundle import form_of
from partnernet.exchange.form import ImportForm
from partnernet.exchange.incoming import apply, looking, refusals, set_back, stage, standing
from partnernet.exchange.incoming.placing import plan_files
from partnernet.exchange.incoming.reader import open_bundle
from partnernet.exchange.incoming.uploads import Uploads
from partnernet.exchange.log import book as logbook
from partnernet.exchange.model import APPLIED, BY_FILE, TURNED_AWAY, WAITING, ImportBatch
from partnernet.exchange.senders import sender_name
from partnernet.nodes import alarms, known
from partnernet.nodes.fingerprint import spoken
from partnernet.nodes.knowing import how_known
from partnernet.nodes.known import unnamed
from partnernet.nodes.sentences import state, state_beside
from partnernet.web.guard import may, member
from partnernet.web.here import its_files, this_node
from partnernet.web.notices import done
from partnernet.web.render import go, render

LATELY = 5
SERVERS = 5
"""How many servers a page leads to, of those whose words wait."""


@bp.get("")
@may("exchange")
def index() -> Response:
    """What this server holds, what it exchanged, and with whom."""
    return _index(ImportForm())


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
        by = member().handle
        path, digest = _uploads().keep(upload.stream, kind, limit)
        try:
            same = standing.same_file(session, by, digest)
            if same and not same.preview["over"] and standing.is_new(session, same, this_node()):
                return go(url_for("exchange.show", batch=same.id))
            before = same.id if same else ""
            with refusals.noted(session, name=name, by=by), open_bundle(path) as bundle:
                batch = stage.stage(session, bundle, this_node(), its_files(), name=name, by=by, digest=digest)
                upkeep.hold(session, batch.id, bundle, _uploads(), its_files())
        finally:
            path.unlink(missing_ok=True)
    except BadBundle as error:
        form.bundle.errors = [error.sentence]
        return _index(form, status=422)
    batch_id, has_news = batch.id, stage.has_news(batch)
    for gone in filter(None, (before, "" if has_news else batch_id)):
        if stage.give_way(session, gone):
            _uploads().forget(gone)
    if not has_news:
        done(_("Everything in %(name)s is here already; nothing was changed.", name=name))
        return go(url_for("exchange.index"))
    return go(url_for("exchange.show", batch=batch_id))


@bp.get("/imports/<batch>")
@may("exchange")
def show(batch: str) -> Response:
    """What an import would do; afterwards, what it did."""
    return _show(_batch(batch))


@bp.post("/imports/<batch>/apply")
@may("exchange")
def apply_import(batch: str) -> AnyResponse:
    """Take an import in: all of it, or nothing; the page of one that is over says what became of it."""
    session, found, placing = db.session(), _batch(batch), apply.NO_FILES
    if found.state != WAITING:
        return _is_over(batch)
    wrong = _unsaid(batch)
    if not wrong:
        session.rollback()
        if found.way == BY_FILE:
            placing = plan_files(session, batch, this_node(), its_files(), _uploads().sizes(batch))
            _uploads().hand_over(batch, its_files(), placing.names)
        write(session)
        wrong = _unsaid(batch)  # meanwhile a server may have been let in, or entries may have come
    if wrong:
        session.rollback()
        return _show(_batch(batch), wrong=wrong)
    try:
        receipt = apply.apply(session, batch, this_node(), placing=placing)
    except Conflict:  # another press of the button was quicker
        return _is_over(batch)
    commit(session)
    set_back.go_on_anew(session, receipt)
    _uploads().forget(batch)
    done(_("Taken in."))
    return go(url_for("exchange.show", batch=batch))


@bp.post("/imports/<batch>/set-aside")
@may("exchange")
def set_aside(batch: str) -> AnyResponse:
    """Decide against an import; the page of one that is over says what became of it."""
    session = db.session()
    write(session)
    lock_ledger(session)  # so that an import which is being taken in elsewhere is over, one way or the other
    try:
        stage.set_aside(session, _batch(batch))
    except Conflict:
        return _is_over(batch)
    commit(session)
    _uploads().forget(batch)
    done(_("Set aside; nothing was changed."))
    return go(url_for("exchange.index"))


def _is_over(batch: str) -> AnyResponse:
    """Somebody, or this very person in another window, has decided: nothing is left to do but to show it."""
    db.session().rollback()
    return go(url_for("exchange.show", batch=batch))


def waiting(session: Session) -> list[ImportBatch]:
    """The imports that wait for a steward to decide, oldest first."""
    return list(session.scalars(select(ImportBatch).where(ImportBatch.state == WAITING).order_by(ImportBatch.started)))


def _index(import_form: ImportForm, status: int = 200) -> Response:
    session = db.session()
    held = session.scalars(select(Have.ranges)).all()
    neighbours = known.servers(session)
    lately, _following = logbook.lines(session, this_node(), member(), limit=LATELY)
    return render(
        "exchange/index.html",
        status=status,
        import_form=import_form,
        waiting=[(batch, _sender(batch, neighbours)) for batch in logbook.undecided(session)],
        lately=lately,
        counted=counted,
        held=sum(len(Ranges.read(ranges)) for ranges in held),
        servers=session.scalar(select(func.count(Have.node.distinct()))),
        neighbours=neighbours,
        alarms=alarms.unseen(session, {server.key: server.called for server in neighbours}),
        server_state=state,
        limit=current_app.config["BUNDLE_LIMIT"],
    )


def _sender(batch: ImportBatch, neighbours: Sequence[known.Server]) -> str:
    called = {server.key: server.called for server in neighbours}
    return sender_name(batch, called.get(batch.sender) or unnamed(batch.sender)) if batch.sender else ""


def _show(batch: ImportBatch, wrong: str = "") -> Response:
    session, own = db.session(), this_node().id
    server = known.look_up(session, batch.sender) if batch.sender != own else None
    sender = sender_name(batch, server.called if server else unnamed(batch.sender)) if batch.sender else ""
    called = {batch.sender: sender} if batch.sender and batch.sender != own else {}
    return render(
        "exchange/show.html",
        status=422 if wrong else 200,
        batch=batch,
        sender=sender,
        said=_said(session, batch, called),
        look=looking.look(session, batch.id, member(), called) if batch.state == WAITING else None,
        erases=erasures.erases_now(session, batch.id, this_node()) if batch.state == WAITING else 0,
        wrong=wrong,
        limit=ERASURES_LIMIT,
        left_out=sentences.not_in_it(batch.header.get("left_out", [])),
        note=batch.header.get("note", ""),
        waits=_waits(session, batch),
        is_own=batch.sender == own,
        server=server,
        server_state=state_beside(server) if server else "",
        how_known=how_known(session, [server], to=member())[server.key] if server else "",
        spoken=spoken,
        days=stage.STAGE_DAYS,
        is_old=batch.state == WAITING and not standing.is_new(session, batch, this_node()),
    )


def _unsaid(batch: str) -> str:
    """What to write first, where an import would erase many entries as things stand now; empty where that is done."""
    count = erasures.erases_now(db.session(), batch, this_node())
    if count <= ERASURES_LIMIT or request.form.get("erase", "").strip().replace(",", "") == str(count):
        return ""
    return _("Write how many entries would be erased, so that nobody erases many by a slip.")


def _said(session: Session, batch: ImportBatch, called: Mapping[str, str]) -> list[str]:
    if batch.state == TURNED_AWAY:
        return [batch.hold]
    if batch.state == APPLIED:
        return sentences.of_receipt(batch.receipt)
    others = batch.preview["waiting"].keys() - called.keys()
    return sentences.of_preview(batch.preview, {**known.names(session, others), **called})


def _waits(session: Session, batch: ImportBatch) -> dict[str, str]:
    """The servers whose words came and wait outside, by key: what they are called."""
    if batch.state != APPLIED or not batch.receipt["waiting"]:
        return {}
    return known.names(session, list(batch.preview.get("waiting", {}))[:SERVERS])


def _batch(batch_id: str) -> ImportBatch:
    batch = db.session().get(ImportBatch, batch_id)
    if batch is None or batch.state == "staging":
        raise NotFound(_("This import is not here any more: what nobody decides about goes after a week."))
    return batch


def _uploads() -> Uploads:
    return Uploads(current_app.config["DATA"] / "imports")
