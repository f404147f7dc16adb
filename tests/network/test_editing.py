"""Where stewards choose how their network looks and greets."""

import io
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete
from sqlalchemy.orm import Session

from partnernet.core.db import commit, write
from partnernet.core.entry import Entry, Membership
from partnernet.core.ledger import verbs
from partnernet.core.ledger.node import NodeItself
from partnernet.network import look
from partnernet.network.model import Network, own_network
from tests.factories import make_account, make_network, own_node, read_again, sign_in

EDIT = "/about/edit"
FAILING = "#ffdd00"


@pytest.fixture
def steward(client: FlaskClient, session: Session) -> FlaskClient:
    """A browser in which a steward is signed in, of a network that is founded."""
    make_network(session)
    return sign_in(client, make_account(session, role="steward"), session)


def form(browser: FlaskClient, **changed: object) -> dict[str, object]:
    """What the form holds as it is shown, with something changed."""
    page = browser.get(EDIT).text
    heads = re.search(r'name="heads"[^>]*value="([^"]*)"', page)
    assert heads
    return {"name": "Four Tides", "accent": "kelp", "accent_own": "#005d42", "heads": heads[1]} | changed


def network(session: Session) -> Network:
    read_again(session)
    found = own_network(session)
    assert found is not None
    return found


def test_the_line_over_the_name_is_kept_and_shown(steward: FlaskClient, session: Session) -> None:
    line = "Nine arts organisations between the fell and the sea"
    assert steward.post(EDIT, data=form(steward, strapline=line)).status_code == 303
    assert network(session).strapline == line
    assert line in steward.get("/").text and line in steward.get(EDIT).text


@pytest.mark.parametrize("accent", ["madder", "ochre"])
def test_a_named_colour_is_kept_by_its_name(steward: FlaskClient, session: Session, accent: str) -> None:
    steward.post(EDIT, data=form(steward, accent=accent))
    assert network(session).accent == accent
    assert look.address(accent) in steward.get(EDIT).text


def test_the_colour_that_pages_have_anyway_is_no_look_of_its_own(steward: FlaskClient, session: Session) -> None:
    steward.post(EDIT, data=form(steward, accent="madder"))
    steward.post(EDIT, data=form(steward, accent="kelp"))
    assert network(session).accent == ""


def test_a_colour_of_their_own_that_can_be_read_is_kept(steward: FlaskClient, session: Session) -> None:
    steward.post(EDIT, data=form(steward, accent="own", accent_own="#0B5394"))
    assert network(session).accent == "#0b5394"
    assert re.search(r'type="color" value="#0b5394"', steward.get(EDIT).text)


def test_one_that_cannot_is_refused_with_its_ratio_and_the_nearest_shade_which_is_taken_in_one_press(
    steward: FlaskClient, session: Session
) -> None:
    given = form(steward, accent="own", accent_own=FAILING, strapline="Kept")
    answer = steward.post(EDIT, data=given)
    offered = look.suggested(FAILING)
    assert answer.status_code == 422 and 'value="Kept"' in answer.text
    assert f"its contrast is {look.worst(FAILING):.1f} to 1" in answer.text
    assert f'name="shade" value="{offered}"' in answer.text
    assert network(session).accent == ""
    assert steward.post(EDIT, data=given | {"shade": offered}).status_code == 303
    assert (network(session).accent, network(session).strapline) == (offered, "Kept")


@pytest.mark.parametrize("sent", [{"accent": "own", "accent_own": "red"}, {"accent": "sunny"}, {"accent": ""}])
def test_what_is_no_colour_is_refused(steward: FlaskClient, session: Session, sent: dict[str, str]) -> None:
    assert steward.post(EDIT, data=form(steward, **sent)).status_code == 422
    assert network(session).accent == ""


def test_a_look_at_a_colour_changes_nothing_and_keeps_what_was_typed(steward: FlaskClient, session: Session) -> None:
    given = form(steward, accent="madder", show="1", strapline="Not yet")
    page = steward.post(EDIT, data=given)
    assert page.status_code == 200 and 'value="Not yet"' in page.text
    assert look.palette("madder").dark.accent in page.text.partition('id="sample"')[2]
    part = steward.post(EDIT, data=given, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert part.text.strip().startswith('<div class="looks__sample"') and "<h1" not in part.text
    assert network(session).strapline == ""


def test_two_stewards_at_once_are_shown_both_versions(steward: FlaskClient, session: Session) -> None:
    given = form(steward, strapline="By the sea")
    entry = session.get_one(Entry, network(session).id)
    heads = list(entry.heads)
    steward.post(EDIT, data=given)
    read_again(session)
    verbs.edit(session, NodeItself(own_node()), entry, {"strapline": "By the fell"}, heads)
    commit(session)
    page = steward.get(EDIT, follow_redirects=True).text
    both = re.sub(r"</?mark[^>]*>", "", page.partition('class="versions__pair"')[2].partition("</section>")[0])
    assert "By the sea" in both and "By the fell" in both


def test_a_network_that_is_looked_after_elsewhere_keeps_its_look(steward: FlaskClient, session: Session) -> None:
    found = network(session)
    write(session)
    session.get_one(Entry, found.id).node = "z" * 52  # as if another node had made it, and named its own stewards
    session.execute(delete(Membership))
    commit(session)
    page = steward.get(EDIT).text
    assert 'name="accent"' not in page and 'name="contact"' in page
    steward.post(EDIT, data={"accent": "madder", "contact": "help@tide.example", "show": ""})
    steward.post(EDIT, data={"accent": "madder", "contact": "help@tide.example"})
    assert network(session).accent == "" and "help@tide.example" in steward.get("/about").text


def picture(width: int, height: int, margin: int = 0, mode: str = "RGBA") -> io.BytesIO:
    """A PNG with a drawn box and an empty margin."""
    from PIL import Image

    empty = (0, 0, 0, 0) if mode == "RGBA" else (255, 255, 255)
    drawn = Image.new(mode, (width, height), empty)
    drawn.paste((0, 90, 60, 255)[: len(mode)], (margin, margin, width - margin, height - margin))
    file = io.BytesIO()
    drawn.save(file, "PNG")
    file.seek(0)
    return file


def test_a_picture_stands_in_place_of_the_name_with_the_name_as_its_words(
    steward: FlaskClient, session: Session
) -> None:
    steward.post(EDIT, data=form(steward, picture=(picture(700, 300, 50), "mark.png")))
    (address,) = set(re.findall(r'<img class="nameplate" src="([^"]+)" alt="Four Tides"', steward.get("/about").text))
    stranger = steward.application.test_client()
    answer = stranger.get(address)
    assert answer.mimetype == "image/webp"
    from PIL import Image

    assert Image.open(io.BytesIO(answer.data)).size == (600, 200)
    page = stranger.get("/").text
    assert re.search(rf'<h1[^>]*><a href="/"><img class="nameplate" src="{address}"', page)


def test_it_stays_until_it_is_taken_away(steward: FlaskClient, session: Session) -> None:
    steward.post(EDIT, data=form(steward, picture=(picture(700, 300), "mark.png")))
    steward.post(EDIT, data=form(steward, strapline="Still there"))
    assert 'class="nameplate"' in steward.get("/about").text
    steward.post(EDIT, data=form(steward, picture_gone="y"))
    assert 'class="nameplate"' not in steward.get("/about").text


@pytest.mark.parametrize(
    ("size", "name", "words"),
    [((700, 300), "mark.svg", "save it as a PNG"), ((700, 300), "mark.pdf", "save it as a PNG"),
     ((700, 40), "mark.png", "40 pixels high"), ((2_000, 100), "mark.png", "calmer shape"),
     ((100, 900), "mark.png", "calmer shape"), (None, "mark.png", "cannot be read")],
)  # fmt: skip
def test_a_picture_that_would_not_do_is_refused_in_a_sentence(
    steward: FlaskClient, session: Session, size: tuple[int, int] | None, name: str, words: str
) -> None:
    file = picture(*size) if size else io.BytesIO(b"no picture")
    answer = steward.post(EDIT, data=form(steward, picture=(file, name), strapline="Kept"))
    assert answer.status_code == 422 and words in answer.text and 'value="Kept"' in answer.text
    assert 'class="nameplate"' not in steward.get("/about").text


def test_a_large_picture_is_made_small(steward: FlaskClient) -> None:
    from PIL import Image

    steward.post(EDIT, data=form(steward, picture=(picture(3_000, 1_000, mode="RGB"), "mark.png")))
    (address,) = set(re.findall(r'<img class="nameplate" src="([^"]+)"', steward.get("/about").text))
    assert Image.open(io.BytesIO(steward.get(address).data)).size == (1_200, 400)
