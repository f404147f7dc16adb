"""Memory that large work has left behind."""

import sys
from pathlib import Path

import pytest

from partnernet.core.memory import be_frugal, give_back


def private() -> int:
    """The private memory of this process, in KB."""
    told = Path("/proc/self/smaps_rollup").read_text()
    return sum(int(line.split()[1]) for line in told.splitlines() if line.startswith("Private_Dirty"))


@pytest.mark.skipif(sys.platform != "linux", reason="what a process has is told by Linux alone")
def test_what_large_work_left_behind_is_given_back() -> None:
    give_back()
    before = private()
    pieces = [bytes(1_000) for _ in range(60_000)]
    during = private()
    last = pieces[-1]
    del pieces
    give_back()
    assert during - before > 50_000
    assert private() - before < 20_000
    assert len(last) == 1_000


def test_it_can_be_asked_for_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "plan9")
    be_frugal()
    give_back()
