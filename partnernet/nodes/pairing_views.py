"""Pairing: the card of another server comes in, and two people compare six words."""

from dataclasses import replace

from flask import current_app, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from partnernet.core.db import commit, db
from partnernet.core.errors import Invalid, Refused
from partnernet.core.words import _
from partnernet.nodes import known, network_list
from partnernet.nodes.blueprint import bp
from partnernet.nodes.card import CARD_LIMIT, Card, own_words, read_card
from partnernet.nodes.fetching import fetch
from partnernet.nodes.fingerprint import halves, spoken
from partnernet.nodes.form import CardForm, WordsForm
from partnernet.nodes.sentences import right_of
from partnernet.web.guard import may, member
from partnernet.web.here import this_node
from partnernet.web.notices import done
from partnernet.web.render import go, render


@bp.route("/new", methods=["GET", "POST"])
@may("exchange")
def new() -> AnyResponse:
    """Meet a server by its card: a file, a text, or what stands at its address."""
    session = db.session()
    form = CardForm(request.form)
    if request.method == "POST" and form.validate() and (given := _card(form)) is not None:
        known.meet(session, given, private=form.private.data)
        commit()
        return go(url_for("nodes.words", key=given.node))
    return render("nodes/new.html", status=422 if form.errors else 200, form=form)


@bp.route("/<key>/words", methods=["GET", "POST"])
@may("exchange")
def words(key: str) -> AnyResponse:
    """The six words of both servers, and the question whether they are the same there."""
    session = db.session()
    server = known.find(session, key)
    node = server.node
    before = {"reads": right_of(server.reads), "writes": right_of(server.writes)} if node.admitted else {}
    form = WordsForm(request.form, data=before | {"met": node.met})
    if request.method == "POST" and form.validate():
        known.pair(session, key, met=form.met.data, by=member().handle)
        known.grant(session, key, reads=form.read_logs, writes=form.written_logs)
        network_list.follow(session, this_node())
        commit()
        done(_("%(server)s is paired with this server. Have them confirm it on their page, too.", server=server.called))
        return go(url_for("nodes.show", key=key))
    ours, theirs = halves(this_node().id, key)
    return render(
        "nodes/words.html", status=422 if form.errors else 200, form=form, server=server, ours=ours, theirs=theirs,
        own_called=own_words(session).called, own_short=spoken(this_node().id),
    )  # fmt: skip


def _card(form: CardForm) -> Card | None:
    """The card that a form brings; what is wrong with it stands beside the field where it came from."""
    file, field = request.files.get("card"), form.text
    try:
        if file is not None and file.filename:
            field = form.card
            return _foreign(read_card(file.stream.read(CARD_LIMIT + 1)), form.address.data)
        if form.text.data and form.text.data.strip():
            return _foreign(read_card(form.text.data), form.address.data)
        field = form.address
        if not form.address.data:
            raise Invalid(_("Bring the card as a file or as text, or give the address of the server."))
        return _foreign(
            fetch(form.address.data, private=form.private.data, certificates=current_app.config["SYNC_CA"] or None)
        )
    except Refused as error:
        field.errors = [*field.errors, error.sentence]
        return None


def _foreign(card: Card, address: str | None = "") -> Card:
    """A card that is not this server's own; where it is to be reached, as whoever brought it says."""
    if card.node == this_node().id:
        raise Invalid(_("This is the card of this very server: bring the one of the other."))
    return replace(card, address=address) if address else card
