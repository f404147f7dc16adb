"""Named errors of the domain, turned into answers. The only place that knows their statuses."""

import logging
from collections.abc import Sequence

from flask import Flask, Response, request
from markupsafe import escape
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from partnernet.core import errors
from partnernet.core.db import db, is_full
from partnernet.core.words import _, lazy
from partnernet.web.htmx import is_partial, shown_elsewhere
from partnernet.web.language import language_tag
from partnernet.web.render import render

STATUSES: dict[type[errors.Refused], int] = {
    errors.Invalid: 422, errors.SignInNeeded: 401, errors.Forbidden: 403, errors.NotFound: 404,
    errors.Gone: 410, errors.Conflict: 409, errors.TooLarge: 413, errors.TooSoon: 429, errors.BadBundle: 422,
    errors.StorageFull: 507, errors.Refused: 400,
}  # fmt: skip

SENTENCES = {
    400: lazy("The server could not make sense of this request."),
    404: lazy("There is nothing at this address."),
    405: lazy("This address cannot be used in this way."),
    413: lazy("This is larger than the server takes; please send less at once."),
    415: lazy("The server does not take this kind of content."),
}

MESSAGE = lazy("Something went wrong on the server. It is not your fault, and it has been noted; please try again.")

TYPED_LIMIT = 200_000

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Answer every error with a page that helps."""
    app.register_error_handler(errors.Refused, refused)
    app.register_error_handler(HTTPException, by_status)
    app.register_error_handler(OperationalError, storage)
    app.register_error_handler(Exception, unexpected)


def refused(error: errors.Refused) -> Response:
    """A named error of the domain."""
    status = next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)
    response = problem(status, error.sentence)
    if isinstance(error, errors.TooSoon):
        response.headers["Retry-After"] = str(error.seconds)
    return response


def by_status(error: HTTPException) -> Response:
    """An error that Flask or Werkzeug found."""
    status = error.code or 500
    response = problem(status, str(SENTENCES.get(status, error.description or MESSAGE)))
    if status == 405:
        response.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
    return response


def storage(error: OperationalError) -> Response:
    """The database could not store it."""
    if is_full(error):
        return refused(errors.StorageFull(_("The disk of this server is full: you can read, but not save for now.")))
    return unexpected(error)


def unexpected(error: Exception) -> Response:
    """A mistake of ours: noted with its trace, answered with a sentence."""
    log.exception("unexpected error at %s", request.path)
    return problem(500, str(MESSAGE))


def problem(status: int, sentence: str) -> Response:
    """The page that says what happened and what to do, with what was typed kept to copy."""
    typed = _typed()
    try:
        db.session.rollback()
        if is_partial():
            return shown_elsewhere(render("errors/_problem.html", status=status, sentence=sentence))
        return render("errors/problem.html", status=status, sentence=sentence, typed=typed)
    except Exception:  # the page itself needs the database: without it, a plain one must do
        log.exception("the page for error %s at %s could not be made", status, request.path)
        return _plain(status, sentence, typed)


def _plain(status: int, sentence: str, typed: Sequence[str]) -> Response:
    """The same in a few lines of HTML that need nothing but themselves."""
    kept = "".join(f"<textarea rows=8 cols=60 readonly>{escape(text)}</textarea>" for text in typed)
    words = f"<p>{escape(_('What you wrote has not been saved; copy it from here:'))}</p>{kept}" if kept else ""
    text = (
        f'<!doctype html><html lang="{language_tag()}"><meta charset="utf-8"><title>PartnerNet</title>'
        f'<h1>PartnerNet</h1><p>{escape(sentence)}</p>{words}<p><a href="/">{escape(_("Go to the front page"))}</a></p>'
    )
    return Response(text, status, mimetype="text/html")


def _typed() -> list[str]:
    if request.method != "POST" or (request.content_length or 0) > TYPED_LIMIT:
        return []
    try:
        return [
            text
            for name, text in request.form.items(multi=True)
            if len(text) > 20 and "password" not in name and name not in ("heads", "next")
        ]
    except HTTPException:
        return []
