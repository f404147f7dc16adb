"""The cookie that says which browser this is; it holds a random token and nothing else."""

from flask import request
from werkzeug.wrappers import Response

from partnernet.people.sessions import ABSOLUTE_LIMIT
from partnernet.web.guard import COOKIE
from partnernet.web.hosts import over_https


def give(response: Response, token: str) -> Response:
    """Sign the browser in that gets this answer."""
    response.set_cookie(
        COOKIE, token, max_age=ABSOLUTE_LIMIT // 1000, httponly=True, samesite="Lax", secure=over_https(),
    )  # fmt: skip
    return response


def take(response: Response) -> Response:
    """Sign the browser out, and have it forget the pages that it kept."""
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=over_https())
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def present() -> str:
    """The token that came with this request; empty where there was none."""
    return request.cookies.get(COOKIE, "")
