"""The language of the pages: the reader's choice, else the first of those that their browser asks for."""

import re
from functools import lru_cache
from typing import Any

from babel import Locale
from flask import Blueprint, Flask, g, has_app_context, has_request_context, request
from flask_babel import Babel, get_translations
from markupsafe import Markup
from werkzeug.wrappers import Response

from partnernet.core import words
from partnernet.core.errors import Invalid
from partnernet.core.words import _
from partnernet.web import onward
from partnernet.web.guard import may
from partnernet.web.hosts import over_https
from partnernet.web.render import go

LANGUAGES = {"en": "English", "cy": "Cymraeg"}
"""Every language that the pages speak, by its own name."""

TAGS = {"en": "en-GB"}
"""What a page says of its language, where that is more than its code."""

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*").fullmatch

COOKIE = "language"
YEAR = 365 * 86_400

bp = Blueprint("language", __name__)


def init_app(app: Flask) -> None:
    """Let every sentence be spoken in the language of the request."""
    Babel(app, default_locale="en", locale_selector=language)
    words.speak(one, many)
    app.jinja_env.globals.update(
        language=language,
        language_tag=language_tag,
        languages=LANGUAGES,
        address_here=address_here,
        in_language=in_language,
    )
    app.register_blueprint(bp)


def language() -> str:
    """The code of the language in which this request is answered."""
    if not has_request_context():
        return "en"
    if "language" not in g:
        chosen = request.cookies.get(COOKIE, "")
        g.language = chosen if chosen in LANGUAGES else _asked_for()
    code: str = g.language
    return code


def _asked_for() -> str:
    """The first language of the browser's list that the pages speak, whatever its region."""
    asked = (tag.lower().partition("-")[0] for tag in request.accept_languages.values())
    return next((code for code in asked if code in LANGUAGES), "en")


def language_tag() -> str:
    """The language of the page, as its first element says it."""
    return TAGS.get(language(), language())


def in_language(code: str) -> Markup:
    """The attribute of words in a language, where that is known and not the page's own: for whatever reads aloud."""
    if not _TAG(code) or code.lower().partition("-")[0] == language():
        return Markup()
    return Markup(' lang="{}"').format(code)


def address_here() -> str:
    """Where to come back to: this page, or the front page where this address only takes what is sent."""
    rule = request.url_rule
    is_page = rule is not None and "GET" in (rule.methods or ())
    return request.full_path.rstrip("?") if is_page else "/"


@lru_cache
def locale_of(code: str) -> Locale:
    """What is known of a language: the names of its days and months."""
    return Locale.parse("en_GB" if code == "en" else code)


def one(sentence: str) -> str:
    """A sentence in the language of the request."""
    translated: str = _translations().gettext(sentence)
    return translated


def many(singular: str, plural: str, n: int) -> str:
    """The form of a sentence that a number asks for."""
    translated: str = _translations().ngettext(singular, plural, n)
    return translated


def _translations() -> Any:
    """The catalogue of the request's language, looked up once for each request."""
    if not has_app_context():
        return get_translations()
    if "translations" not in g:
        g.translations = get_translations()
    return g.translations


@bp.post("/language")
@may("anyone")
def choose() -> Response:
    """Keep the reader's choice on their device, and show the page they came from in it."""
    code = request.form.get("language", "")
    if code not in LANGUAGES:
        raise Invalid(_("Please choose one of the languages at the foot of the page."))
    answer = go(onward.safe(request.form.get("next")))
    answer.set_cookie(COOKIE, code, max_age=YEAR, httponly=True, samesite="Lax", secure=over_https())
    return answer
