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
    current: bool


def init_app(app: Flask, features: Sequence[Feature]) -> None:
    """Give templates the menu and the name of the network."""
    shown = [feature for feature in features if feature.label]
    app.extensions["partnernet.menu"] = shown
    app.jinja_env.globals.update(navigation=navigation, network_name=network_name, version=__version__)


def navigation() -> list[Item]:
    """The menu as whoever asks sees it."""
    person = guard.actor()
    steward = person is not None and person.role == "steward"
    return [
        Item(str(feature.label), f"/{feature.name}", request.path.startswith(f"/{feature.name}"))
        for feature in current_app.extensions["partnernet.menu"]
        if steward or not feature.stewards_only
    ]


def network_name() -> str:
    """The name of the network that this node belongs to."""
    return guard.here().network_name or UNNAMED
