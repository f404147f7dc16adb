"""Signing in and out, and the links that work once."""

from flask import flash, request
from werkzeug.wrappers import Response

from partnernet.core.db import commit, db, write
from partnernet.core.errors import Gone, Invalid
from partnernet.core.words import _
from partnernet.partners import model as partners
from partnernet.people import accounts, cookies, delays, links, passwords, sessions
from partnernet.people.blueprint import bp
from partnernet.people.form import JoinForm, LoginForm, PasswordForm
from partnernet.people.model import Account, Link
from partnernet.web import onward
from partnernet.web.guard import actor, may
from partnernet.web.here import this_node
from partnernet.web.notices import done
from partnernet.web.render import go, render

HASH_LIMIT = 4_096  # characters of a password that are looked at, so that nobody can keep the server busy


@bp.route("/login", methods=["GET", "POST"])
@may("anyone")
def login() -> Response:
    """Sign in; the answer is the same, and takes as long, whether or not there is such an address."""
    form = LoginForm(request.form, next=request.args.get("next", ""))
    if request.method == "GET" and actor() is not None:
        return go(onward.safe(form.next.data))
    if request.method == "POST" and form.validate():
        account = _recognise(form)
        if account is not None:
            return _signed_in(account, onward.safe(form.next.data))
    return render("people/login.html", status=422 if form.errors else 200, form=form)


@bp.post("/logout")
@may("anyone")
def logout() -> Response:
    """Sign out: the session is deleted, so that a copy of the cookie is dead, too."""
    token = cookies.present()
    if token:
        sessions.end(db.session(), sessions.key_of(token))
        commit()
    done(_("You are signed out."))
    return cookies.take(go("/login"))


@bp.route("/join/<token>", methods=["GET", "POST"])
@may("anyone")
def join(token: str) -> Response:
    """Come in by an invitation, or by the link to an account that has been opened already."""
    try:
        link = links.find(db.session(), token, links.INVITATION, links.FIRST)
        return _choose_password(link) if link.account is not None else _open(link)
    except Gone as error:
        return _spent(error)


@bp.route("/reset/<token>", methods=["GET", "POST"])
@may("anyone")
def reset(token: str) -> Response:
    """Choose a new password, by a link that a steward has handed over."""
    try:
        return _choose_password(links.find(db.session(), token, links.RESET))
    except Gone as error:
        return _spent(error)


def _recognise(form: LoginForm) -> Account | None:
    """The account that the form opens; else the form says what is wrong, and the failure is noted."""
    session, machine = db.session(), request.remote_addr
    email, password = (form.email.data or "").strip().lower()[:500], (form.password.data or "")[:HASH_LIMIT]
    delays.check(session, email, machine)
    account = accounts.by_email(session, email)
    kept = account.password if account is not None and not account.suspended else ""
    is_right = passwords.matches(kept, password)
    renewed = passwords.hashed(password) if is_right and passwords.is_outdated(kept) else ""
    write()
    delays.check(session, email, machine)  # somebody may have guessed at the same time
    account = accounts.by_email(session, email)
    if is_right and account is not None and not account.suspended and account.password == kept:
        delays.forget(session, email)
        account.password = renewed or kept
        return account
    delays.note_failure(session, email, machine)
    commit()
    form.password.errors = [
        _("This e-mail address and password do not belong together. Try again, or ask a steward for a new password.")
    ]
    return None


def _open(link: Link) -> Response:
    """An invitation: open the account of whoever holds it."""
    session = db.session()
    form = JoinForm(request.form, name=link.name, email=link.email, partner=link.partner)
    form.partner.choices = partners.choices(session)
    if request.method == "POST" and form.validate():
        delays.check(session, _guest(), request.remote_addr)
        hashed = passwords.hashed(form.password.data)
        try:
            links.claim(session, link)
            account = accounts.open_account(
                session, this_node(),
                email=form.email.data, name=form.name.data, partner=form.partner.data or "",
                password=hashed, role=link.role,
            )  # fmt: skip
        except Invalid as error:
            session.rollback()
            form.blame(error.fields)
            delays.note_failure(session, _guest(), request.remote_addr)
            commit()
        else:
            done(_("Welcome. You are signed in."))
            return _signed_in(account, "/")
    return render("people/join.html", status=422 if form.errors else 200, form=form, link=link)


def _choose_password(link: Link) -> Response:
    """A link to an account: take its new password, and sign in."""
    session = db.session()
    account = accounts.find(session, link.account or 0)
    if account.suspended:
        raise Gone(str(links.SPENT))
    form = PasswordForm(request.form)
    if request.method == "POST" and form.validate():
        hashed = passwords.hashed(form.password.data)
        links.claim(session, link)
        accounts.set_password(session, account, hashed)
        delays.forget(session, account.email)
        done(_("Your new password is set, and you are signed in."))
        return _signed_in(account, "/")
    return render("people/reset.html", status=422 if form.errors else 200, form=form, account=account)


def _signed_in(account: Account, onwards: str) -> Response:
    """Begin a new session in place of the one that this browser had."""
    session = db.session()
    write()
    sessions.end(session, sessions.key_of(cookies.present()))
    token = sessions.start(session, account.id)
    commit()
    return cookies.give(go(onwards), token)


def _spent(error: Gone) -> Response:
    db.session.rollback()
    flash(error.sentence, "warning")
    return go("/login")


def _guest() -> str:
    """What stands for the address of somebody who has none here yet."""
    return f"guest:{request.remote_addr}"
