"""The ways to narrow what was found: what the engine counted, in words, as far as the reader may see them."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from partnernet.ideas.model import STAGES
from partnernet.search import names
from partnernet.search.asking import Reader
from partnernet.search.document import CREDITED
from partnernet.search.results import Facet

LIMIT = 24
"""Values of one column at most, the most frequent."""


def facets_of(
    session: Session, reader: Reader, counted: Mapping[str, Mapping[str, int]], partner_names: Mapping[str, str]
) -> dict[str, Sequence[Facet]]:
    """By column, each value with its words and how many there would be; what has no name for the reader is left out.

    A value is what the parameter of an address says: an author is named by their card, where there is one.
    """
    facets: dict[str, Sequence[Facet]] = {}
    for column, counts in counted.items():
        most = dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:LIMIT])
        if column == "author":
            facets[column] = _authors(session, reader, most)
            continue
        labels = _labels(column, most, partner_names)
        named = [Facet(value, labels[value], count) for value, count in most.items() if value in labels]
        facets[column] = sorted(named, key=_years if column == "year" else _most)
    return facets


def _labels(column: str, counts: Mapping[str, int], partner_names: Mapping[str, str]) -> Mapping[str, str]:
    if column == "kind":
        return {kind: names.kind_label(kind) for kind in counts}
    if column == "partner":
        return partner_names
    if column == "stage":
        return {stage: str(words) for stage, words in STAGES.items()}
    return {value: value for value in counts}


def _authors(session: Session, reader: Reader, counts: Mapping[str, int]) -> list[Facet]:
    credited = {author: author.removeprefix(CREDITED) for author in counts if author.startswith(CREDITED)}
    facets = [Facet(author, name, counts[author]) for author, name in credited.items()]
    cards = names.author_cards(session, counts.keys() - credited.keys(), reader.logs)
    facets += [Facet(card, name, counts[author]) for author, (card, name) in cards.items()]
    return sorted(facets, key=_most)


def _most(facet: Facet) -> tuple[int, str]:
    return (-facet.count, facet.label)


def _years(facet: Facet) -> int:
    return -int(facet.value) if facet.value.isdigit() else 0
