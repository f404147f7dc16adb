"""What the address of the search page asks for: the words, and how they are narrowed.

The same parameters stand in a shared link, in a saved search and in `/search.json`.
"""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from partnernet.core.words import _
from partnernet.search.interface import RELEVANCE, SORTS
from partnernet.search.query import Filter, Query, read, read_day

FILTERS = ("kind", "partner", "by", "tag", "stage", "year", "in")
DATES = ("from", "to")
ALL, AS_TYPED, WHY = "all", "exact", "why"
"""Only what holds all of the words; no words put right, and no others for the same; and say why each was found."""
NARROWING = (*FILTERS, *DATES, ALL)
"""Parameters that narrow what the words find."""
KEPT = ("q", *NARROWING)
"""Parameters that a saved search keeps: what is looked for, not how it is shown."""
VALUE_LIMIT = 300


def asked(given: Mapping[str, str]) -> Query:
    """The query of an address; what makes no sense in it is said in a sentence and left out."""
    query = read(given.get("q", ""))
    query.all_words = bool(given.get(ALL))
    for name in FILTERS:
        if value := given.get(name, "").strip()[:VALUE_LIMIT]:
            query.filters.append(Filter(name, value))
    for name in DATES:
        value = given.get(name, "").strip()
        if not value:
            continue
        if (span := read_day(value)) is None:
            query.notes.append(_("“%(value)s” is not a date; write 2026, 2026-03 or 2026-03-06.", value=value[:60]))
        elif name == "from":
            query.only_after(span[0])
        else:
            query.only_before(span[1])
    return query


def narrowing(given: Mapping[str, str]) -> dict[str, str]:
    """The parameters of an address that narrow, each with what it says."""
    values = {name: given.get(name, "").strip()[:VALUE_LIMIT] for name in NARROWING}
    return {name: value for name, value in values.items() if value}


def sort(given: Mapping[str, str]) -> str:
    """The order that an address asks for."""
    order = given.get("sort", "")
    return order if order in SORTS else RELEVANCE


def address(given: Mapping[str, str]) -> str:
    """What is looked for, as it stands after the question mark of an address; empty where that is nothing."""
    values = ((name, given.get(name, "").strip()) for name in KEPT)
    return urlencode([(name, value) for name, value in values if value])


def parameters(kept: str) -> dict[str, str]:
    """The parameters of such an address; what is made up is left out."""
    try:
        pairs = parse_qsl(kept, max_num_fields=len(KEPT) * 2, errors="ignore")
    except ValueError:
        return {}
    return {name: value.replace("\0", " ") for name, value in pairs if name in KEPT}
