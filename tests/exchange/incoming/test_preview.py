"""The preview says what an import would do, before anything is decided."""

from collections.abc import Callable

from partnernet.core.db import commit
from partnernet.exchange.incoming.apply import apply
from tests.exchange.places import Place, apart


def test_the_preview_counts_what_would_happen(hall: Place, barge: Place) -> None:
    shown = barge.stage(hall.export("out.pn.zip")).preview
    assert shown["lines"] == 9 and shown["known"] == 0 and shown["ops"] == 0
    assert shown["waiting"] == {hall.node.id: 9} and shown["files"]["new"] == 1
    assert shown["people"] == {"count": 2, "names": ["Josie Calder", "Wren Achebe"]}


def test_the_preview_of_a_known_server_counts_new_changed_and_conflicting(hall: Place, barge: Place) -> None:
    josie = hall.person("Josie Calder")
    talk = hall.write(josie, "Where shall we meet?")
    barge.take(hall.export("first.pn.zip"))
    hall.edit(josie, talk.id, title="Where shall we meet in May?")
    hall.write(josie, "And when?")
    shown = barge.stage(hall.export("second.pn.zip")).preview
    assert (shown["ops"], shown["known"], shown["changed"], shown["conflicts"]) == (2, 11, 1, 0)
    assert shown["new"] == {"discussion": 1}


def test_the_preview_sees_a_conflict_coming(hall: Place, place: Callable[[str], Place]) -> None:
    talk, copy = apart(hall, place("copy"))
    batch = copy.stage(hall.export("second.pn.zip"))
    assert batch.preview["conflicts"] == 1 and not copy.entry(talk.id).conflict
    apply(copy.session, batch.id, copy.node)
    commit(copy.session)
    assert copy.entry(talk.id).conflict
