"""How answers are counted: nDCG@10 as the judged collections' own measure counts it, and right places."""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

DEPTH = 10


def gain(sources: Sequence[str], relevant: Mapping[str, int]) -> float:
    """nDCG@10 of some answers, best first; an id that comes twice counts once."""
    best = sorted((grade for grade in relevant.values() if grade > 0), reverse=True)[:DEPTH]
    return _sum([max(0, relevant.get(one, 0)) for one in dict.fromkeys(sources)][:DEPTH]) / _sum(best)


def _sum(found: Sequence[int]) -> float:
    return sum(grade / math.log2(place + 2) for place, grade in enumerate(found))


def grades(path: Path) -> dict[str, dict[str, int]]:
    """The judgements of a collection, by query and document."""
    found: dict[str, dict[str, int]] = {}
    for line in path.read_text().splitlines():
        query, document, grade = line.split("\t")
        found.setdefault(query, {})[document] = int(grade)
    return found


def lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a file of JSON Lines."""
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]


def right_within(found: Sequence[tuple[str, str]], right: Sequence[Mapping[str, str]]) -> int | None:
    """The place, from 1, of the first right answer among some entries and sections; None where there is none."""
    whole = {one["source"] for one in right if "anchor" not in one}
    sections = {(one["source"], one["anchor"]) for one in right if "anchor" in one}
    return next((place for place, led in enumerate(found, 1) if led[0] in whole or led in sections), None)
