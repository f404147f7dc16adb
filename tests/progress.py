"""What takes minutes says how far it has come, past what pytest keeps back: under `make torture` alone."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from typing import TypeVar

import pytest

from tests.laws.budget import LONG

EVERY = 20.0
"""Seconds between two lines."""

T = TypeVar("T")


class Progress:
    """Counts what a long test has done, and says it now and then."""

    present: "Progress | None" = None
    """That of the test that runs."""

    def __init__(self, name: str, say: Callable[[str], None]) -> None:
        self.name, self.say = name, say
        self.done, self.of = 0, 0
        self.began = self.said = time.monotonic()

    def through(self, items: Iterable[T]) -> Iterator[T]:
        """Go through things that take long."""
        self.of = len(items) if isinstance(items, Sized) else 0
        for item in items:
            yield item
            self.step()

    def step(self) -> None:
        """One more is done."""
        self.done += 1
        self.stands(f"{self.done:,} of {self.of:,}" if self.of else f"{self.done:,}")

    def stands(self, how_far: str) -> None:
        """Say how far it has come, unless it was said just now."""
        now = time.monotonic()
        if now - self.said >= EVERY:
            self.said = now
            self.say(f"  {self.name}: {how_far} after {(now - self.began) / 60:.1f} minutes")


def step() -> None:
    """One more of what the test that runs repeats is done."""
    if Progress.present:
        Progress.present.step()


@pytest.fixture
def progress(request: pytest.FixtureRequest) -> Iterator[Progress]:
    """How far this test has come."""
    capture = request.config.pluginmanager.getplugin("capturemanager")

    def say(line: str) -> None:
        if LONG:
            with capture.global_and_fixture_disabled():
                print(line, file=sys.stderr, flush=True)

    Progress.present = Progress(request.node.nodeid.rpartition("/")[2], say)
    yield Progress.present
    Progress.present = None
