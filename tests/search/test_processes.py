"""Several servers at one folder: one of them indexes, all of them search, and another takes over."""

import json
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import pytest

from partnernet.core.lock import FileLock
from partnernet.search.folder import LOCK
from tests.postgres import ON_POSTGRES
from tests.server import Server, node_environment, serving
from tests.torture.hammer import Acknowledged, Hammer
from tests.torture.test_kills import found

PATIENCE = 60.0


@pytest.mark.skipif(ON_POSTGRES, reason="the servers would make a database of their own, in SQLite")
def test_one_indexes_for_all_and_another_takes_over_when_it_is_killed(tmp_path: Path) -> None:
    cookie, second_home = found(tmp_path), tmp_path / "second"
    second_home.mkdir()
    with ExitStack() as opened:
        first = opened.enter_context(serving(tmp_path))
        share(first, cookie, "herons")
        until(lambda: places(first, "herons") == 1)
        assert not FileLock(tmp_path / "node" / "search_index" / LOCK).acquire()
        second = opened.enter_context(serving(second_home, environment=node_environment(tmp_path)))
        share(second, cookie, "egrets")
        until(lambda: places(second, "egrets") == places(first, "egrets") == 1)
        first.process.kill()
        first.process.wait(PATIENCE)
        share(second, cookie, "storks")
        until(lambda: places(second, "storks") == 1)
        assert places(second, "herons") == places(second, "egrets") == 1
        assert json.loads(second.get("/readyz")[2])["waiting"]["search"] == 0


def share(server: Server, cookie: str, word: str) -> None:
    browser = Hammer(server.address, cookie, 1, Acknowledged(), threading.Event(), 1)
    fields = {"title": f"About {word}", "body": "We met at the pier.", "visibility": "public"}
    assert browser.post("/discussions/new", fields)
    browser.connection.close()


def places(server: Server, word: str) -> int:
    return int(json.loads(server.get(f"/search.json?q={quote(word)}")[2])["count"])


def until(holds: Callable[[], bool]) -> None:
    turn = threading.Event()
    for _ in range(int(PATIENCE / 0.1)):
        if holds():
            return
        turn.wait(0.1)
    raise AssertionError("it never happened")
