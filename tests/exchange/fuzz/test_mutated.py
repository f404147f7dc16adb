"""Bundles that were changed at random are refused or taken in whole; nothing crashes, and nothing half done stays."""

import random
from collections import Counter
from pathlib import Path

from tests.exchange.fuzz.mutations import ZIP, mutated
from tests.exchange.fuzz.target import fresh, take
from tests.laws.budget import LONG
from tests.progress import Progress
from tests.vectors.reader import bundles
from tests.vectors.reader.lines import Bad

BUNDLES = 10_000 if LONG else 240
STEP = 40
"""After so many, everything in the database is held against what it was."""


def test_no_change_crashes_or_stays_half_done(tmp_path: Path, progress: Progress) -> None:
    place = fresh(tmp_path / "place")
    before, taken = place.dump(), Counter[tuple[str, bool]]()
    for seed in progress.through(range(BUNDLES)):
        form, content = mutated(random.Random(seed))
        try:
            was_taken = take(place, form, content)
        except Exception as error:
            raise AssertionError(f"bundle {seed} ({form}) is neither taken nor refused: {error!r}") from error
        taken[form, was_taken] += 1
        if form != ZIP or was_taken:
            assert was_taken == _is_good(form, content), f"the second reader says otherwise of bundle {seed}"
        if seed % STEP == STEP - 1:
            assert place.dump() == before, f"something stayed of bundle {seed} or one of those before it"
    place.close()
    assert all(taken[form, was_taken] for form in (ZIP, ".pn.json", ".pn.jsonl") for was_taken in (True, False))


def _is_good(form: str, content: bytes) -> bool:
    try:
        bundles.read(f"given{form}", content)
    except Bad:
        return False
    return True
