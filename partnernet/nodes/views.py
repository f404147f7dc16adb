"""The pages of other servers, for stewards: who they are, how well they are known, and what they may do."""

import io
from typing import Any

from flask import Response, current_app, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from partnernet.core.db import commit, db
from partnernet.core.words import _, plural
from partnernet.network.model import setting, settle
from partnernet.nodes import alarms, known, network_key, network_list, revocation, sentences
from partnernet.nodes.admit import MEMBERSHIP
from partnernet.nodes.blueprint import bp
from partnernet.nodes.card import SERVER, own_card, own_words
from partnernet.nodes.fingerprint import spoken
from partnernet.nodes.form import OwnForm, ServerForm
from partnernet.nodes.knowing import how_known
from partnernet.sync import schedule, state
from partnernet.web.guard import may, member
from partnernet.web.here import this_node
from partnernet.web.notices import done
from partnernet.web.render import go, render

CARD_FILE = "partnernet-card.json"


@bp.get("")
@may("exchange")
def index() -> Response:
    """Every server that this one has heard of."""
    session = db.session()
    found = known.servers(session)
    ours, signs = own_words(session), network_list.signs_here(session, this_node())
    return render(
        "nodes/index.html",
        alarms=alarms.unseen(session, {server.key: server.called for server in found}),
        servers=found,
        how_known=how_known(session, found, to=member()),
        state=sentences.state,
        own_called=ours.called,
        own_short=spoken(this_node().id),
        signs=signs,
        needs_copy=signs and not network_key.is_copied(this_node(), ours.copied),
    )


@bp.get("/card")
@may("exchange")
def card() -> AnyResponse:
    """This server's card, as a file to hand over."""
    text = own_card(db.session(), this_node(), current_app.config["BASE_URL"]).text()
    file = io.BytesIO(text.encode())
    return send_file(file, "application/json", as_attachment=True, download_name=CARD_FILE, max_age=0)


@bp.route("/own", methods=["GET", "POST"])
@may("exchange")
def own() -> AnyResponse:
    """What this server is called."""
    session = db.session()
    form = OwnForm(request.form, data={"name": setting(session, SERVER)})
    if request.method == "POST" and form.validate():
        settle(session, SERVER, form.name.data or "")
        commit()
        done(_("The card of this server says so now."))
        return go(url_for("nodes.index"))
    return render("nodes/own.html", status=422 if form.errors else 200, form=form)


@bp.get("/<key>")
@may("exchange")
def show(key: str) -> Response:
    """One server."""
    session = db.session()
    server = known.find(session, key)
    entry, signs = network_list.listed(session, this_node()).get(key), network_list.signs_here(session, this_node())
    return render(
        "nodes/show.html", server=server, how_known=how_known(session, [server], to=member()), reads=sentences.READS,
        writes=sentences.WRITES, right_of=sentences.right_of, signs=signs, is_listed=entry is not None,
        list_says=sentences.list_says(server, entry) if signs or entry else "",
        differs=entry is not None and sentences.differs(server, entry),
        hidden=revocation.revoked(session, this_node(), key),
    )  # fmt: skip


@bp.route("/<key>/edit", methods=["GET", "POST"])
@may("exchange")
def edit(key: str) -> AnyResponse:
    """Call it by another name, say where it is and what it may do."""
    session = db.session()
    server = known.find(session, key)
    every = str(state.of(session, [key])[key].every)
    given = request.form if request.method == "POST" else None  # an empty form would take the tick out of its box
    form = ServerForm(given, data=_present(server) | {"every": every})
    if request.method == "POST" and form.validate():
        name, address = form.name.data or "", form.address.data or ""
        if (address, form.private.data) != (server.node.address, server.node.private):
            schedule.begin_anew(session, key)
        known.describe(session, key, name=name, address=address, private=form.private.data)
        new = known.grant(session, key, reads=form.read_logs, writes=form.written_logs)
        network_list.follow(session, this_node())
        if form.every.data != every:
            schedule.set_interval(session, key, int(form.every.data))
        commit()
        done(came_in(new) or _("What you said of this server is kept."))
        return go(url_for("nodes.show", key=key))
    return render("nodes/edit.html", status=422 if form.errors else 200, form=form, server=server)


@bp.post("/<key>/admission")
@may("exchange")
def admission(key: str) -> AnyResponse:
    """Let a server in, or stop letting it in: what it writes from then on waits outside."""
    session = db.session()
    server = known.find(session, key)
    here = request.path
    if request.form.get("stop"):
        back, fields = here, {name: sentences.right_of(getattr(server, name)) for name in ("reads", "writes")}
        if server.node.origin == MEMBERSHIP:  # what the list said of it is to hold again, whatever that is by then
            back, fields = url_for("nodes.listing", key=key), {"obey": "1"}
        known.grant(session, key, reads=(), writes=())
        commit()
        words = _("%(server)s is not let in any more. What it wrote before stays.", server=server.called)
        done(words, undo=back, fields=fields)
        return go(url_for("nodes.show", key=key))
    reads, writes = _chosen("reads", sentences.right_of(server.reads)), _chosen("writes", sentences.EVERYTHING)
    new = known.grant(session, key, reads=reads, writes=writes)
    network_list.follow(session, this_node())
    commit()
    called = known.find(session, key).called  # from now on without what is said of strangers
    done(" ".join([_("%(server)s is let in.", server=called), came_in(new)]).strip())
    return go(url_for("nodes.show", key=key))


@bp.post("/alarms/seen")
@may("exchange")
def see_alarms() -> AnyResponse:
    """Mark alarms as seen."""
    numbers = request.form.getlist("alarm", type=int)
    alarms.see(db.session(), [number for number in numbers if 0 < number < 1 << 31][: alarms.SHOWN])
    commit()
    done(_("Marked as seen."))
    return go(url_for("nodes.index"))


def _chosen(name: str, default: str) -> Any:
    return sentences.LOGS.get(request.form.get(name, default), ())


def _present(server: known.Server) -> dict[str, Any]:
    node = server.node
    return {
        "name": node.name, "address": node.address, "private": node.private,
        "reads": sentences.right_of(server.reads), "writes": sentences.right_of(server.writes),
    }  # fmt: skip


def came_in(count: int) -> str:
    """So many statements that had waited came in; nothing where there were none."""
    if not count:
        return ""
    return plural(
        "%(count)s statement that had waited came in.", "%(count)s statements that had waited came in.", count
    )
