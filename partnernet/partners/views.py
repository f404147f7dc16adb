"""Partners: the directory, the profile of each, and its card, which the network keeps together."""

from flask import Blueprint, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from partnernet.core.db import commit, db
from partnernet.core.entry import Entry
from partnernet.core.errors import Gone, Invalid, NotFound
from partnernet.core.words import _
from partnernet.entries import listing
from partnernet.entries.finding import find, load
from partnernet.entries.model import revise
from partnernet.entries.version_views import settle_first
from partnernet.entries.versions import FORMS, versions_of
from partnernet.partners import model, profile
from partnernet.partners.directory import directory
from partnernet.partners.form import NewPartnerForm, PartnerForm
from partnernet.partners.model import PARTNER, Partner
from partnernet.people import accounts, cards
from partnernet.people.names import address
from partnernet.web.addresses import entry_url
from partnernet.web.guard import actor, authorise, may, member, visited
from partnernet.web.notices import done
from partnernet.web.render import go, render

NEWEST = 5

bp = Blueprint("partners", __name__, url_prefix="/partners")
FORMS[PARTNER.name] = lambda session, person: [PartnerForm()]


@bp.get("")
@may("entry.read")
def index() -> Response:
    """All partners, by region and art form."""
    region, art_form = request.args.get("region", "")[:200], request.args.get("art_form", "")[:60]
    found = directory(db.session(), region, art_form, request.args.get("after", "")[:52])
    return render(
        "partners/index.html", fragment="list", found=found, region=region, art_form=art_form, address=address
    )


@bp.get("/<ref>")
@may("entry.read")
def show(ref: str) -> Response:
    """One partner, its people, and what they wrote lately."""
    session, person = db.session(), actor()
    card = find(session, person, PARTNER, ref, profile.COLUMNS)
    if card.redacted:
        raise Gone(_("This partner’s card was erased."))
    newest = listing.page(session, person, listing.Wanted(partner=card.id), visited=visited(), size=NEWEST)
    return render(
        "partners/show.html", partner=card, versions=versions_of(session, person, card),
        html=profile.html(session, person, card),
        newest=newest, ideas=profile.counts_in(session, person, card.id), **profile.people(session, person, card),
    )  # fmt: skip


@bp.route("/new", methods=["GET", "POST"])
@may("partner.create")
def new() -> Response:
    """Add a partner."""
    form = NewPartnerForm(request.form)
    if request.method == "POST" and form.validate():
        session = db.session()
        try:
            op = model.share(session, form.values(), by=member())
            if form.mine.data:
                _join(op.id)
        except Invalid as error:
            form.blame(error.fields)
        else:
            commit()
            done(_("%(partner)s is now in the network.", partner=form.name.data))
            return go(entry_url(session.get_one(Entry, op.id), form.name.data))
    return render("partners/new.html", fragment="form", status=422 if form.errors else 200, form=form)


@bp.route("/<ref>/edit", methods=["GET", "POST"])
@may("partner.edit")
def edit(ref: str) -> Response:
    """Change what a partner's card says; changes made at the same time stand side by side."""
    session = db.session()
    entry, partner = _find(ref)
    authorise("partner.edit", entry)
    if request.method == "GET" and (first := settle_first(entry)) is not None:
        return first
    present = {name: getattr(partner, name) for name in PARTNER.fields if name != "picture"}
    form = PartnerForm(request.form, data=present | {"heads": " ".join(entry.heads)})
    if request.method == "POST" and form.validate():
        try:
            revise(session, entry, form.values(), form.seen, by=member())
        except Invalid as error:
            form.blame(error.fields)
        else:
            commit()
            done(_("Saved."))
            return go(entry_url(entry, form.name.data))
    return render(
        "partners/edit.html", fragment="form", status=422 if form.errors else 200,
        form=form, entry=entry, partner=partner,
    )  # fmt: skip


def _find(ref: str) -> tuple[Entry, Partner]:
    entry = load(db.session(), actor(), ref)
    partner = db.session().scalars(select(Partner).where(Partner.id == entry.id)).first()
    if entry.kind != PARTNER.name or partner is None:
        raise NotFound()
    return entry, partner


def _join(partner: str) -> None:
    """Put the partner on the card of whoever added it."""
    session, person = db.session(), member()
    account = accounts.find(session, person.account)
    entry = cards.of(session, account)[0]
    cards.reword(session, account, {"partner": partner}, entry.log, by=person)
