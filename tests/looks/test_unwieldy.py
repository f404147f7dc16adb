"""Bad input: whatever people may send, nothing overflows and nothing breaks."""

import pytest

from tests.browser import Visitor
from tests.looks.checks import faults
from tests.looks.site import Site
from tests.looks.unwieldy import ALL

pytestmark = pytest.mark.browser

PLACES = ("", "/history", "/edit")
LISTS = ("/", "/entries", "/discussions", "/ideas", "/news", "/notes", "/people", "/partners", "/search?q=" + "tag")


@pytest.mark.parametrize("name", ALL)
def test_what_fits_nowhere_fits(site: Site, visitor: Visitor, name: str) -> None:
    page, found = site.lets_in("steward", visitor(width=320)).new_page(), []
    for place in PLACES:
        answer = page.goto(site.address + site.unwieldy[name] + place)
        assert answer is not None and answer.status == 200, place
        found += [f"{place}: {fault}" for fault in faults(page, "sound", "spacing", "targets")]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("address", LISTS)
def test_lists_of_what_fits_nowhere_fit(site: Site, visitor: Visitor, address: str) -> None:
    page = site.lets_in("author", visitor(width=320)).new_page()
    page.goto(site.address + address)
    assert not faults(page, "sound", "spacing")
