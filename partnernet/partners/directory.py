"""The directory of partners: by region and name, narrowed by region and art form."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy.orm import Session

from partnernet.partners.model import Partner, by_their_names, sorting_name

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
    count: int


@dataclass(frozen=True, slots=True)
class Directory:
    """The partners that a filter leaves, and what one can filter by."""

    partners: Sequence[Partner]
    regions: Sequence[Choice]
    art_forms: Sequence[Choice]
    total: int

    @property
    def shelved(self) -> list[Region]:
        """The partners by region."""
        found: dict[str, list[Partner]] = {}
        for partner in self.partners:
            found.setdefault(partner.region.casefold(), []).append(partner)
        ordered = sorted(found, key=lambda key: (not key, sorting_name(key)))
        return [Region(found[key][0].region, shelves(found[key]), len(found[key])) for key in ordered]


def directory(session: Session, region: str = "", art_form: str = "") -> Directory:
    """All partners by name, of one region and one art form where these are given."""
    everybody = by_their_names(session)
    there = [partner for partner in everybody if _is(region, [partner.region])]
    alike = [partner for partner in everybody if _is(art_form, partner.art_forms)]
    wanted = [partner for partner in there if _is(art_form, partner.art_forms)]
    regions = _choices(partner.region for partner in alike if partner.region)
    forms = _choices(form for partner in there for form in partner.art_forms)
    return Directory(wanted, regions, sorted(forms, key=lambda form: -form.count), len(everybody))


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


def _letter(partner: Partner) -> str:
    """Under which letter a name stands."""
    return sorting_name(partner.name)[:1].upper()
