"""The entries of a year: those written out in full, and those put together from parts."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from partnernet.demo.acts import Entry, organisation, somebody
from partnernet.demo.cast import LEAVER, PARTNERS, PEOPLE, Somebody
from partnernet.demo.texts import texts

COUNTS = {"news": 45, "idea": 30, "discussion": 55, "note": 20}
PICTURED = 24
PUBLIC_NEWS = 0.7
NO_ART = (
    "young people",
    "touring",
    "access",
    "residencies",
    "festivals",
    "community arts",
    "disabled-led work",
    "digital",
)
"""Words on a partner's card that nobody does for a week."""
SEASONS = ("Winter", "Spring", "Summer", "Autumn")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def entries(dice: Random, today: date) -> list[Entry]:
    """All entries of the year, in no order yet; notes know their day already."""
    made = [*_news(dice), *_ideas(dice), *_discussions(dice), *_notes(dice, today)]
    for n, entry in enumerate(made):
        entry.key = f"{entry.kind} {n}"
    return made


def _news(dice: Random) -> Iterator[Entry]:
    told = [
        Entry("", "news", story["by"], story["title"], story["body"].strip(), story["tags"],
              {"standfirst": story["standfirst"], "learning": story["learning"]}, is_whole=True)
        for story in texts("news")["story"]
    ]  # fmt: skip
    parts = texts("news")["parts"]
    titles = {entry.title for entry in told}
    forms = _round(dice, parts["titles"])
    while len(told) < COUNTS["news"]:
        words = _words(dice) | {"group": dice.choice(parts["groups"])}
        title = _capital(next(forms).format(**words))
        if title in titles:
            continue
        titles.add(title)
        body = "\n\n".join(
            _filled(dice.choice(parts[name]), words) for name in ("openings", "middles", "quotes", "nexts")
        )
        learning = dice.sample(parts["learning"], dice.randint(1, 3))
        told.append(Entry("", "news", words["who"], title, body, [words["art"]], {"learning": learning}))
    for n, entry in enumerate(told):
        entry.visibility = "public" if dice.random() < PUBLIC_NEWS else "network"
        entry.picture = entry.title if n < PICTURED else ""
    return iter(told)


def _ideas(dice: Random) -> Iterator[Entry]:
    told = [
        Entry(
            "",
            "idea",
            idea["by"],
            idea["title"],
            idea["body"].strip(),
            idea["tags"],
            stage=idea["stage"],
            is_whole=True,
        )
        for idea in texts("ideas")["idea"]
    ]
    parts = texts("ideas")["parts"]
    titles = {entry.title for entry in told}
    while len(told) < COUNTS["idea"]:
        role, group = dice.choice(parts["roles"]), dice.choice(parts["groups"])
        words = _words(dice) | {"role": role, "group": group, "season": dice.choice(SEASONS).lower()}
        n = dice.randrange(len(parts["titles"]))
        title = _capital(parts["titles"][n].format(**words))
        if title not in titles:
            titles.add(title)
            body = _filled(parts["bodies"][(0, 1, 2, 3)[n]], words)
            stage = dice.choice(("discover", "discover", "define", "develop"))
            told.append(Entry("", "idea", words["who"], title, body, [words["art"]], stage=stage))
    return iter(told)


def _discussions(dice: Random) -> Iterator[Entry]:
    told = [
        Entry("", "discussion", talk["by"], talk["title"], talk["body"].strip(), talk["tags"],
              answers=talk["answers"], summary=talk.get("summary", ""), is_whole=True)
        for talk in texts("talks")["talk"]
    ]  # fmt: skip
    asks, titles = texts("asks"), {entry.title for entry in told}
    questions = _round(dice, [ask for ask in asks["ask"] for _ in range(ask["most"])])
    while len(told) < COUNTS["discussion"]:
        ask = next(questions)
        words = _words(dice) | {"thing": dice.choice(asks["things"])}
        title = ask["title"].format(**words)
        if title not in titles:
            titles.add(title)
            body = dice.choice(ask["body"]).format(**words)
            told.append(Entry("", "discussion", words["who"], title, body, ask["tags"]))
    return iter(told)


def _notes(dice: Random, today: date) -> Iterator[Entry]:
    gatherings = texts("gatherings")
    topics = dice.sample(gatherings["topics"], len(gatherings["topics"]))
    hosts = dice.sample(PARTNERS, len(PARTNERS))
    for n in range(4):
        day, host, words = today - timedelta(days=345 - 91 * n), hosts[n], _words(dice)
        one, other = dice.sample(topics, 2)
        season = SEASONS[(day.month % 12) // 3]
        words |= {
            "place": host.place, "season": season, "topic_one": _capital(one), "topic_one_low": one,
            "topic_two": _capital(other), **_present(dice, 12),
        }  # fmt: skip
        yield _note(dice, gatherings["forum"][n % 2], words, day, host.key, ["forum"])
    for n in range(8):
        host = hosts[4 + n]
        words = _words(dice) | {"place": host.place, "partner": host.name}
        yield _note(dice, gatherings["visit"][n % 3], words, today - timedelta(days=330 - 40 * n), "", ["visits"])
    for n in range(8):
        words = _words(dice) | {"topic": topics[n], "place": "By video"}
        yield _note(dice, gatherings["talk"][n % 2], words, today - timedelta(days=318 - 43 * n), "", ["talks"])


def _note(dice: Random, form: dict[str, Any], words: dict[str, Any], day: date, host: str, tags: list[str]) -> Entry:
    values = {"held": day.isoformat(), "host": host, "place": words["place"]}
    who = dice.choice([name for name in (words["who"], words["second_who"]) if name != LEAVER])
    return Entry("", "note", who, form["title"].format(**words), form["body"].strip().format(**words), tags, values)


def _words(dice: Random) -> dict[str, Any]:
    """What may be filled in anywhere: a person and their partner, another partner, some people, a month."""
    who, second, third = (person.name for person in _people(dice, 3))
    own, other = organisation(who), organisation(second)
    arts = [form for form in own.art_forms if form not in NO_ART] or ["theatre"]
    return {
        "who": who, "second_who": second, "partner": own.name, "place": own.place, "other": other.name,
        "other_place": other.place, "art": dice.choice(arts), "month": dice.choice(MONTHS),
        "n": dice.randrange(19, 140), "season": dice.choice(SEASONS).lower(), "first": who.split()[0],
        "second": second.split()[0], "third": third.split()[0],
    }  # fmt: skip


def _people(dice: Random, n: int) -> list[Somebody]:
    """Some people of as many partners, none of them about to leave."""
    picked: list[Somebody] = []
    while len(picked) < n:
        picked.append(somebody(dice, LEAVER, *(p.name for q in picked for p in _colleagues(q))))
    return picked


def _colleagues(person: Somebody) -> list[Somebody]:
    return [other for other in PEOPLE if other.partner == person.partner]


def _present(dice: Random, n: int) -> dict[str, str]:
    """Who was at a gathering, and one who was not."""
    *present, absent = (person.name for person in _people(dice, n))
    names = sorted(present)
    return {"people": ", ".join(names[:-1]) + " and " + names[-1], "absent": absent}


def _round(dice: Random, items: Sequence[Any]) -> Iterator[Any]:
    """The items again and again, each time in another order, so that none comes too often."""
    while True:
        yield from dice.sample(items, len(items))


def _filled(text: str, words: dict[str, Any]) -> str:
    """A text with its words filled in; a sentence begins with a capital whatever was put there."""
    return _capital(text.format(**words))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
