"""The menu, and the network's name over every page."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, current_app, request

from partnernet import __version__
from partnernet.web import guard
from partnernet.web.feature import Feature

UNNAMED = "PartnerNet"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the menu."""

    label: str
    url: str
    current: str
    """What `aria-current` says of it: "page" on the page itself, "true" on those under it, else nothing."""


def init_app(app: Flask, features: Sequence[Feature]) -> None:
    """Give templates the menu and the name of the network."""
    shown = [feature for feature in features if feature.label]
    app.extensions["partnernet.menu"] = shown
    app.jinja_env.globals.update(navigation=navigation, section=section, network_name=network_name, version=__version__)


def navigation() -> list[Item]:
    """The menu as whoever asks sees it."""
    person = guard.actor()
    steward = person is not None and person.role == "steward"
    return [
        Item(str(feature.label), f"/{feature.name}", _current(f"/{feature.name}"))
        for feature in current_app.extensions["partnernet.menu"]
        if steward or not feature.stewards_only
    ]


def section() -> str:
    """The part of the menu that this page lies in, where it is not that part's first page."""
    return next((item.label for item in navigation() if item.current == "true"), "")


def _current(url: str) -> str:
    if request.path == url:
        return "page"
    return "true" if request.path.startswith(f"{url}/") else ""


def network_name() -> str:
    """The name of the network that this node belongs to."""
    return guard.here().network_name or UNNAMED
