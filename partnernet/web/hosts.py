"""Which host names this server answers to, and how it keeps its own small session."""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, abort, current_app, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature

LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Notices(SecureCookieSessionInterface):
    """Flask's signed cookie, which holds notices and the position of the last write, and no identity.

    A clock that was set back does not end it.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        serializer = self.get_signing_serializer(app)
        value = request.cookies.get(self.get_cookie_name(app))
        if serializer is None or not value:
            return self.session_class()
        try:
            return self.session_class(serializer.loads(value))
        except BadSignature:
            return self.session_class()


def init_app(app: Flask) -> None:
    """Settle the allowed hosts and the cookies' settings."""
    base = urlsplit(app.config["BASE_URL"])
    app.config["ALLOWED_HOSTS"] = allowed_hosts(app.config)
    app.before_request(check)
    app.config.update(
        SESSION_COOKIE_NAME="notices", SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=base.scheme == "https", SESSION_REFRESH_EACH_REQUEST=False,
    )  # fmt: skip
    app.session_interface = Notices()


def check() -> None:
    """Refuse a request to a name that is not this server's. Flask's own check knows no IPv6 address."""
    allowed = current_app.config["ALLOWED_HOSTS"]
    if allowed is not None and urlsplit(f"//{request.host}").hostname not in allowed:
        abort(400)


def allowed_hosts(config: Any) -> list[str] | None:
    """The host of the base address, else loopback and the address that is served."""
    base = urlsplit(config["BASE_URL"])
    if base.hostname:
        return [base.hostname, *LOOPBACK]
    if config["HOST"] in ("0.0.0.0", "::"):  # noqa: S104 - a choice of the steward: every address of this machine
        return None
    return [*LOOPBACK, config["HOST"]]


def over_https() -> bool:
    """Whether whoever asks reaches this server by HTTPS: its cookies are for that alone, then."""
    return request.is_secure or urlsplit(current_app.config["BASE_URL"]).scheme == "https"
