"""The directory of partners: by region and name, narrowed by region and art form."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy.orm import Session

from partnernet.partners.model import Partner, by_their_names, sorting_name

PAGE = 150
LETTERED = 24
"""A region with more partners than this has its letters in the margin."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A region or an art form, in the spelling that came first, and how many partners it would leave."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """Partners that stand together: under a letter, or all of a region where it has none."""

    letter: str
    partners: Sequence[Partner]


@dataclass(frozen=True, slots=True)
class Region:
    """One region with its partners; the one without a name stands last."""

    name: str
    shelves: Sequence[Shelf]


@dataclass(frozen=True, slots=True)
class Directory:
    """A page of the partners that a filter leaves, and what one can filter by."""

    partners: Sequence[Partner]
    """By region and name, as they are read."""
    following: str
    """The key of the next page; empty where this is the last."""
    count: int
    """How many the filter leaves, on all pages."""
    regions: Sequence[Choice]
    art_forms: Sequence[Choice]
    total: int

    @property
    def shelved(self) -> list[Region]:
        """The partners of this page by region."""
        found = [list(group) for _, group in groupby(self.partners, key=lambda partner: partner.region.casefold())]
        return [Region(group[0].region, shelves(group)) for group in found]


def directory(session: Session, region: str = "", art_form: str = "", after: str = "") -> Directory:
    """All partners by name, of one region and one art form where these are given."""
    everybody = by_their_names(session)
    there = [partner for partner in everybody if _is(region, [partner.region])]
    alike = [partner for partner in everybody if _is(art_form, partner.art_forms)]
    wanted = sorted((partner for partner in there if _is(art_form, partner.art_forms)), key=_region)
    start = next((n for n, partner in enumerate(wanted, 1) if partner.id == after), 0)
    page = wanted[start : start + PAGE]
    following = page[-1].id if start + PAGE < len(wanted) else ""
    regions = _choices(partner.region for partner in alike if partner.region)
    forms = _choices(form for partner in there for form in partner.art_forms)
    forms.sort(key=lambda form: -form.count)
    return Directory(page, following, len(wanted), regions, forms, len(everybody))


def shelves(partners: Sequence[Partner]) -> list[Shelf]:
    """Partners in order of their names, under their letters where there are many."""
    if len(partners) <= LETTERED:
        return [Shelf("", partners)]
    return [Shelf(letter, list(group)) for letter, group in groupby(partners, key=_letter)]


def _is(wanted: str, words: Iterable[str]) -> bool:
    return not wanted or wanted.casefold() in (word.casefold() for word in words)


def _choices(words: Iterable[str]) -> list[Choice]:
    """Each word once, in order, in the spelling that came first."""
    spelt: dict[str, str] = {}
    counted: dict[str, int] = {}
    for word in words:
        key = word.casefold()
        spelt.setdefault(key, word)
        counted[key] = counted.get(key, 0) + 1
    return [Choice(spelt[key], counted[key]) for key in sorted(spelt, key=sorting_name)]


def _region(partner: Partner) -> tuple[bool, str, str]:
    """Where a region stands; those who gave none stand last."""
    return (not partner.region, sorting_name(partner.region), partner.region.casefold())


def _letter(partner: Partner) -> str:
    """Under which letter a name stands."""
    return sorting_name(partner.name)[:1].upper()
