"""What was found, as its reader may see it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup

from partnernet.core.entry import SHORT_ID
from partnernet.core.text import excerpt
from partnernet.search import names
from partnernet.search.attached import FoundIn
from partnernet.search.document import Document
from partnernet.search.interface import Place
from partnernet.search.passages import Passage
from partnernet.search.query import Query
from partnernet.search.snippet import marked, snippet
from partnernet.search.synonyms import Spoken
from partnernet.web.addresses import anchor, entry_url

MARK = "<mark>"

SHORT_THREAD = 20
"""Replies that stand on one page whatever was removed among them; where there are more, a reply's own address
leads to the page that it stands on."""


@dataclass(frozen=True)
class Hit:
    """One entity that was found, by its best passage, as its reader may see it."""

    document: Document
    place: Place
    sought: Collection[str]
    """The words to mark: folded, and not stemmed."""
    partner: str = ""
    """The name of the partner for whom it speaks."""
    why: Sequence[tuple[str, int]] = ()
    """The words that found it, each with its share of the score in percent, where that was asked for."""
    in_file: FoundIn | None = None
    """The file in which it was found, where it was not in its own words."""

    @property
    def entry(self) -> Any:
        return self.document.entry

    @property
    def score(self) -> float:
        return self.place.score

    @property
    def kind(self) -> str:
        return names.kind_label(self.entry.kind)

    @cached_property
    def passage(self) -> Passage:
        """The passage that was found; the nearest, where the text was changed since."""
        if self.in_file is not None:
            return self.in_file.passage
        passages = self.document.passages
        return passages[min(self.place.part, len(passages) - 1)]

    @property
    def title(self) -> str:
        """Its own title; that of its thread for a reply."""
        document = self.document
        return document.title or self.entry.root_title or excerpt(self.passage.text, 60) or self.kind

    @cached_property
    def title_marked(self) -> Markup:
        return marked(self.title, self.sought, self.document.lang)

    @property
    def heading(self) -> str:
        """The heading that the passage stands under, or the file and its page; empty where it has none."""
        return self.in_file.where if self.in_file is not None else self.passage.heading

    @property
    def heading_marked(self) -> Markup:
        return marked(self.heading, self.sought, self.document.lang)

    @property
    def is_part(self) -> bool:
        """Whether it lies under another entry."""
        return bool(self.entry.root)

    @property
    def url(self) -> str:
        """Its very place: for a reply, on the page of its thread; for a section, its heading; for a file, its page."""
        return self.in_file.url(self._page_and_place()[0]) if self.in_file is not None else self.page_url

    @property
    def page_url(self) -> str:
        """Its place among the words of the page, even where a file of it was found."""
        page, at = self._page_and_place()
        if self.in_file is not None:
            return self.in_file.page_url(page)
        return f"{page}#{at}" if at else page

    @property
    def spoken(self) -> str:
        """The language that the passage is in, where it is not that of the page."""
        lang = self.in_file.file.lang if self.in_file is not None else ""
        return lang or self.document.spoken

    def _page_and_place(self) -> tuple[str, str]:
        entry = self.entry
        if not entry.root:
            return entry_url(entry, self.document.title), self.passage.anchor
        if entry.root_replies > SHORT_THREAD:
            return entry_url(entry), ""
        root = SimpleNamespace(id=entry.root, kind=entry.root_kind, title=entry.root_title, root=None)
        return entry_url(root), anchor(entry)

    @property
    def words(self) -> str:
        """All that is shown of it, in which words may be marked."""
        return f"{self.title}\n{self.heading}\n{self.passage.text}"

    @cached_property
    def snippet(self) -> Markup:
        lang = self.in_file.file.lang if self.in_file is not None else ""
        return snippet(self.passage.text, self.sought, lang or self.document.lang)


@dataclass(frozen=True)
class Group:
    """An entry, and what was found of it and under it, the best first."""

    root: Document
    """The entry; where it was removed, the best of the answers that it left behind."""
    hits: Sequence[Hit]
    more: int
    """So many further places under it were found than there are hits."""
    partner: str = ""
    """The name of the partner for whom the entry speaks."""
    is_narrowed: bool = False
    """Whether only what lies under it was looked for."""

    @property
    def within(self) -> str:
        """By which a search is narrowed to it."""
        return self.hits[0].place.root[:SHORT_ID]

    @property
    def own(self) -> Hit | None:
        """What was found of the entry itself."""
        return next((hit for hit in self.hits if hit.place.entity == self.root.id), None)

    @cached_property
    def under(self) -> Sequence[Hit]:
        """What was found under it, without the answers that say none of the words themselves.

        These were found by the title of the entry, and would only repeat it.
        """
        found = [hit for hit in self.hits if hit.place.entity != self.root.id]
        if self.is_narrowed or MARK not in self.title_marked:
            return found
        return [hit for hit in found if hit.in_file is not None or MARK in hit.snippet or MARK in hit.heading_marked]

    @property
    def beyond(self) -> int:
        """So many further places were found under it."""
        shown = len(self.under) + (self.own is not None)
        return self.more + len(self.hits) - shown

    @property
    def title_marked(self) -> Markup:
        """Its title, with the words that were searched for marked."""
        if self.own is not None and self.own.is_part:
            return self.own.title_marked
        return marked(self.root.title, self.hits[0].sought, self.root.lang)


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to narrow what was found: a value, its words, and how many there would be."""

    value: str
    label: str
    count: int


@dataclass(slots=True)
class Results:
    """What was found, one page of it."""

    query: Query
    corrected: Query | None = None
    """What was looked for in its place, since words of it stand nowhere."""
    is_answered: bool = True
    """Whether the index could be asked; where it could not, nobody knows what there is."""
    count: int = 0
    is_capped: bool = False
    """Whether there are more than `count`."""
    hits: Sequence[Hit] = ()
    groups: Sequence[Group] = ()
    facets: Mapping[str, Sequence[Facet]] = field(default_factory=dict)
    """By column, the ways to narrow what was found, the most frequent first."""
    spoken: Sequence[Spoken] = ()
    """The words of the query that stand in the word list, with the others for the same."""
    is_exact: bool = False
    """Whether only the words themselves were looked for."""
    notes: list[str] = field(default_factory=list)
    """What the reader should know: what was left out, and whether the index is behind."""
    page: int = 1
    has_more: bool = False
