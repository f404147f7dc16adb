"""One's own account: card, password, browsers that are signed in, one's data, and the way out."""

from typing import Any

from flask import current_app, request, send_file
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from partnernet.core.db import commit, db
from partnernet.core.errors import Invalid, Refused
from partnernet.core.policy import Actor
from partnernet.core.words import _
from partnernet.entries.versions import FORMS
from partnernet.partners import model as partners
from partnernet.people import accounts, asking, cards, cookies, passwords, sessions, takeout
from partnernet.people.blueprint import bp
from partnernet.people.form import CardForm, ChangePasswordForm, LeaveForm
from partnernet.people.model import Account
from partnernet.people.names import address
from partnernet.web.guard import may, member
from partnernet.web.notices import done
from partnernet.web.render import go, render


@bp.get("/account")
@may("member")
def account() -> Response:
    """What one can settle about oneself."""
    entry, person = cards.of(db.session(), _own())
    return render("people/account.html", account=_own(), entry=entry, url=address("people", entry.id, person.name))


@bp.route("/account/card", methods=["GET", "POST"])
@may("member")
def account_card() -> Response:
    """What one's card says, and who may read it."""
    session, own = db.session(), _own()
    entry, person = cards.of(session, own)
    present = {name: getattr(person, name) for name in cards.FIELDS}
    form = CardForm(request.form, data=present | {"visibility": entry.log})
    form.partner.choices = partners.choices(session)
    if request.method == "POST" and form.validate():
        values = {name: form[name].data or "" for name in cards.FIELDS}
        try:
            cards.reword(session, own, values, form.visibility.data, by=member())
        except Invalid as error:
            form.blame(error.fields)
        else:
            commit()
            done(_("Your card says so now."))
            return go("/account")
    return render("people/account_card.html", fragment="form", status=422 if form.errors else 200, form=form)


@bp.route("/account/password", methods=["GET", "POST"])
@may("member")
def account_password() -> Response:
    """Choose another password; every other browser is signed out, and this one gets a new session."""
    session, own = db.session(), _own()
    form = ChangePasswordForm(request.form)
    if request.method == "POST" and form.validate() and _is_right(own, form.present):
        hashed = passwords.hashed(form.password.data)
        accounts.set_password(session, own, hashed)
        token = sessions.start(session, own.id)
        commit()
        done(_("Your new password is set. Your other browsers are signed out."))
        return cookies.give(go("/account"), token)
    return render("people/account_password.html", status=422 if form.errors else 200, form=form, email=own.email)


@bp.route("/account/sessions", methods=["GET", "POST"])
@may("member")
def account_sessions() -> Response:
    """The browsers in which one is signed in; a POST signs out all of them, this one included."""
    session, own = db.session(), _own()
    if request.method == "POST":
        sessions.end_all(session, own.id)
        commit()
        done(_("You are signed out everywhere."))
        return cookies.take(go("/login"))
    found = sessions.of(session, own.id)
    return render("people/account_sessions.html", sessions=found, key=sessions.key_of(cookies.present()))


@bp.get("/account/data")
@may("member")
def account_data() -> Response:
    """Everything that this server keeps about one, in one file."""
    files = current_app.jinja_env.get_template("people/own_data.html")
    packed = takeout.pack(db.session(), _own(), by=member(), page=files.render)
    response = send_file(packed, mimetype="application/zip", as_attachment=True, download_name=takeout.FILE_NAME)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.route("/account/leave", methods=["GET", "POST"])
@may("member")
def account_leave() -> Response:
    """Leave: the card is erased, and what one wrote stays as a former member's."""
    session, own = db.session(), _own()
    form = LeaveForm(request.form)
    if request.method == "POST" and form.validate() and _is_right(own, form.password):
        try:
            accounts.leave(session, own, by=member())
        except Refused as error:
            session.rollback()
            form.sure.errors = [error.sentence]
        else:
            commit()
            done(_("You have left. Your card and your account are erased."))
            return cookies.take(go("/login"))
    return render("people/account_leave.html", status=422 if form.errors else 200, form=form)


def _card_forms(session: Session, person: Actor | None) -> list[CardForm]:
    """The form of a card as it is made to tell what its fields and choices are called."""
    form = CardForm()
    form.partner.choices = partners.choices(session)
    return [form]


FORMS["person"] = _card_forms


def _own() -> Account:
    return accounts.find(db.session(), member().account)


def _is_right(own: Account, field: Any) -> bool:
    return asking.is_right(db.session(), own, field, request.remote_addr)
