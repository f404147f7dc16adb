"""The cookie that says which browser this is; it holds a random token and nothing else."""

from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.wrappers import Response

from partnernet.people.sessions import ABSOLUTE_LIMIT
from partnernet.web.guard import COOKIE


def give(response: Response, token: str) -> Response:
    """Sign the browser in that gets this answer."""
    response.set_cookie(
        COOKIE, token, max_age=ABSOLUTE_LIMIT // 1000, httponly=True, samesite="Lax", secure=_is_secure(),
    )  # fmt: skip
    return response


def take(response: Response) -> Response:
    """Sign the browser out, and have it forget the pages that it kept."""
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=_is_secure())
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def present() -> str:
    """The token that came with this request; empty where there was none."""
    return request.cookies.get(COOKIE, "")


def _is_secure() -> bool:
    return request.is_secure or urlsplit(current_app.config["BASE_URL"]).scheme == "https"
