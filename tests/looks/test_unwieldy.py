"""Bad input: whatever people may send, nothing overflows and nothing breaks."""

from collections.abc import Iterator

import pytest

from tests.browser import Visitor
from tests.looks.checks import faults
from tests.looks.site import Site, made_empty, served
from tests.looks.unwieldy import ALL, LONG

pytestmark = pytest.mark.browser

NARROW = 320
PLACES = ("", "/history", "/edit")
LISTS = (
    "/", "/entries", "/discussions", "/ideas", "/news", "/notes", "/people", "/partners", "/glossary", "/search?q=tag",
)  # fmt: skip


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A node on its first day."""
    folder = tmp_path_factory.mktemp("empty")
    with served(made_empty(folder), folder) as site:
        yield site


@pytest.mark.parametrize("name", ALL)
def test_what_fits_nowhere_fits(site: Site, visitor: Visitor, name: str) -> None:
    page, found = site.lets_in("steward", visitor(width=NARROW)).new_page(), []
    for place in PLACES:
        answer = page.goto(site.address + site.unwieldy[name] + place)
        assert answer is not None and answer.status == 200, place
        found += [f"{place}: {fault}" for fault in faults(page, "sound", "spacing", "targets")]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("address", LISTS)
def test_lists_of_what_fits_nowhere_fit(site: Site, visitor: Visitor, address: str) -> None:
    page = site.lets_in("author", visitor(width=NARROW)).new_page()
    page.goto(site.address + address)
    assert not faults(page, "sound", "spacing")


@pytest.mark.parametrize("who", ["stranger", "steward"])
def test_pages_without_any_content_are_whole(empty: Site, visitor: Visitor, who: str) -> None:
    page, found, seen = empty.lets_in(who, visitor(width=NARROW)).new_page(), [], 0
    for rule in empty.rules("GET"):
        if not rule.arguments:
            answer = page.goto(empty.address + rule.rule)
            assert answer is not None and answer.status in (200, 403), rule
            found += [f"{rule}: {fault}" for fault in faults(page, "sound", "spacing", "targets")]
            seen += 1
    assert not found, "\n".join(found)
    assert seen > 15


def test_what_is_written_from_right_to_left_is_set_so(site: Site, visitor: Visitor) -> None:
    page = site.lets_in("author", visitor(width=NARROW)).new_page()
    for place in PLACES:
        page.goto(site.address + site.unwieldy["right to left"] + place)
        assert not faults(page, "direction")


def test_a_network_whose_name_is_one_long_word_fits(empty: Site, visitor: Visitor) -> None:
    page = empty.lets_in("steward", visitor(width=NARROW)).new_page()
    page.goto(empty.address + "/about/edit")
    page.get_by_label("Name of the network").fill((2 * LONG)[:100])
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/about")
    for address in ("/", "/about", "/news"):
        page.goto(empty.address + address)
        assert not faults(page, "sound", "spacing"), address


def test_what_somebody_with_one_long_name_has_said_fits(empty: Site, visitor: Visitor) -> None:
    page = empty.lets_in("steward", visitor(width=NARROW)).new_page()
    page.goto(empty.address + "/account/card")
    page.get_by_label("Your name").fill((2 * LONG)[:100])
    page.get_by_role("button", name="Save").click()
    page.goto(empty.address + "/ideas/new")
    page.get_by_label("Title").fill("A")
    page.get_by_label("Text", exact=True).fill("b")
    page.get_by_role("button", name="Share it").click()
    page.get_by_role("button", name="Count us in").click()
    page.get_by_text("Counts in.", exact=True).wait_for()
    assert not faults(page, "sound", "spacing")
