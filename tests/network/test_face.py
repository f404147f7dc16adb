"""What browsers are given of the network's look."""

import json
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.config import assets
from partnernet.core.db import commit
from partnernet.core.entry import Entry
from partnernet.core.ledger import verbs
from partnernet.core.ledger.node import NodeItself
from partnernet.network import look
from partnernet.network.model import OWN, setting
from partnernet.web.static import FOREVER
from tests.factories import make_network, own_node


def choose(session: Session, **values: str) -> None:
    """Give the network of this node another look."""
    network = session.get_one(Entry, setting(session, OWN))
    verbs.edit(session, NodeItself(own_node()), network, values)
    commit(session)


def test_a_network_without_an_accent_of_its_own_asks_for_no_second_style_sheet(
    client: FlaskClient, session: Session
) -> None:
    make_network(session)
    assert client.get("/about").text.count('rel="stylesheet"') == 1


def test_the_accent_comes_in_a_sheet_after_the_first_and_is_kept_for_good(
    client: FlaskClient, session: Session
) -> None:
    make_network(session)
    choose(session, accent="madder")
    first, second = re.findall(r'<link rel="stylesheet" href="([^"]+)"', client.get("/about").text)
    assert first.endswith("css/site.css") and second == look.address("madder")
    answer = client.get(second)
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/css", FOREVER)
    assert look.palette("madder").light.accent in answer.text


def test_an_older_address_has_the_look_of_today_and_is_not_kept(client: FlaskClient, session: Session) -> None:
    make_network(session)
    choose(session, accent="madder")
    answer = client.get(look.address("ochre"))
    assert answer.text == look.css("madder") and "immutable" not in answer.headers["Cache-Control"]


@pytest.mark.parametrize("values", [{"accent": "madder"}, {"strapline": "Between the fell and the sea"}])
def test_a_page_that_a_browser_keeps_is_asked_for_again_when_the_look_changes(
    client: FlaskClient, session: Session, values: dict[str, str]
) -> None:
    make_network(session)
    etag = client.get("/").headers["ETag"]
    assert client.get("/", headers={"If-None-Match": etag}).status_code == 304
    choose(session, **values)
    assert client.get("/", headers={"If-None-Match": etag}).status_code == 200


def test_browsers_draw_the_paper_around_a_page_in_both_themes(client: FlaskClient, session: Session) -> None:
    make_network(session)
    found = dict(
        re.findall(r'name="theme-color" content="(#\w+)" media="\(prefers-color-scheme: (\w+)', client.get("/").text)
    )
    assert found == {look.LIGHT.paper: "light", look.DARK.paper: "dark"}


def test_a_phone_is_told_the_name_the_colours_and_icons_that_are_there(client: FlaskClient, session: Session) -> None:
    make_network(session)
    choose(session, name="The Upland and Estuary Partnership", strapline="Nine halls")
    answer = client.get("/manifest.webmanifest")
    told = json.loads(answer.text)
    assert answer.mimetype == "application/manifest+json"
    assert (told["name"], told["short_name"]) == ("The Upland and Estuary Partnership", "The Upland")
    assert (told["start_url"], told["description"], told["lang"]) == ("/", "Nine halls", "en-GB")
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}
    assert all(client.get(icon["src"]).mimetype == icon["type"] for icon in told["icons"])


def test_icons_have_the_sizes_that_pages_say() -> None:
    from PIL import Image

    sizes = {"icon-192": 192, "icon-512": 512, "maskable-512": 512, "apple-touch-icon": 180}
    for name, size in sizes.items():
        with Image.open(assets("static") / "icons" / f"{name}.png") as image:
            assert image.size == (size, size)
    with Image.open(assets("static") / "icons" / "favicon.ico") as icon:
        assert icon.info["sizes"] == {(16, 16), (32, 32), (48, 48)}
