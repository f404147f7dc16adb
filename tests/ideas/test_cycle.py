"""The ring of an idea's stages."""

import re

import pytest
from flask.testing import FlaskClient

from partnernet.ideas.cycle import cycle
from partnernet.ideas.model import STAGES
from tests.entries.forms import heads, share
from tests.ideas.test_views import PARTIAL


@pytest.mark.parametrize("stage", [*STAGES, "", "nonsense"])
def test_every_stage_stands_in_its_place(stage: str) -> None:
    found = cycle(stage)
    here = list(STAGES).index(stage) if stage in STAGES else 0
    assert [each.state for each in found.stages] == ["done"] * here + ["now"] + ["ahead"] * (4 - here)
    assert sum(each.is_walked for each in found.stages) == here
    assert found.now is found.stages[here] and found.following is found.stages[(here + 1) % 5]
    places = {(each.x, each.y) for each in found.stages}
    assert len(places) == 5 and all(0 < float(x) < 400 and 0 < float(y) < 310 for x, y in places)


def test_the_page_draws_it_and_says_since_when(hers: FlaskClient, his: FlaskClient) -> None:
    address = share(hers, "idea", stage="define")
    page = hers.get(address).text
    assert "second stage of five: Define" in page and "the idea is now at Define." in page
    assert page.count('class="cycle__arc cycle__arc--done"') == 1 and "style=" not in page
    assert re.search(r"since \d", page) and "says <bdi>Josie Calder</bdi>" in page
    his.post(f"{address}/stage", data={"stage": "deliver", "heads": heads(his, f"{address}/stage")})
    assert "says <bdi>Tomasz Lind</bdi>" in hers.get(address).text


def test_it_is_moved_on_and_back_without_leaving_the_page(hers: FlaskClient) -> None:
    address = share(hers, "idea", stage="define")
    for stage, words in (("develop", "third stage of five: Develop"), ("define", "second stage of five: Define")):
        seen = heads(hers, f"{address}/stage")
        answer = hers.post(f"{address}/stage", data={"stage": stage, "heads": seen}, headers=PARTIAL)
        assert answer.status_code == 200 and "<html" not in answer.text and "Undo" in answer.text
        assert f'<hx-partial hx-target="#at-stage" hx-swap="innerHTML">{words}</hx-partial>' in answer.text
        assert f"It is at {STAGES[stage]} now." in answer.text and words in hers.get(address).text


def test_a_move_can_be_undone(hers: FlaskClient) -> None:
    address = share(hers, "idea", stage="define")
    hers.post(f"{address}/stage", data={"stage": "deliver", "heads": heads(hers, f"{address}/stage")})
    page = hers.get(address).text
    notice = page.partition('id="said"')[2].partition("</form>")[0]
    assert "It is at Deliver now." in notice and f'action="{address}/stage"' in notice
    fields = dict(re.findall(r'name="(\w+)" value="(\w+)"', notice))
    assert fields == {"stage": "define"}
    assert hers.post(f"{address}/stage", data=fields).status_code == 303
    assert "second stage of five: Define" in hers.get(address).text
