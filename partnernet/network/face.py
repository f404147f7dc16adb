"""What browsers are given of the network's look: its colours, its picture, its icons and its manifest."""

from dataclasses import dataclass

from flask import Flask, Response, current_app, request
from werkzeug.wrappers import Response as AnyResponse

from partnernet.network import look
from partnernet.network.blueprint import bp
from partnernet.web.guard import here, may
from partnernet.web.language import language_tag
from partnernet.web.navigation import network_name
from partnernet.web.static import FOREVER, asset

SHORT_NAME = 12
"""As many letters of a name as stand under an icon."""


@dataclass(frozen=True, slots=True)
class Face:
    """What the head of every page says of the network's look."""

    sheet: str
    """The address of the style sheet with the network's accent; empty where it has none of its own."""
    logo: str
    """The address of the picture that stands in place of its name; empty where none does."""
    strapline: str
    light: str
    """The paper of the light theme, as #rrggbb, for what browsers draw around a page."""
    dark: str


def init_app(app: Flask) -> None:
    """Let every page say what its network looks like."""
    app.jinja_env.globals["face"] = face


def face() -> Face:
    """The look of the network that this node belongs to."""
    place = here()
    sheet = look.address(place.accent) if look.is_own(place.accent) else ""
    logo = f"/files/{place.logo}" if place.logo else ""
    return Face(sheet, logo, place.strapline, look.LIGHT.paper, look.DARK.paper)


@bp.get("/look/<given>.css")
@may("anyone")
def sheet(given: str) -> AnyResponse:
    """The accent of the network as a style sheet, which browsers keep for good under the address of its content."""
    accent = here().accent
    response: Response = current_app.response_class(look.css(accent), mimetype="text/css")
    if request.path == look.address(accent):  # an older page may ask for a look that is no longer this one
        response.headers["Cache-Control"] = FOREVER
    return response


@bp.get("/manifest.webmanifest")
@may("anyone")
def manifest() -> AnyResponse:
    """What a phone needs to know to put this network beside its programs."""
    name = network_name()
    icons = [
        {"src": asset("icons/icon.svg"), "type": "image/svg+xml", "sizes": "any", "purpose": "any"},
        {"src": asset("icons/icon-192.png"), "type": "image/png", "sizes": "192x192", "purpose": "any"},
        {"src": asset("icons/icon-512.png"), "type": "image/png", "sizes": "512x512", "purpose": "any"},
        {"src": asset("icons/maskable-512.png"), "type": "image/png", "sizes": "512x512", "purpose": "maskable"},
    ]
    told = {
        "name": name, "short_name": _short(name),
        "description": face().strapline, "lang": language_tag(), "dir": "auto", "id": "/", "start_url": "/",
        "scope": "/", "display": "minimal-ui", "background_color": look.LIGHT.paper,
        "theme_color": look.LIGHT.paper, "icons": icons,
    }  # fmt: skip
    response: Response = current_app.response_class(current_app.json.dumps(told), mimetype="application/manifest+json")
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


def _short(name: str) -> str:
    """As many of the first words of a name as stand under an icon."""
    kept = ""
    for word in name.split():
        if len(f"{kept} {word}".strip()) > SHORT_NAME:
            break
        kept = f"{kept} {word}".strip()
    return kept or name[:SHORT_NAME]
