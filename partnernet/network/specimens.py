"""What stands on the style page: invented people and texts, in the shape that the partial templates read."""

from collections.abc import Sequence
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup

from partnernet.core.ledger.kinds import KINDS
from partnernet.core.time import DAY, day_ms
from partnernet.core.words import _
from partnernet.entries.comparing import beside
from partnernet.entries.versions import Field, Version, Written
from partnernet.ideas.cycle import cycle
from partnernet.network.form import SpecimenForm
from partnernet.network.season import Gathering, Season, draw
from partnernet.people.names import Name

ID = "style".ljust(52, "a")
LONG_NAME = "The Upland and Estuary Partnership for Participatory Arts"

JOSIE = Name("Josie Calder", "/people/josie", "Wether Fell Youth Dance", "/partners/wether")
TOMASZ = Name("Tomasz Lind", "/people/tomasz", "Inchmarrow Folk Archive", "/partners/inchmarrow")


def parts(today: date) -> dict[str, Any]:
    """Everything that the style page shows."""
    now = day_ms(today)
    entry = _row("What does a hall need before we arrive?", "discussion", now, "a")
    return {
        "lines": _lines(now), "needs": _needs(now), "season": _season(today), "thread": _thread(now),
        "groups": _groups(now), "chain": _chain(now), "entry": entry, "kind": KINDS["discussion"],
        "cycle": cycle("develop"), "speakers": _speakers(now), "counted_in": 2,
        "idea": _row("A travelling press", "idea", now, "k", heads=[], kept={}),
        "who": {f"style{mark}".ljust(52, "a"): JOSIE.text for mark in "hl"}, "versions": _written(now),
        "sides": [Field("body", _("Text"), _versions(now))],
        "files": [
            SimpleNamespace(
                entry="f" * 52, sha256="0" * 64, name="Access rider.pdf", type="application/pdf", size=184_320,
                reason="locked",
            )
        ],
        "form": SpecimenForm.wrong(), "tag_words": ["halls", "letterpress", "half term", "young people"],
        "long_name": LONG_NAME,
    }  # fmt: skip


def _row(title: str, kind: str, when: int, mark: str, root: str | None = None, **more: Any) -> Any:
    known: dict[str, Any] = {
        "id": f"style{mark}".ljust(52, "a"), "kind": kind, "log": "network", "root": root, "title": title,
        "when": when, "activity": when, "replies": 0, "tags": [], "conflict": False, "edited": None,
        "deleted": False, "redacted": False, "parent": None, "by": "", "node": "", "name": JOSIE, "is_new": False,
        "new_replies": False, "row": None, "lang": "",
    }  # fmt: skip
    return SimpleNamespace(**known | more)


def _lines(now: int) -> Sequence[Any]:
    return [
        _row("What does a hall need before we arrive?", "discussion", now, "b", new_replies=True, replies=3),
        _row("The press that came by milk van", "news", now - DAY, "c", is_new=True, log="public", name=TOMASZ),
        _row("Supper after the matinée", "idea", now - 3 * DAY, "d", conflict=True, versions=_written(now)),
        _row("What we agreed at Tarnby", "note", now - 70 * DAY, "e", name=TOMASZ),
    ]


def _needs(now: int) -> Sequence[Any]:
    told = [
        ("Choose between two versions of “A travelling press for village halls”", "Nothing is lost."),
        ("Answer Josie: does the press fit through a single door?", "In “What does a hall need before we arrive?”"),
    ]
    return [
        SimpleNamespace(verb=verb, why=why, url="/style#needs", since=now - n * DAY)
        for n, (verb, why) in enumerate(told)
    ]


def _season(today: date) -> Season | None:
    held = [(250, _("At the hall")), (160, _("At the mill")), (60, _("At the school")), (-21, _("At the harbour"))]
    title = _("A gathering")  # read aloud with the place, so in the reader's language
    return draw([Gathering(today - timedelta(ago), title, place, "/style#season") for ago, place in held], today)


def _thread(now: int) -> Any:
    first = "<p>A door of 80 cm or more, and a socket that does not share a fuse with the urn.</p>"
    second = "<blockquote><p>a door of 80 cm</p></blockquote><p>Ours is 78. It went in sideways.</p>"
    to = _reply(first, now - DAY, "f", JOSIE)
    answer = _reply(second, now, "g", TOMASZ, to=JOSIE.text.split()[0], is_new=True, parent=to.entry.id)
    return SimpleNamespace(replies=[to, answer], root=ID)


def _reply(html: str, when: int, mark: str, name: Name, *, to: str = "", is_new: bool = False, parent: str = ID) -> Any:
    return SimpleNamespace(
        entry=_row("", "reply", when, mark, ID, parent=parent), name=name, called=name.text.split()[0], to=to,
        is_new=is_new, files=[], lang="", html={"body": Markup(html)},  # noqa: S704 - written here
    )  # fmt: skip


def _groups(now: int) -> Sequence[Any]:
    root = _row("Shapes of halls", "note", now - 40 * DAY, "h")
    own = _hit(root, "Every <mark>hall</mark> has one door that is wider than the rest.", "Doors")
    answer = _row("", "reply", now - 39 * DAY, "l", root.id)
    why = [("halls", 100)]
    reply = _hit(answer, "Ours is a <mark>hall</mark> with one, and it opens inwards.", "", why)
    title = Markup("Shapes of <mark>halls</mark>")
    return [
        SimpleNamespace(
            root=SimpleNamespace(entry=root, title=root.title, spoken=""), own=own, under=[reply], beyond=4,
            partner="Sallow Mill", title_marked=title, within=root.id[:12],
        )
    ]  # fmt: skip


def _hit(entry: Any, html: str, heading: str, why: Sequence[tuple[str, int]] = ()) -> Any:
    return SimpleNamespace(
        entry=entry, document=SimpleNamespace(title=entry.title, spoken=""), page_url="/style#results", in_file=None,
        spoken="", heading=heading, heading_marked=heading, snippet=Markup(html), why=why,  # noqa: S704 - written here
    )  # fmt: skip


def _chain(now: int) -> Any:
    before = [_row("A travelling press for village halls", "idea", now - 90 * DAY, "i")]
    after = [_row("The press that came by milk van", "news", now, "j")]
    return SimpleNamespace(before=before, after=after, hidden_before=0, hidden_after=2)


def _speakers(now: int) -> Sequence[Any]:
    told = [("Tarnby Community Opera", "Tarnby", "counts in."), ("Sallow Mill", "Brackwater", "supports it.")]
    return [
        SimpleNamespace(name=name, place=place, says=[says], url="/partners/tarnby", by="", ts=now - n * DAY)
        for n, (name, place, says) in enumerate(told)
    ]


def _written(now: int) -> Sequence[Written]:
    return [Written(JOSIE, now - 2 * DAY), Written(TOMASZ, now - DAY)]


def _versions(now: int) -> Sequence[Version]:
    texts = ["One press, nine halls, a month in each.", "One press, nine halls, as long as each hall wants it."]
    return [
        Version(str(n), n + 1, by.name, by.when, beside(text, [texts[1 - n]]), n == 1, text)
        for n, (by, text) in enumerate(zip(_written(now), texts, strict=True))
    ]
