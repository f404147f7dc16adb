"""Where a page says it is: the menu, the title, and what it tells programs about itself."""

import re

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.network.model import own_network
from tests.entries.forms import share
from tests.factories import make_network


def title(page: str) -> str:
    found = re.search(r"<title>(.*?)</title>", page)
    assert found
    return found[1]


def test_a_title_says_where_the_page_is(session: Session, hers: FlaskClient) -> None:
    make_network(session)
    network = own_network(session)
    assert network is not None
    entry = share(hers, "discussion", title="Saying no to a funder")
    assert title(hers.get(entry).text) == f"Saying no to a funder · Discussions · {network.name}"
    assert title(hers.get("/discussions").text) == f"Discussions · {network.name}"


def test_the_menu_tells_a_page_from_its_section(hers: FlaskClient) -> None:
    entry = share(hers, "idea")
    assert '<a href="/ideas" aria-current="page">' in hers.get("/ideas").text
    assert '<a href="/ideas" aria-current="true">' in hers.get(entry).text
    assert "aria-current" not in hers.get("/news").text.partition('href="/ideas"')[2].partition("</ul>")[0]


def test_what_is_public_tells_programs_about_itself(session: Session, client: FlaskClient, hers: FlaskClient) -> None:
    entry = share(
        hers,
        "news",
        title="The press came by milk van",
        standfirst="",
        body="A week in *Wether Fell*.",
        visibility="public",
    )
    page = client.get(entry).text
    short = re.match(r"/news/[a-z2-7]{12}", entry)
    assert short
    assert f'<link rel="canonical" href="http://localhost{short[0]}">' in page
    assert '<meta property="og:title" content="The press came by milk van">' in page
    assert '<meta name="description" content="A week in Wether Fell.">' in page


def test_what_is_the_networks_tells_programs_nothing(hers: FlaskClient) -> None:
    page = hers.get(share(hers, "news", title="Among ourselves")).text
    assert "og:title" not in page and 'name="description"' not in page
