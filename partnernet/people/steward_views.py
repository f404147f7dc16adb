"""The stewards' desk: invitations, and the accounts of this server."""

from collections.abc import Callable, Mapping

from flask import current_app, flash, request
from werkzeug.wrappers import Response

from partnernet.core.db import commit, db
from partnernet.core.errors import Refused
from partnernet.core.policy import MEMBER, STEWARD
from partnernet.core.words import _
from partnernet.partners import model as partners
from partnernet.people import accounts, cards, links
from partnernet.people.blueprint import bp
from partnernet.people.form import InvitationForm
from partnernet.people.model import Account, Link
from partnernet.web.guard import may, member
from partnernet.web.here import this_node
from partnernet.web.notices import done
from partnernet.web.render import go, render


@bp.route("/people/invitations", methods=["GET", "POST"])
@may("account.manage")
def invitations() -> Response:
    """The invitations that are out; a POST makes one and shows its link, which is kept nowhere."""
    session = db.session()
    form = InvitationForm(request.form)
    form.partner.choices = partners.choices(session)
    if request.method == "POST" and form.validate():
        given = {name: form[name].data or "" for name in ("name", "email", "partner", "role")}
        link, token = links.invite(session, **given)
        commit()
        return _show_link(link, token, form.name.data or "")
    return render(
        "people/invitations.html", status=422 if form.errors else 200, form=form,
        links=links.invitations(session), partner_names=form.partner.choices,
    )  # fmt: skip


@bp.post("/people/invitations/<int(max=2147483647):link>/withdrawal")
@may("account.manage")
def withdraw_invitation(link: int) -> Response:
    """Take an invitation back, or let it work again."""
    if "undo" in request.form:
        links.reinstate(db.session(), link)
        commit()
        done(_("The invitation works again."))
    else:
        links.withdraw(db.session(), link)
        commit()
        words = _("The invitation is taken back; its link does not work any more.")
        done(words, undo=request.path, fields={"undo": "1"})
    return go("/people/invitations")


@bp.get("/people/accounts")
@may("account.manage")
def all_accounts() -> Response:
    """Every account of this server."""
    return render("people/all_accounts.html", lines=accounts.everybody(db.session()), own=member().account)


@bp.post("/people/accounts/<int(max=2147483647):account>/role")
@may("account.manage")
def change_role(account: int) -> Response:
    """Make somebody a steward, or a member again."""
    found, role = _find(account), request.form.get("role", "")
    before = found.role

    def act() -> None:
        accounts.change_role(db.session(), this_node(), found, role)

    sentences = {
        STEWARD: _("%(name)s is a steward now.", name=_name(found)),
        MEMBER: _("%(name)s is a member now.", name=_name(found)),
    }
    return _acted(act, sentences.get(role, ""), {"role": before})


@bp.post("/people/accounts/<int(max=2147483647):account>/suspension")
@may("account.manage")
def suspend(account: int) -> Response:
    """Stop an account, or let it in again."""
    found = _find(account)
    if "undo" in request.form:
        words = _("%(name)s can sign in again.", name=_name(found))
        return _acted(lambda: accounts.restore(db.session(), this_node(), found), words)
    words = _("%(name)s is signed out and cannot sign in any more.", name=_name(found))
    return _acted(lambda: accounts.suspend(db.session(), this_node(), found), words, {"undo": "1"})


@bp.post("/people/accounts/<int(max=2147483647):account>/reset")
@may("account.manage")
def make_reset(account: int) -> Response:
    """Make a link by which somebody chooses a new password, and show it once."""
    found = _find(account)
    link, token = links.for_account(db.session(), found)
    commit()
    return _show_link(link, token, found.email)


def _show_link(link: Link, token: str, whom: str) -> Response:
    base_url = current_app.config["BASE_URL"] or request.host_url
    address = links.address(base_url, link, token)
    response = render("people/link.html", link=link, address=address, whom=whom)
    response.headers["Cache-Control"] = "no-store"
    return response


def _acted(act: Callable[[], None], words: str, undo: Mapping[str, str] | None = None) -> Response:
    """Do something to an account, and offer to undo it by sending `undo` to the same address."""
    try:
        act()
    except Refused as error:
        db.session.rollback()
        flash(error.sentence, "warning")
    else:
        commit()
        done(words, undo=request.path if undo else None, fields=undo)
    return go("/people/accounts")


def _find(account: int) -> Account:
    return accounts.find(db.session(), account)


def _name(account: Account) -> str:
    return cards.of(db.session(), account)[1].name
