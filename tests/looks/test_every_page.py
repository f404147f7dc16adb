"""Every page there is, for everybody who may knock, in a browser as narrow as a telephone."""

import pytest
from playwright.sync_api import Page

from tests.browser import Visitor, lack
from tests.looks.camera import SEND_EMPTY
from tests.looks.checks import faults, violations
from tests.looks.conftest import NO_AXE, axe_source
from tests.looks.site import VISITORS, Site

pytestmark = pytest.mark.browser

TELEPHONE, NARROW = 360, 320
TALL = 900
FORMS = ("/login", "/ideas/new", "/news/new", "/partners/new", "/glossary/new", "/account/card", "/account/password")


@pytest.mark.parametrize("who", VISITORS)
def test_every_page_fits_is_well_made_and_open_to_everybody(site: Site, visitor: Visitor, who: str) -> None:
    axe = axe_source()
    context, asked = site.lets_in(who, visitor()), set()
    context.on("request", lambda request: asked.add(request.url))
    page, found, seen = context.new_page(), [], 0
    for stop in site.pages(who):
        page.set_viewport_size({"width": TELEPHONE, "height": TALL})
        answer = page.goto(site.address + stop.address)
        said = faults(page, "targets", "spacing") + narrow(page)
        if axe:
            page.set_viewport_size({"width": TELEPHONE, "height": TALL})
            said += violations(page, axe)
        if answer is None or answer.status not in stop.statuses:
            said.append(f"{answer and answer.status}, not {stop.statuses}")
        found += [f"{stop.address}: {fault}" for fault in said]
        seen += 1
    assert not found, "\n".join(found)
    assert seen > 25
    assert asked and not [url for url in asked if not url.startswith((f"{site.address}/", "data:", "blob:"))]
    if not axe:
        lack(NO_AXE)  # all but what it says is tried


@pytest.mark.parametrize("who", VISITORS)
def test_every_page_is_of_use_without_a_script(site: Site, visitor: Visitor, who: str) -> None:
    page, found = site.lets_in(who, visitor(width=NARROW, javascript=False)).new_page(), []
    for stop in site.pages(who):
        page.goto(site.address + stop.address)
        found += [f"{stop.address}: {fault}" for fault in faults(page, "scriptless", "sound")]
    assert not found, "\n".join(found)


def test_every_form_that_is_sent_empty_fits_and_is_well_made(site: Site, visitor: Visitor) -> None:
    found = []
    for address in FORMS:
        page = site.lets_in("stranger" if address == "/login" else "author", visitor(width=NARROW)).new_page()
        page.goto(site.address + address)
        with page.expect_navigation() as navigation:
            page.evaluate(SEND_EMPTY)
        assert navigation.value.status == 422, address
        assert page.locator(".error-summary:focus").count() == 1, address
        found += [f"{address}: {fault}" for fault in faults(page, "sound")]
    assert not found, "\n".join(found)


def narrow(page: Page) -> list[str]:
    """What is wrong with the page when its window is made narrower."""
    page.set_viewport_size({"width": NARROW, "height": TALL})
    return faults(page, "sound")
