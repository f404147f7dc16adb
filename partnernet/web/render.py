"""The one way to answer with a page: the whole, or one named block when htmx asks for a part."""

from typing import Any

from flask import Response, current_app, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from partnernet.web.htmx import is_partial

VARY = "Cookie, HX-Request-Type"


def render(template: str, *, fragment: str | None = None, status: int = 200, **context: Any) -> Response:
    """Answer with a template; with its block `fragment` alone when htmx asks for a part."""
    page = current_app.jinja_env.get_template(template)
    context["status"] = status
    if fragment is not None and is_partial():
        block = page.blocks[fragment]
        text = "".join(block(page.new_context(context)))
    else:
        text = page.render(context)
    response = current_app.response_class(text, status=status, mimetype="text/html")
    response.headers["Vary"] = VARY
    return response


def go(url: str) -> AnyResponse:
    """After a change: lead to a page (303), so that reloading does not do it again."""
    return redirect(url, 303)


def unchanged(stamp: str) -> Response | None:
    """A bare 304 when the browser has the page of this stamp; ask before anything is rendered."""
    if request.if_none_match.contains_weak(stamp):
        response = current_app.response_class(status=304)
        response.set_etag(stamp, weak=True)
        response.headers["Vary"] = VARY
        return response
    return None


def stamped(response: Response, stamp: str) -> Response:
    """The page with its stamp, so that the next visit can be answered by `unchanged`."""
    response.set_etag(stamp, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    return response
