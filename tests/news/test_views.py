"""News: the standfirst, the lead picture with its words, what was learned, and the source."""

import io
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.entry import Attachment
from tests.entries.forms import errors, form, heads, picture, share
from tests.factories import read_again

WITH_PICTURE = {"picture_alt": "A red press", "picture_caption": "In the hall", "picture_credit": "Samira Haddow"}


def lead(session: Session) -> list[tuple[str, str, str]]:
    """The words of the lead picture, if there is one."""
    read_again(session)
    rows = session.scalars(select(Attachment).where(Attachment.field == "picture"))
    return [(row.alt, row.caption, row.credit) for row in rows]


def test_everything_of_a_story_is_on_its_page(hers: FlaskClient, client: FlaskClient) -> None:
    address = share(
        hers, "news", visibility="public", standfirst="A week in the hall.", link="https://example.org/story",
        learning="- Measure the door\n\n• Bring soup", picture=(picture(), "press.png"), **WITH_PICTURE,
    )  # fmt: skip
    page = client.get(address).text
    assert "A week in the hall." in page and 'alt="A red press"' in page
    assert "In the hall" in page and "Picture: Samira Haddow" in page
    assert re.findall(r'class="learned__point"><span dir="auto">(.*?)<', page) == ["Measure the door", "Bring soup"]
    assert 'href="https://example.org/story" rel="nofollow noopener"' in page
    source = re.search(r'src="(/files/[0-9a-f]+)"', page)
    assert source and client.get(source[1]).mimetype == "image/webp"
    assert "A week in the hall." in client.get("/news").text


def test_a_picture_needs_words(hers: FlaskClient, session: Session) -> None:
    answer = hers.post("/news/new", data=form("news", picture=(picture(), "press.png")))
    assert answer.status_code == 422
    assert "Say what the picture shows" in errors(answer.text)["picture_alt"]
    assert lead(session) == []


def test_a_document_is_no_lead_picture(hers: FlaskClient, session: Session) -> None:
    given = form("news", picture=(io.BytesIO(b"%PDF-1.7"), "press.pdf"), picture_alt="A press")
    answer = hers.post("/news/new", data=given)
    assert answer.status_code == 422 and "is not a picture" in errors(answer.text)["picture"]


def test_the_picture_stays_is_changed_or_goes(hers: FlaskClient, session: Session) -> None:
    address = share(hers, "news", picture=(picture(), "press.png"), **WITH_PICTURE)

    def edit(**changed: object) -> int:
        given = form("news", heads=heads(hers, f"{address}/edit"), **{**WITH_PICTURE, **changed})
        return hers.post(f"{address}/edit", data=given).status_code

    assert 'value="A red press"' in hers.get(f"{address}/edit").text
    assert edit(picture_caption="On the second day") == 303
    assert lead(session) == [("A red press", "On the second day", "Samira Haddow")]
    assert edit(picture_alt="") == 422
    assert edit(picture=(picture(size=(9, 9)), "new.png"), picture_alt="A van") == 303
    assert lead(session) == [("A van", "In the hall", "Samira Haddow")]
    assert edit(picture_gone="y", picture_alt="") == 303
    assert lead(session) == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"link": "javascript:alert(1)"}, "link"), ({"link": "not an address"}, "link"),
        ({"learning": "x" * 301}, "learning"), ({"learning": "\n".join("abcdefghijklm")}, "learning"),
        ({"standfirst": "x" * 501}, "standfirst"), ({"picture_alt": "x" * 1001}, "picture_alt"),
    ],
)  # fmt: skip
def test_what_needs_another_look_is_422(hers: FlaskClient, wrong: dict[str, str], field: str) -> None:
    answer = hers.post("/news/new", data=form("news") | wrong)
    assert answer.status_code == 422 and field in errors(answer.text) and "It rained." in answer.text
