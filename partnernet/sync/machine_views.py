"""What other servers ask for: who this is, what it holds, pages of ops, pieces of files."""

import re
from functools import partial
from typing import Any

from flask import Response, jsonify, request
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from partnernet import __version__
from partnernet.core.db import commit, db, write
from partnernet.core.errors import BadBundle, NotFound
from partnernet.core.files import Files
from partnernet.core.ledger import log
from partnernet.core.ledger.op import NODE_ITSELF
from partnernet.core.ledger.tables import OpRow
from partnernet.core.words import _
from partnernet.exchange.bundle import strict_json
from partnernet.exchange.header import read_have
from partnernet.exchange.incoming.refusals import noted
from partnernet.exchange.log.handovers import WIRE, note_have
from partnernet.exchange.model import BY_WIRE
from partnernet.network.model import OWN, own_network, setting
from partnernet.nodes.admit import let_in
from partnernet.nodes.card import SERVER
from partnernet.sync import attachments, brought, given, pages, protocol, vouched, wants
from partnernet.sync.blueprint import bp
from partnernet.sync.entrance import Call, Said, for_servers, fresh_challenge, said
from partnernet.sync.files import may_come, note_came
from partnernet.sync.incarnation import settle
from partnernet.sync.intake import take_in
from partnernet.sync.pages import Page
from partnernet.web.guard import may
from partnernet.web.here import its_files, this_node

_ID = re.compile(r"[a-z2-7]{52}").fullmatch
_INC = re.compile(r"[a-z2-7]{26}").fullmatch
_SPAN = re.compile(r"bytes=([0-9]{1,15})-([0-9]{0,15})").fullmatch
_NUMBER = re.compile(r"[0-9]{1,15}").fullmatch
_AFTER = re.compile(r"([0-9]{1,16})\.([a-z2-7]{0,52})").fullmatch


@bp.get("/.well-known/partnernet")
@may("anyone")
def well_known() -> Response:
    """Who this server is, for whoever wants to exchange with it, and the challenge that they sign."""
    session = db.session()
    network = own_network(session)
    answer = jsonify(
        {
            "format": protocol.FORMAT,
            "node": this_node().id,
            "server": setting(session, SERVER),
            "network": {"id": setting(session, OWN), "name": network.name if network else ""},
            "software": f"partnernet/{__version__}",
            "limits": protocol.limits(),
            "challenge": fresh_challenge(),
        }
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post(protocol.HAVE)
@may("peer")
@for_servers(protocol.HAVE_LIMIT)
def have(call: Call) -> Said:
    """Hear what another server holds; say what is held here, and what of theirs is wanted."""
    given_have = _object(call.body).get("have")
    theirs = read_have(given_have)
    session, guest = db.session(), call.guest
    mine = log.have(session)
    found = wants.compare(session, this_node(), let_in(session, this_node()), guest, theirs, mine)
    session.rollback()
    write(session)
    note_have(session, guest.key, theirs, sorted({key.split("/", 2)[2] for key in theirs}), way=WIRE)
    commit(session)
    settle(session, this_node(), found)
    answer = {
        "have": brought.told(session, guest, mine),
        "want": wants.written(found.wants),
        "lacks": attachments.lacked(session, this_node().id, its_files(), guest),
        "reads": list(guest.reads),
        "writes": list(guest.writes),
    }
    if signed := vouched.lacked(session, guest, theirs):
        answer["signed"] = wants.written(signed)
    return said(answer)


@bp.get(protocol.HAVE)
@may("peer")
@for_servers(protocol.NOTHING)
def ids(call: Call) -> Said:
    """The ids of one node's incarnation in one log, for when two servers hold the same numbers and differ."""
    of, after = request.args.get("of", ""), _AFTER(request.args.get("after", "0."))
    writer, _slash, place = of.partition("/")
    inc, _slash, name = place.partition("/")
    if name not in call.guest.reads or after is None or not _ID(writer) or not _INC(inc):
        raise NotFound()
    found = ids_of(db.session(), writer, inc, name, int(after[1]), after[2])
    return said({"ids": [[row.seq, row.id] for row in found[: protocol.IDS]], "more": len(found) > protocol.IDS})


def ids_of(session: Session, writer: str, inc: str, name: str, seq: int, op_id: str) -> list[Any]:
    """Numbers and ids of one incarnation's log past a place, one more than is said at once."""
    one = (OpRow.node == writer) & (OpRow.inc == inc) & (OpRow.log == name)
    later = or_(OpRow.seq > seq, (OpRow.seq == seq) & (OpRow.id > op_id))
    query = select(OpRow.seq, OpRow.id).where(one, OpRow.seq >= seq, later).order_by(OpRow.seq, OpRow.id)
    return list(session.execute(query.limit(protocol.IDS + 1)).all())


@bp.post(protocol.OPS)
@may("peer")
@for_servers(protocol.PAGE_LIMIT)
def ops(call: Call) -> Said:
    """Take in a page, and give the page that is asked for; either may be empty."""
    session, guest = db.session(), call.guest
    with noted(session, name=guest.name, by=NODE_ITSELF, way=BY_WIRE, sender=guest.key):
        head, lines = pages.read(call.body)
    answer: dict[str, Any] = {}
    if lines:
        try:
            taken = take_in(session, this_node(), its_files(), guest, lines)
            answer["push"] = taken.said()
            if not taken.is_held:
                brought.note(session, guest, lines)
        except BadBundle as error:
            session.rollback()
            answer["push"] = {"refused": error.sentence}
        answer["have"] = brought.told(session, guest, log.have(session, guest.reads))
        answer["lacks"] = attachments.lacked(session, this_node().id, its_files(), guest)
    page = pages.fill_by_id(session, _page(head), _ids(head.get("ids", [])), guest.reads)
    if not page.is_cut:
        page = pages.fill(session, page, wants.read_wants(head.get("want", {}), guest.reads))
    answer["files"] = given.files(session, its_files(), head.get("files", {}), guest.reads)
    answer["more"] = page.is_cut
    session.rollback()
    given.note(session, guest.key, page)
    return Said(pages.write(answer, page.ordered()), protocol.LINES)


@bp.get(f"{protocol.BLOBS}<sha256>")
@may("peer")
@for_servers(protocol.NOTHING)
def blob(call: Call, sha256: str) -> Said:
    """A piece of a file, through an op that names it and that the other server may read."""
    session, files = db.session(), its_files()
    if not given.may_have(session, sha256, request.args.get("op", ""), call.guest.reads) or not files.has(sha256):
        return said({"error": str(_("This file is not here."))}, 404)
    session.rollback()
    size, span = files.size(sha256), request.headers.get("Range")
    asked = _SPAN(span or "bytes=0-")
    first = int(asked[1]) if asked else size
    last = min(int(asked[2]) if asked and asked[2] else size - 1, first + protocol.PIECE - 1, size - 1)
    if span is None and size <= protocol.PIECE:
        return Said(_piece(files, sha256, 0, size), protocol.BYTES)
    if span is None or first > last:
        return Said(b"", protocol.BYTES, 416, f"bytes */{size}")
    return Said(_piece(files, sha256, first, last + 1 - first), protocol.BYTES, 206, f"bytes {first}-{last}/{size}")


@bp.post(f"{protocol.BLOBS}<sha256>")
@may("peer")
@for_servers(protocol.PIECE)
def take_blob(call: Call, sha256: str) -> Said:
    """Take a piece of a file that is lacked here, and that an op names which the other server may bring."""
    session, files = db.session(), its_files()
    at, size = request.args.get("at", ""), request.args.get("of", "")
    may_bring = given.may_bring(session, sha256, request.args.get("op", ""), call.guest)
    session.rollback()
    if not may_bring or not _NUMBER(at) or not _NUMBER(size):
        raise NotFound(_("This file is not asked for here."))
    if files.has(sha256):
        return said({"whole": True})
    op, own = request.args.get("op", ""), this_node().id
    if not may_come(session, own, op, int(size) - attachments.come(sha256)):
        return said({"at": 0})
    note = partial(note_came, session, own, op)
    return said(attachments.put(files, sha256, int(at), int(size), call.body, note))


def _piece(files: Files, sha256: str, first: int, length: int) -> bytes:
    with files.open(sha256) as file:
        file.seek(first)
        return file.read(length)


def _page(head: dict[str, Any]) -> Page:
    """An empty page of the size that is asked for."""
    most = head.get("most", protocol.PAGE_OPS)
    good = type(most) is int and 1 <= most <= protocol.PAGE_OPS
    return Page(most if good else protocol.PAGE_OPS)


def _ids(asked: object) -> list[str]:
    if not isinstance(asked, list) or len(asked) > protocol.PAGE_OPS:
        raise BadBundle(_("What another server asked for is not in the form it should have."))
    return [each for each in asked if isinstance(each, str) and _ID(each)]


def _object(body: bytes) -> dict[str, Any]:
    value = strict_json(body, str(_("What was sent")))
    if not isinstance(value, dict):
        raise BadBundle(_("What another server said is not in the form it should have."))
    return value
