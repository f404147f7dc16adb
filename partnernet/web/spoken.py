"""The words of templates: `_`, `plural` and `{% trans %}`, in the reader's language, with values escaped.

A page says a hundred sentences, so these do no more for each than they must: 0.3 of what Jinja and Flask-Babel
take by themselves (`bench/words.py`).
"""

from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from partnernet.core import words
from partnernet.web.language import many, one


def init_env(env: Environment) -> None:
    """Let templates speak; what a template says is safe HTML, and what it says it of is escaped."""
    env.add_extension("jinja2.ext.i18n")
    env.newstyle_gettext = True  # type: ignore[attr-defined] # set by the extension: values are given by name
    env.globals.update(_=said, gettext=said, ngettext=counted, plural=words.plural)


def said(sentence: str, /, **values: Any) -> Markup:
    """A sentence as safe HTML."""
    text = one(sentence)
    if values or "%" in text:
        return Markup(text) % values  # noqa: S704 - the sentence is ours; its values are escaped here
    return Markup(text)  # noqa: S704 - the sentence is ours


def counted(singular: str, plural: str, n: int, /, **values: Any) -> Markup:
    """The form of a sentence that a number asks for, as safe HTML."""
    return Markup(many(singular, plural, n)) % {"num": n, **values}  # noqa: S704 - as above
