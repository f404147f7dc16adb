"""What people find: by words, filters and dates, and only what they may see."""

from collections.abc import Mapping, Sequence

import pytest
from sqlalchemy.orm import Session

from partnernet.core.consumers import Last
from partnernet.core.db import commit
from partnernet.core.ledger import verbs
from partnernet.core.ledger.node import NodeItself
from partnernet.core.policy import NETWORK as IN_NETWORK
from partnernet.search import engine as engine_module
from partnernet.search.asking import Reader
from partnernet.search.engine import BEHIND, BEING_MADE
from partnernet.search.interface import Condition, Found, Place, Wanted
from partnernet.search.query import read
from partnernet.web.addresses import entry_url
from tests.factories import actor_of, card_of, make_account, make_partner, own_node
from tests.search.cast import HALL, NETWORK, STRANGER, answer, discuss, ids, index, search, titles, update
from tests.search.nasty import NASTY


@pytest.fixture
def talk(session: Session) -> None:
    """A few discussions, most of them noise."""
    hall = discuss(session, HALL, "A van, forty chairs and a **letterpress**.", date=1_750_000_000_000)
    answer(session, hall, "The hall at Thorsby has a single door.")
    discuss(session, "A choir for the pier", "Singers from every harbour.", log="network", date=1_760_000_000_000)
    discuss(session, "Minutes of the harbour walk", "Nobody pressed for time.", date=1_700_000_000_000)
    update()


@pytest.mark.usefixtures("talk")
def test_a_title_counts_more_than_the_text(session: Session) -> None:
    discuss(session, "Harbour lights", "A lamp.")
    update()
    assert titles(session, "harbour")[0] == "Harbour lights"


@pytest.mark.usefixtures("talk")
def test_any_of_the_words_finds_and_more_of_them_find_better(session: Session) -> None:
    assert titles(session, "harbour singers zzz") == ["A choir for the pier", "Minutes of the harbour walk"]


@pytest.mark.usefixtures("talk")
def test_the_address_of_a_reply_is_its_place_on_the_page(session: Session) -> None:
    (hit,) = search(session, "thorsby").hits
    assert hit.entry.kind == "reply"
    assert hit.title == HALL
    root = next(hit for hit in search(session, "letterpress").hits)
    assert hit.url == f"{entry_url(root.entry, HALL)}#r-{hit.entry.id[:12]}"


@pytest.mark.usefixtures("talk")
def test_the_snippet_is_plain_text_with_the_words_marked(session: Session) -> None:
    (hit,) = search(session, "letterpress").hits
    assert hit.snippet == "A van, forty chairs and a <mark>letterpress</mark>."


def test_a_snippet_cannot_carry_markup(session: Session) -> None:
    discuss(session, "<img src=x onerror=alert(1)> heron", "A <script>heron</script> & more")
    update()
    (hit,) = search(session, "heron").hits
    assert "<script" not in hit.snippet
    assert "<img" not in hit.title_marked


# -- permission ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("talk")
def test_a_stranger_finds_only_what_is_public(session: Session) -> None:
    account = make_account(session)
    member = Reader.of(actor_of(session, account))
    assert titles(session, "choir", member) == ["A choir for the pier"]
    found = search(session, "choir harbour", STRANGER)
    assert [hit.title for hit in found.hits] == ["Minutes of the harbour walk"]
    assert found.count == 1
    assert sum(facet.count for facet in found.facets["kind"]) == 1


def test_counts_and_facets_show_nothing_of_what_is_hidden(session: Session) -> None:
    partner = make_partner(session, "Cordage Print Room")
    account = make_account(session, partner=partner.id)
    actor = actor_of(session, account)
    for n in range(3):
        discuss(session, f"Heron {n}", log="network", by=actor)
    discuss(session, "A heron for everybody", by=NodeItself(own_node()))
    update()
    seen = search(session, "heron", Reader.of(actor))
    assert seen.count == 4
    assert [(facet.label, facet.count) for facet in seen.facets["partner"]] == [("Cordage Print Room", 3)]
    hidden = search(session, "heron", STRANGER)
    assert hidden.count == 1
    assert not hidden.facets["partner"]
    assert [(facet.value, facet.count) for facet in hidden.facets["kind"]] == [("discussion", 1)]


def test_the_database_decides_when_the_index_lags(session: Session) -> None:
    heron = discuss(session, "Heron")
    kept = discuss(session, "Another heron")
    update()
    verbs.delete(session, NodeItself(own_node()), heron)
    commit(session)
    found = search(session, "heron")
    assert [hit.entry.id for hit in found.hits] == [kept.id]
    assert found.count == 1
    assert BEHIND in found.notes


def test_an_engine_that_tells_too_much_shows_nothing(session: Session) -> None:
    hidden = discuss(session, "Heron", log="network")

    class Telltale:
        def find(self, wanted: Wanted) -> Found:
            return Found(1, places=[Place(hidden.id, hidden.id, 0, 1.0, 0)])

        def explain(self, wanted: Wanted, places: Sequence[Place]) -> Sequence[Mapping[str, float]]:
            return [{"heron": 1.0} for _ in places]

        def correct(
            self, words: Sequence[str], conditions: Sequence[Condition], newest: Last | None = None
        ) -> Mapping[str, str]:
            return {}

        def completions(self, prefix: str, conditions: Sequence[Condition], limit: int) -> Sequence[str]:
            return []

        def telling(self, words: Mapping[str, float], limit: int, least: int = 2) -> Mapping[str, float]:
            return words

        def position(self) -> int:
            return 0

        def wait_for(self, position: int, milliseconds: int = 500) -> bool:
            return True

    found = engine_module.search(session, Telltale(), STRANGER, read("heron"))
    assert (found.count, list(found.hits)) == (0, [])
    assert not engine_module.find_many(session, Telltale(), STRANGER, read("heron"), 10)


def test_by_tells_a_stranger_nothing_about_hidden_cards(session: Session) -> None:
    account = make_account(session, "Ruth Adeyemi", visibility=IN_NETWORK)
    discuss(session, "Heron", by=actor_of(session, account))
    update()
    assert titles(session, "by:ruth heron") == ["Heron"]
    assert titles(session, "by:ruth heron", STRANGER) == []


# -- filters and order ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("talk")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kind:reply", [HALL]),
        ("hall kind:replies", [HALL]),
        ("harbour -singers", ["Minutes of the harbour walk"]),
        ("harbour -kind:discussion", []),
        ('"forty chairs"', [HALL]),
        ('"chairs forty"', []),
        ('"press a van"', []),
        ("harbour in:network", ["A choir for the pier"]),
        ("harbour -in:network", ["Minutes of the harbour walk"]),
        ("harbour after:2024", ["A choir for the pier"]),
        ("harbour before:2024", ["Minutes of the harbour walk"]),
        ("harbour after:2023-11 before:2023-12", ["Minutes of the harbour walk"]),
        ("harbour partner:nobody", []),
    ],
)
def test_filters_narrow(session: Session, text: str, expected: list[str]) -> None:
    assert titles(session, text) == expected


def test_an_entry_can_be_left_out_with_what_lies_under_it(session: Session) -> None:
    kept, left_out = discuss(session, "One heron"), discuss(session, "Two herons")
    answer(session, left_out, "A heron, too")
    update()
    assert titles(session, f"heron in:{left_out.id[:12]}") == ["Two herons", "Two herons"]
    assert titles(session, f"heron -in:{left_out.id[:12]}") == [kept.title]


def test_partner_and_author_are_called_by_name(session: Session) -> None:
    partner = make_partner(session, "Cordage Print Room")
    actor = actor_of(session, make_account(session, "Ruth Adeyemi", partner=partner.id))
    discuss(session, "Heron of hers", by=actor)
    discuss(session, "Heron of the old list", credit="Poster 12")
    update()
    assert titles(session, "heron partner:cordage") == ["Heron of hers"]
    assert titles(session, 'heron by:"ruth adeyemi"') == ["Heron of hers"]
    assert titles(session, 'heron by:"poster 12"') == ["Heron of the old list"]
    assert titles(session, "heron -by:ruth") == ["Heron of the old list"]


def test_in_takes_the_address_of_a_thread(session: Session) -> None:
    one, other = discuss(session, "One heron"), discuss(session, "Another heron")
    answer(session, one, "A heron below")
    answer(session, other, "A heron elsewhere")
    update()
    assert len(ids(session, f"heron in:{one.id[:12]}")) == 2
    assert ids(session, "heron in:aaaaaaaaaaaa") == set()


@pytest.mark.usefixtures("talk")
def test_the_newest_come_first_when_asked_for(session: Session) -> None:
    assert titles(session, "harbour hall", sort="date")[1:] == [
        "A choir for the pier", HALL, "Minutes of the harbour walk",
    ]  # fmt: skip


def test_ties_go_by_date_then_id(session: Session) -> None:
    same = [discuss(session, "Heron", date=1_000) for _ in range(4)]
    newer = discuss(session, "Heron", date=2_000)
    update()
    found = [hit.entry.id for hit in search(session, "heron").hits]
    assert found == [newer.id, *sorted(entry.id for entry in same)]


def test_pages_follow_each_other(session: Session) -> None:
    for n in range(15):
        discuss(session, "Heron", date=n + 1)
    update()
    first, second = (search(session, "heron", page=page, limit=10) for page in (1, 2))
    assert (len(first.hits), len(second.hits)) == (10, 5)
    assert first.has_more
    assert not second.has_more
    assert first.hits[-1].entry.when > second.hits[0].entry.when


def test_only_the_rarest_words_rank_on_a_page(session: Session) -> None:
    for n in range(40):
        discuss(session, f"word{n}" + " common" * (n % 2))
    update()
    asked = " ".join(["common", *(f"word{n}" for n in range(40))])
    assert len(ids(session, asked)) == 32


# -- cards, and what has none ------------------------------------------------------------------------


def test_cards_of_persons_and_partners_are_found(session: Session) -> None:
    partner = make_partner(session, "Cordage Print Room", about="Letterpress", art_forms=["print", "weaving"])
    account = make_account(session, "Ruth Adeyemi", about="Keeps an Albion press", partner=partner.id)
    update()
    assert titles(session, "weaving", STRANGER) == ["Cordage Print Room"]
    assert titles(session, "albion") == ["Ruth Adeyemi"]
    assert titles(session, "albion", STRANGER) == []
    verbs.erase_person(session, actor_of(session, account), card_of(session, account))
    commit(session)
    update()
    assert titles(session, "albion") == titles(session, "adeyemi") == []


# -- the engine behind ------------------------------------------------------------------------------


@pytest.mark.usefixtures("talk")
def test_no_query_fails(session: Session) -> None:
    for text in NASTY:
        found = search(session, text, STRANGER)
        assert BEING_MADE not in found.notes, text
        assert all(hit.url.startswith("/") and hit.snippet for hit in found.hits), text


def test_without_an_index_the_answer_is_a_sentence(session: Session) -> None:
    discuss(session, "Heron")
    found = search(session, "heron")
    assert not found.hits
    assert BEING_MADE in found.notes


def test_the_own_write_is_waited_for_and_missed_in_words(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    waited = []
    discuss(session, "Heron")
    update()
    position = index().position()
    monkeypatch.setattr(type(index()), "wait_for", lambda self, wanted: waited.append(wanted))
    assert BEHIND not in search(session, "heron", written=position).notes
    discuss(session, "Another heron")
    assert BEHIND in search(session, "heron", written=position + 1).notes
    assert waited == [position, position + 1]


@pytest.mark.usefixtures("talk")
def test_a_batch_gives_rows_and_scores_in_order(session: Session) -> None:
    found = engine_module.find_many(session, index(), NETWORK, read("harbour singers"), 10)
    assert [entry.title for entry, _ in found] == ["A choir for the pier", "Minutes of the harbour walk"]
    assert found[0][1] > found[1][1] > 0
