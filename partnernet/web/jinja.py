"""What templates may ask: names of ids, words, permissions, addresses."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, get_flashed_messages, request, url_for
from jinja2 import StrictUndefined
from markupsafe import Markup, escape

from partnernet.core import policy
from partnernet.core.file_text import WHY
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.text import excerpt
from partnernet.core.words import _
from partnernet.web import dates, guard, spoken
from partnernet.web.addresses import entry_url, file_anchor
from partnernet.web.static import asset

CRUMB = 60
"""Characters of a title that stand in the way back to its page."""


def init_app(app: Flask) -> None:
    """Set up the environment of the templates."""
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.globals.update(
        actor=guard.actor, can=can, dom_id=dom_id, asset=asset, absolute=absolute,
        url_for=url_for, entry_url=entry_url, file_anchor=file_anchor,
        get_flashed_messages=get_flashed_messages, request=request, query=query, tag_links=tag_links,
        time_tag=dates.time_tag, icon_tag=icon_tag, kind_word=kind_word, kind_words=kind_words,
        crumbs=crumbs, unsearched=WHY,
    )  # fmt: skip
    env.filters.update(
        day=dates.day,
        day_short=dates.day_short,
        day_label=dates.day_label,
        moment=dates.moment,
        iso=dates.iso,
        month=dates.month,
        size=size,
        excerpt=excerpt,
    )
    spoken.init_env(env)
    env.globals["ui"] = env.get_template("ui/macros.html").module


def can(permission: str, thing: Any = None) -> bool:
    """Whether whoever asks may do this."""
    return policy.can(permission, guard.actor(), thing)


def kind_word(name: str) -> str:
    """What a page calls one thing of a kind."""
    kind = KINDS.get(name)
    return str(kind.word) if kind is not None else ""


def kind_words(name: str) -> str:
    """What several things of a kind are called."""
    kind = KINDS.get(name)
    return str(kind.words) if kind is not None else name


def crumbs(entry: Any) -> list[dict[str, str]]:
    """The way back from a page about an entry: the list of its kind, and its own page."""
    title = str(getattr(entry, "title", "") or kind_word(entry.kind))
    own = {"url": entry_url(entry), "label": title if len(title) <= CRUMB else title[: CRUMB - 1].rstrip() + "…"}
    kind = KINDS[entry.kind]
    return [{"url": f"/{kind.plural}", "label": str(kind.words)}, own] if kind.is_listed or kind.has_acts else [own]


def dom_id(thing: Any, part: str = "") -> str:
    """The id of an element: the same in template, target and test."""
    name = f"{thing.kind}-{thing.id[:12]}"
    return f"{name}-{part}" if part else name


def absolute(path: str) -> str:
    """A path of this server as an address that works anywhere."""
    base: str = current_app.config["BASE_URL"] or request.url_root
    return base.rstrip("/") + path


def query(**changes: Any) -> str:
    """This page's address with other parameters; None leaves one out."""
    kept = {name: value for name, value in request.args.items() if name not in changes}
    given = {name: value for name, value in changes.items() if value is not None}
    return f"{request.path}?{urlencode(kept | given)}"


def tag_links(tags: Sequence[str], folder: str = "") -> list[dict[str, str]]:
    """Tags with the list that each leads to: that of the page's own folder, unless another is named."""
    plural = folder or request.path.split("/")[1]
    return [{"label": tag, "url": f"/{plural}?{urlencode({'tag': tag})}"} for tag in tags]


@lru_cache(maxsize=128)
def icon_tag(name: str) -> Markup:
    """An icon of the sprite; always with words beside it."""
    use = f'<use href="{asset("icons.svg")}#{escape(name)}"></use>'
    return Markup(f'<svg class="icon" aria-hidden="true" focusable="false">{use}</svg>')  # noqa: S704 - escaped


def size(number: int) -> str:
    """A file's size in words: 12 MB."""
    for unit, factor in (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)):
        if number >= factor:
            return f"{number / factor:.1f} {unit}".replace(".0 ", " ")
    return _("%(number)s bytes", number=number)
