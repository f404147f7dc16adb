"""Discussions: where the talk has got to, kept by everybody together."""

from flask.testing import FlaskClient

from partnernet.people.model import Account
from tests.entries.forms import heads, share, written


def test_any_member_sums_the_talk_up(hers: FlaskClient, his: FlaskClient, tomasz: Account) -> None:
    address = share(hers, "discussion")
    assert "Nobody has summed this up yet." in hers.get(address).text
    seen = heads(his, f"{address}/summary")
    answer = his.post(f"{address}/summary", data={"summary": "**Settled:** @Tomasz Lind asks.", "heads": seen})
    assert answer.status_code == 303
    page = hers.get(address).text
    assert "<strong>Settled:</strong>" in page and 'class="mention"' in page
    assert written(hers.get(f"{address}/summary").text, "summary") == "**Settled:** @Tomasz Lind asks."


def test_two_summaries_stand_side_by_side_until_one_is_made(hers: FlaskClient, his: FlaskClient) -> None:
    address = share(hers, "discussion")
    seen = heads(hers, f"{address}/summary")
    for browser, words in ((hers, "The door."), (his, "The kettle.")):
        browser.post(f"{address}/summary", data={"summary": words, "heads": seen})
    versions = his.get(f"{address}/summary").location
    assert ">door</mark>" in his.get(versions).text and ">kettle</mark>" in his.get(versions).text
    his.post(f"{address}/summary", data={"summary": "Both.", "heads": heads(his, f"{address}/summary")})
    assert "The door." not in his.get(f"{address}/summary").text


def test_a_summary_has_its_limit_and_its_readers(hers: FlaskClient, client: FlaskClient) -> None:
    address = share(hers, "discussion")
    answer = hers.post(f"{address}/summary", data={"summary": "x" * 8_001})
    assert answer.status_code == 422 and "8,000" in answer.text
    assert client.get(f"{address}/summary").status_code == 404
    public = share(hers, "discussion", visibility="public")
    assert client.post(f"{public}/summary", data={"summary": "Mine"}).status_code in (401, 404)
