"""A server that was copied is noticed where two of its statements bear the same number."""

import shutil
from collections.abc import Callable

from partnernet.core.ledger.log import have
from partnernet.exchange.outgoing.selection import Selection
from partnernet.nodes import alarms, copies
from tests.conftest import settings
from tests.exchange.places import Place


def twins(place: Callable[[str], Place]) -> tuple[Place, Place]:
    """Two servers with one key that number what they write alike."""
    hall = place("hall")
    twin = hall.folder.parent / "twin"
    settings(twin)
    twin.mkdir(exist_ok=True)
    for name in ("node.key", "node-state.json"):
        shutil.copy(hall.folder / name, twin / name)
    made = place("twin")
    assert made.node == hall.node
    return hall, made


def test_a_copied_server_raises_an_alarm_and_both_are_kept(place: Callable[[str], Place], barge: Place) -> None:
    hall, twin = twins(place)
    hall.write(hall.person("Josie Calder"), "Written here")
    twin.write(twin.person("Josie Calder"), "Written there")
    barge.take(hall.export("one.pn.zip"))
    assert alarms.unseen(barge.session) == []
    barge.take(twin.export("other.pn.zip"))
    assert barge.titles() == ["Written here", "Written there"]
    (told,) = alarms.unseen(barge.session)
    assert told.node == hall.node.id and "run twice" in told.what


def test_what_somebody_holds_under_the_same_numbers_is_compared(hall: Place, barge: Place) -> None:
    barge.take(hall.export("out.pn.zip"))
    said = dict(have(barge.session))
    assert copies.compare(barge.session, said, barge.node.id) == set() and alarms.unseen(barge.session) == []
    changed = {key: {**value, "x": "0" * 16} for key, value in said.items()}
    assert copies.compare(barge.session, changed, barge.node.id) == {hall.node.id}
    assert copies.compare(hall.session, changed, hall.node.id) == {hall.node.id}
    assert [told.node for told in alarms.unseen(barge.session)] == [hall.node.id]
    assert [told.node for told in alarms.unseen(hall.session)] == [None]


def test_a_server_that_hands_over_others_than_ours_says_so_by_what_it_holds(
    place: Callable[[str], Place], barge: Place
) -> None:
    """The barge has one half of what two twins wrote, and hears from the mill, which has the other half."""
    (hall, twin), mill = twins(place), place("mill")
    hall.write(hall.person("Josie Calder"), "Written here")
    twin.write(twin.person("Josie Calder"), "Written there")
    barge.take(hall.export("one.pn.zip"))
    mill.take(twin.export("other.pn.zip"))
    barge.take(mill.export("nothing.pn.zip", Selection(logs=("public",))), admitting=[mill.node.id])
    mill.write(mill.person("Bo Lindqvist"), "A notice", "public")
    barge.take(mill.export("notice.pn.zip", Selection(logs=("public",))), admitting=[mill.node.id])
    assert "Written there" not in barge.titles()
    assert [told.node for told in alarms.unseen(barge.session)] == []
    mill.write(mill.person("Ash Ferreira"), "Another notice")
    barge.take(mill.export("some.pn.zip", Selection(since=_all_of(mill, hall.node.id))), admitting=[])
    assert "Another notice" in barge.titles() and "Written there" not in barge.titles()
    assert [told.node for told in alarms.unseen(barge.session)] == [hall.node.id]


def _all_of(place: Place, node: str) -> dict[str, dict[str, str]]:
    return {key: dict(value) for key, value in place.have().items() if key.startswith(node)}
