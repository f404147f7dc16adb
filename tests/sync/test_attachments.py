"""Files that are not here: all of them are looked for, some at a time, and others first each time."""

import pytest

from partnernet.core.db import db
from partnernet.sync import attachments, files
from partnernet.sync.client import Client
from partnernet.sync.peers import Guest
from tests.sync.stations import BOTH, Station

Pair = tuple[Station, Station]
COUNT = 23


@pytest.fixture
def lost(pair: Pair) -> list[str]:
    """Files that the barge named and has lost, in the order of their names."""
    _hall, barge = pair
    wren = barge.person()
    names = [barge.attach(f"film {n}".encode()) for n in range(COUNT)]
    for name in names:
        barge.write(wren, f"With {name['sha256'][:4]}", files=[name])
    for name in names:
        barge.app.extensions["partnernet.files"].path(name["sha256"]).unlink()
    return sorted(name["sha256"] for name in names)


def missing(one: Station, start: str) -> list[str]:
    guest = Guest("a" * 52, "Anybody", "", False, BOTH, BOTH)
    store = one.app.extensions["partnernet.files"]
    return one.inside(lambda: [file.sha256 for file in attachments.missing(db.session(), store, guest, start)])


@pytest.mark.parametrize("step", [1, 5, 100])
def test_all_are_found_from_any_place_on(
    pair: Pair, lost: list[str], step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "STEP", step)
    for start in ("", "0", lost[10], "ffff"):
        later, before = [each for each in lost if each >= start], [each for each in lost if each < start]
        assert missing(pair[1], start) == later + before


def test_what_one_answer_has_no_room_for_is_told_another_time(
    pair: Pair, lost: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    barge = pair[1]
    monkeypatch.setattr(attachments, "FILES", 4)
    guest = Guest("a" * 52, "Anybody", "", False, BOTH, BOTH)
    store, starts = barge.app.extensions["partnernet.files"], iter(lost[::4])
    monkeypatch.setattr(attachments.secrets, "token_hex", lambda size: next(starts))
    told = [set(barge.inside(lambda: attachments.lacked(db.session(), barge.key, store, guest))) for _ in lost[::4]]
    assert all(len(each) == 4 for each in told) and set.union(*told) == set(lost)


def test_where_they_have_none_of_them_not_all_are_asked_after(
    pair: Pair, lost: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hall, barge = pair
    hall.sync(barge)
    monkeypatch.setattr(attachments, "FILES", 1)
    monkeypatch.setattr(files, "IN_VAIN", 3)
    asked, ops = [], Client.ops
    monkeypatch.setattr(Client, "ops", lambda client, page: asked.append(page) or ops(client, page))
    assert hall.sync(barge).files == 0 and len(asked) == 3
    film = barge.attach(b"film 7")
    monkeypatch.setattr(attachments.secrets, "token_hex", lambda size: film["sha256"])
    assert hall.sync(barge).files == 1 and len(asked) == 3 + 1 + 3
