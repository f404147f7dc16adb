"""What is well-formed and was meant badly: it is taken in, harms nothing, and every page can still be read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from partnernet.core.db import db
from partnernet.core.entry import Entry
from partnernet.core.ledger import log
from partnernet.core.ledger.tables import OpRow, Quarantined
from partnernet.core.policy import STEWARD
from partnernet.nodes import quarantine
from tests.exchange.nodes import Server
from tests.laws.budget import LONG
from tests.vectors.writing import Writer, lines_of

MOST, LAST_DAY, FIRST_DAY = 2**53 - 1, 253_402_300_799_999, -62_135_596_800_000
NOW, MILLENNIUM = 1_780_000_000_000, 31_557_600_000_000
DEEP = 10_000 if LONG else 1_500
FOLDERS = {"discussion": "discussions", "note": "notes", "news": "news", "idea": "ideas", "term": "glossary",
           "partner": "partners", "person": "people", "reply": "replies", "page": "pages"}  # fmt: skip
LISTS = ("/", "/news", "/ideas", "/discussions", "/notes", "/people", "/partners", "/glossary", "/exchange", "/about",
         "/search?q=far", "/entries")  # fmt: skip
MAX_PAGE = 120_000
"""Bytes of a page, however much lies under it."""


class Pier:
    """A server that lets in what Eve writes at hers."""

    def __init__(self, folder: Path) -> None:
        self.server, self.eve = Server(folder), Writer("evil", "Eve")
        self.browser = self.server.browser("ash@pier.example", "Ash Ferreira", STEWARD)

    def take(self, ops: list[Any], *more: str) -> None:
        path = self.server.folder / "given.pn.jsonl"
        path.write_bytes(lines_of(ops))
        result = self.server.run("import", str(path), "--yes", *more)
        assert result.exit_code == 0, result.exception

    def get(self, address: str) -> Any:
        """A page, wherever it leads; raises where it leads in a circle."""
        for _step in range(5):
            answer = self.browser.get(address)
            if answer.status_code not in (301, 302, 303):
                return answer
            address = answer.headers["Location"]
        raise AssertionError(f"{address} leads on and on")

    def page(self, op: Any) -> Any:
        return self.get(f"/{FOLDERS[op['h']['kind']]}/{op['id'][:12]}")


@pytest.fixture
def pier(tmp_path: Path) -> Iterator[Pier]:
    pier = Pier(tmp_path)
    yield pier
    pier.server.close()


def odd_times(eve: Writer) -> list[Any]:
    """Written a thousand years ago, in a thousand years, and at the ends of all numbers."""
    far = eve.op("discussion", body={"set": {"title": "Far", "body": "x"}}, ts=MOST)
    past = eve.op("discussion", body={"set": {"title": "Far past", "body": "x", "date": FIRST_DAY}}, ts=0)
    made = [
        eve.op(kind, log, {"set": {"title": "Far", "name": "Far", "body": "x", "slug": "far", **more}}, ts=ts)
        for kind, log, ts, more in (
            ("news", "public", MOST, {"date": LAST_DAY}), ("idea", "public", MOST, {}), ("term", "network", MOST, {}),
            ("page", "public", MOST, {}), ("partner", "public", MOST, {}), ("person", "network", MOST, {}),
            ("note", "network", 0, {"held": "9999-12-31"}), ("note", "network", MOST, {"held": "1000-01-01"}),
            ("idea", "network", NOW + MILLENNIUM, {"date": NOW - MILLENNIUM}),
        )
    ]  # fmt: skip
    reply = eve.op("reply", body={"set": {"body": "far", "date": LAST_DAY}}, root=far["id"], ts=MOST)
    edit = eve.op("edit", body={"set": {"title": "Far and late"}}, ent=past["id"], par=[past["id"]], ts=MOST)
    return [far, past, *made, reply, edit, eve.mark(far, "tag", True, subject="far")]


def odd_bodies(eve: Writer) -> list[Any]:
    """Bodies in which every part is something else than it should be, of every kind, and edits of them."""
    plain = [eve.make("discussion", title="Plain", body="x"), eve.make("note", title="Plain", body="x")]
    odd = ("x", ["x"], 7, True, None, {"title": {"x": 1}, "name": ["x"], "body": 3, "files": {"x": 1}, "also": "x"})
    made = [
        eve.op(kind, body={"set": some, "mark": some, "doc": some, "by_key": some})
        for kind in (*FOLDERS, "network", "mark", "membership", "revoke", "edit", "redact") for some in odd
    ]  # fmt: skip
    on = [
        eve.op(kind, body={"set": some, "mark": some, "subject": some, "value": some}, ent=plain[0]["id"], ops=some)
        for kind in ("edit", "delete", "mark", "redact") for some in odd[:4]
    ]  # fmt: skip
    return [*plain, *made, *on, eve.op("reply", body={}, root=plain[0]["id"], re=7)]


def odd_places(eve: Writer) -> list[Any]:
    """Entries that lie under others, replies to nothing and to themselves, copies of each other, circles of links."""
    one, two = eve.make("discussion", title="One", body="x"), eve.make("discussion", title="Two", body="x")
    copy = eve.make("discussion", "public", title="Copy", body="x", copied_from=one["id"])
    reply = eve.op("reply", body={"set": {"body": "To the entry"}}, root=one["id"], re=one["id"])
    under = eve.op("reply", body={"set": {"body": "To a reply as if it were an entry"}}, root=reply["id"])
    return [
        one, two, copy, reply, under,
        eve.edit(one, copied_from=copy["id"]), eve.edit(two, copied_from=two["id"]),
        eve.op("reply", body={"set": {"body": "To nothing"}}),
        eve.op("reply", body={"set": {"body": "To what is not here"}}, root="a" * 52, re="b" * 52),
        eve.op("discussion", body={"set": {"title": "Under another", "body": "x"}}, root=two["id"]),
        eve.op("note", body={"set": {"title": "A note under another", "body": "x"}}, root=two["id"]),
        eve.op("person", body={"set": {"name": "Eve"}}, who=eve.by, root=two["id"]),
        eve.op("reply", body={"set": {"body": "To a mark"}}, root=eve.mark(one, "tag", True, subject="x")["id"]),
        eve.mark(one, "came_from", True, subject=two["id"]), eve.mark(two, "came_from", True, subject=one["id"]),
        eve.mark(one, "came_from", True, subject=one["id"]),
        eve.op("edit", body={"set": {"title": "Of a reply's reply"}}, ent=under["id"], par=[two["id"]]),
        eve.op("edit", body={"set": {"title": "Of an edit"}}, ent=eve.edit(one, title="…")["id"]),
    ]  # fmt: skip


@pytest.mark.parametrize("made", [odd_times, odd_places, odd_bodies])
def test_every_page_can_be_read(pier: Pier, made: Any) -> None:
    ops = made(pier.eve)
    pier.take(ops)
    for address in LISTS:
        assert pier.get(address).status_code == 200, address
    for op in ops:
        if op["h"]["ent"] is None and op["h"]["kind"] in FOLDERS:
            assert pier.page(op).status_code in (200, 404), op["b"]
    assert pier.page(ops[0]).status_code == pier.page(ops[1]).status_code == 200


def test_a_chain_of_replies_is_shown_a_page_at_a_time(pier: Pier) -> None:
    root = pier.eve.make("discussion", title="Deep", body="x")
    chain = [root]
    for n in range(DEEP):
        to = {"re": chain[-1]["id"]} if n else {}
        chain.append(pier.eve.op("reply", body={"set": {"body": f"Reply {n}"}}, root=root["id"], **to))
    pier.take(chain, "--no-index")
    for op in (root, chain[1], chain[DEEP // 2], chain[-1]):
        page = pier.page(op)
        assert page.status_code == 200 and len(page.data) < MAX_PAGE
    assert pier.server.inside(lambda: db.session.get(Entry, root["id"]).replies) == DEEP


def test_edits_beside_and_after_one_another_cost_no_more_the_more_there_are(pier: Pier) -> None:
    made = pier.eve.make("discussion", title="Edited", body="x")
    chain = [made]
    for n in range(DEEP):
        chain.append(pier.eve.edit(made, chain[-1], title=f"After {n}"))
    beside = [pier.eve.edit(made, body=f"Beside {n}") for n in range(DEEP)]
    pier.take([*chain, *beside], "--no-index")
    for address in ("", "/history"):
        page = pier.get(f"/discussions/{made['id'][:12]}{address}")
        assert page.status_code == 200 and len(page.data) < MAX_PAGE, address


def test_the_highest_number_and_numbers_taken_twice_are_held_as_they_are(pier: Pier) -> None:
    eve = pier.eve
    ops = [eve.op("idea", body={"set": {"title": str(n)}}, seq=seq) for n, seq in enumerate((1, 1, 3, MOST, MOST))]
    pier.take(ops)
    held = pier.server.inside(lambda: dict(log.have(db.session())))
    assert held[f"{eve.key.public}/{eve.inc}/network"]["r"] == f"1,3,{MOST}"
    assert pier.server.inside(lambda: db.session.scalar(select(func.count()).where(OpRow.node == eve.key.public))) == 5


def test_an_op_in_another_log_than_its_entity_has_no_effect(pier: Pier) -> None:
    made = pier.eve.make("discussion", title="Within", body="x")
    out = {"ent": made["id"], "par": [made["id"]]}
    shout = pier.eve.op("edit", "public", {"set": {"title": "Without"}}, **out)
    pier.take([made, shout, pier.eve.op("redact", "public", **out)])
    entry = pier.server.inside(lambda: db.session.get(Entry, made["id"]))
    assert (entry.title, entry.log, entry.redacted) == ("Within", "network", False)


def test_a_flood_from_a_stranger_is_bounded(pier: Pier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarantine, "OF_ONE", quarantine.OF_ONE._replace(ops=50))
    path = pier.server.folder / "flood.pn.jsonl"
    path.write_bytes(lines_of([pier.eve.op("x") for _ in range(400)]))
    result = pier.server.run("import", str(path))
    assert result.exit_code == 0, result.exception
    waiting = pier.server.inside(lambda: db.session.scalar(select(func.count()).select_from(Quarantined)))
    assert waiting <= 50
