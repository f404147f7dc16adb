"""The guard: who is asking, whether they may, and whether the request comes from our own pages.

Every route declares its permission with `@may`; one that does not answers 403.
"""

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from typing import Any, TypeVar

from flask import Flask, current_app, g, redirect, request, url_for
from flask_login import LoginManager, UserMixin, current_user
from werkzeug.wrappers import Response

from partnernet.core import policy
from partnernet.core.batch import Batch
from partnernet.core.db import db
from partnernet.core.errors import Forbidden, NotFound, Refused, SignInNeeded
from partnernet.core.policy import Actor
from partnernet.core.time import DAY, now_ms, to_ms
from partnernet.core.words import _
from partnernet.people import sessions
from partnernet.web.here import this_node

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
COOKIE = "partnernet"
ABOUT_PEOPLE = (policy.anyone, policy.signed_in, policy.is_steward)

View = TypeVar("View", bound=Callable[..., Any])

login_manager = LoginManager()
login_manager.session_protection = None  # sessions are rows, with ids of their own


def may(permission: str) -> Callable[[View], View]:
    """Declare what a route asks of whoever calls it; a thing it loads is checked with `authorise`."""
    policy.rules(permission)

    def declare(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined] # the guard reads it from the view
        return view

    return declare


def actor() -> Actor | None:
    """Who is asking; None for a stranger."""
    if "actor" not in g:
        g.actor = current_user.actor if current_user.is_authenticated else None
    person: Actor | None = g.actor
    return person


def member() -> Actor:
    """Who is asking, on routes that only signed-in people reach."""
    person = actor()
    if person is None:
        raise SignInNeeded(_("Please sign in first."))
    return person


def visited() -> int:
    """The ledger position up to which whoever asks counts everything as seen."""
    return current_user.visited if current_user.is_authenticated else 0


def is_new_here() -> bool:
    """Whether whoever asks has had their account for less than a day."""
    return current_user.is_authenticated and now_ms() - to_ms(current_user.joined) < DAY


def here() -> sessions.Here:
    """Where this node stands, read once for a request."""
    if "here" not in g:
        found = current_user.here if current_user.is_authenticated else None
        g.here = found or sessions.here(db.session())
    place: sessions.Here = g.here
    return place


def authorise(permission: str, thing: Any) -> None:
    """Go on only if whoever asks may do this to the thing; what they may not see is not there."""
    person = actor()
    if not policy.can("entry.read", person, thing):
        raise NotFound()
    if policy.can(permission, person, thing):
        return
    if person is None:
        raise NotFound()
    if thing.redacted:
        raise Forbidden(_("The words that stood here were erased for good."))
    if thing.deleted:
        raise Forbidden(_("This was removed by its author."))
    raise Forbidden(_("You can read this, but not do that to it."))


class SignedIn(UserMixin):
    """What Flask-Login holds for a signed-in browser."""

    def __init__(self, found: sessions.Found, key: str) -> None:
        self.actor, self.visited, self.here, self.joined = found.actor, found.visited, found.here, found.joined
        self.id = self.key = key


def _load(request: Any) -> SignedIn | None:
    token = request.cookies.get(COOKIE)
    if not token:
        return None
    key = sha256(token.encode()).hexdigest()
    found = sessions.find(db.session(), this_node(), key)
    if found is None:
        return None
    now = now_ms()
    batch().note(sessions.note_seen, key, now // 1000)
    batch().note(sessions.note_visits, found.actor.account, (now, found.here.position))
    return SignedIn(found, key)


login_manager.request_loader(_load)


def batch() -> Batch:
    """The batch writer of this process."""
    writer: Batch = current_app.extensions["partnernet.batch"]
    return writer


def init_app(app: Flask) -> None:
    """Put the guard before every request."""
    login_manager.init_app(app)
    app.before_request(check)


def check() -> Response | None:
    """Refuse what nobody could have typed, what comes from elsewhere, and what the route does not allow."""
    if request.method not in SAFE_METHODS:
        _refuse_cross_site()
    _refuse_nul()
    if request.endpoint is None:
        return None
    view = current_app.view_functions[request.endpoint]
    permission = getattr(view, "permission", None)
    if permission is None:
        raise Forbidden(_("This address is not open to anybody."))
    g.permission = permission
    if permission in ("anyone", "peer") or permission.endswith(".read"):
        return None  # other servers say who they are by a signature, and the view itself asks for it
    person = actor()
    if person is None:
        return _ask_to_sign_in()
    if _is_about_people_alone(permission) and not policy.can(permission, person):
        raise Forbidden(_("This is for the stewards of this server."))
    return None


@cache
def _is_about_people_alone(permission: str) -> bool:
    """Whether a permission asks who somebody is, and nothing of a thing: so it is settled before the view."""
    return all(holds in ABOUT_PEOPLE for line in policy.rules(permission) for holds in line)


def _ask_to_sign_in() -> Response:
    """What is sent is refused alike whether it is about something or nothing: so a sender learns only why."""
    if request.method in SAFE_METHODS:
        if request.view_args:
            raise NotFound()
        return redirect(url_for("people.login", next=request.full_path.rstrip("?")), 303)
    raise SignInNeeded(_("You are not signed in any more: sign in again, then send this once more."))


def _refuse_nul() -> None:
    """U+0000 is in nobody's words, and PostgreSQL takes it in none: an address that holds it is made up."""
    if "\0" in request.path:
        raise NotFound()
    if b"%00" in request.query_string:
        raise Refused(_("This address holds a character that cannot be used (U+0000); please take it out."))


def _refuse_cross_site() -> None:
    """Only our own pages may change anything: `Sec-Fetch-Site` says so, else `Origin`."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None:
        own = site in ("same-origin", "none")
    elif origin is not None:
        own = origin.partition("://")[2] == request.host
    else:
        own = COOKIE not in request.cookies
    if not own:
        raise Forbidden(_("This came from another site; please do it from a page of this one."))
