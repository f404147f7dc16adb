"""The one way to answer with a page: the whole, or one named block when htmx asks for a part."""

from functools import lru_cache
from typing import Any

from flask import Response, current_app, redirect, request, session
from jinja2 import nodes
from werkzeug.wrappers import Response as AnyResponse

from partnernet.core.db import db
from partnernet.web.htmx import is_partial

WRITTEN = "written"
VARY = "Accept-Language, Cookie, HX-Request-Type"


def render(template: str, *, fragment: str | None = None, status: int = 200, **context: Any) -> Response:
    """Answer with a template; with its block `fragment` alone when htmx asks for a part."""
    page = current_app.jinja_env.get_template(template)
    context["status"] = status
    if fragment is not None and is_partial():
        inside = page.new_context(context)
        inside.blocks = _blocks(template)
        text = "".join(inside.blocks[fragment][0](inside))
    else:
        text = page.render(context)
    response = current_app.response_class(text, status=status, mimetype="text/html")
    response.headers["Vary"] = VARY
    return response


def go(url: str) -> AnyResponse:
    """After a change: lead to a page (303), so that reloading does not do it again."""
    remember_writing()
    return redirect(url, 303)


def remember_writing() -> None:
    """Let the browser keep the position of its last write, so that its own searches can wait for it."""
    position = db.session().info.pop("position", None)
    if position is not None:
        session[WRITTEN] = position


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


def _blocks(template: str) -> dict[str, list[Any]]:
    """The blocks of a template and of those it extends, its own first."""
    blocks: dict[str, list[Any]] = {}
    name: str | None = template
    while name is not None:
        for block, code in current_app.jinja_env.get_template(name).blocks.items():
            blocks.setdefault(block, []).append(code)
        name = _parent(name)
    return blocks


@lru_cache(maxsize=512)
def _parent(template: str) -> str | None:
    """The template that another one extends; None for a layout of its own."""
    env = current_app.jinja_env
    if env.loader is None:
        return None
    extends = env.parse(env.loader.get_source(env, template)[0]).find(nodes.Extends)
    return extends.template.as_const() if extends is not None else None
