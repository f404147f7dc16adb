"""A year in the invented network: who writes what and when, answers it, marks it and changes their mind."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from random import Random

from partnernet.core.time import day_ms
from partnernet.demo.acts import DAY, HOUR, MINUTE, Act, Entry, at_a_likely_hour, handle, organisation, somebody
from partnernet.demo.cast import LEAVER, PARTNERS, PEOPLE
from partnernet.demo.entries import entries
from partnernet.demo.texts import texts

REPLIES = 600
EDITS = 20
LONGEST, LONGEST_OF_PARTS = 36, 9
STAGES = ("discover", "define", "develop", "deliver", "do_more")
LEAVES = 70
"""How many days before today somebody leaves."""

LATER = (
    "*Added later:* the date has changed, and everything else stands.",
    "*Added later:* thank you for all the answers. I have put the best of them into the list.",
    "*Added later:* the figure above was wrong, and is right now. Thank you, Piotr.",
    "*Added later:* there are two places left.",
    "*Added later:* if you cannot open the file, ring me and I will read it to you.",
)


def plan(seed: int, today: date) -> list[Act]:
    """Everything that happens, in order; the same for the same seed and day."""
    dice = Random(f"packhorse {seed}")  # noqa: S311 - a story is no secret
    end = day_ms(today) - HOUR
    written = _dated(dice, entries(dice, today), end)
    acts = [*_beginnings(dice, end - 366 * DAY)]
    replies = _shares(dice, written)
    for entry, count in zip(written, replies, strict=True):
        acts += _entry(entry)
        acts += _replies(dice, seed, entry, count, end)
        if entry.kind == "idea":
            acts += [*_stages(dice, entry, end), *_marks(dice, entry, end)]
    acts += _links(dice, written)
    acts += [*_edits(dice, written, end), *_conflicts(dice, written, end), *_regrets(dice, written, acts, end)]
    return sorted(acts, key=lambda act: act.at)


def _beginnings(dice: Random, at: int) -> Iterator[Act]:
    """The partners, then their people, and soon the words that they explain to each other."""
    for n, partner in enumerate(PARTNERS):
        values = {
            "name": partner.name, "place": partner.place, "region": partner.region,
            "art_forms": list(partner.art_forms), "about": partner.about, "offers": partner.offers,
            "seeks": partner.seeks, "website": f"https://{partner.key}.example/",
        }  # fmt: skip
        yield Act(
            at + n * MINUTE, "", "create", f"partner {partner.key}", values, "partner", "public", picture=partner.key
        )
    for n, person in enumerate(PEOPLE):
        values = {"name": person.name, "about": person.about, "partner": f"partner {person.partner}"}
        visibility = "public" if n % 3 == 0 else "network"
        yield Act(at + HOUR + n * MINUTE, person.name, "create", f"person {person.name}", values, "person", visibility)
    for n, word in enumerate(texts("words")["word"]):
        values = {name: word[name] for name in ("title", "also", "body", "said_by")}
        key, visibility = f"term {word['title']}", word.get("visibility", "network")
        yield Act(at + 9 * DAY + n * 5 * HOUR, word["by"], "create", key, values, "term", visibility)
    yield _reworded(at + 40 * DAY)


def _reworded(at: int) -> Act:
    """A word that somebody else knows more about: the network keeps them together."""
    also = ["continuing professional development", "training", "professional learning", "learning days"]
    return Act(at, "Siobhan Devlin", "edit", "term CPD", {"also": also})


def _dated(dice: Random, written: list[Entry], end: int) -> list[Entry]:
    """The entries with a time for each: notes soon after their day, the others over the year."""
    start = end - 360 * DAY
    others = [entry for entry in written if entry.kind != "note"]
    dice.shuffle(others)
    for n, entry in enumerate(others):
        part = ((n + dice.random()) / len(others)) ** 0.9
        entry.at = min(at_a_likely_hour(dice, start + int(part * 358 * DAY)), end - HOUR)
    ideas = [entry for entry in others if entry.kind == "idea"]
    times = sorted(idea.at for idea in ideas)
    ideas.sort(key=lambda idea: dice.uniform(0, 2) - STAGES.index(idea.stage))
    for idea, at in zip(ideas, times, strict=True):
        idea.at = at  # what has come furthest was begun first
    for entry in written:
        if entry.kind == "note":
            held = day_ms(date.fromisoformat(entry.values["held"]))
            entry.at = min(at_a_likely_hour(dice, held + dice.randint(1, 5) * DAY), end - HOUR)
    for entry in written:
        if entry.who == LEAVER and entry.at > end - (LEAVES + 1) * DAY:
            entry.who = "Hilary Gough"
    return written


def _entry(entry: Entry) -> Iterator[Act]:
    values = {"title": entry.title, "body": entry.body, **entry.values}
    if values.get("host"):
        values["host"] = f"partner {values['host']}"
    if entry.kind == "idea":
        values["stage"] = STAGES[0]
    yield Act(entry.at, entry.who, "create", entry.key, values, entry.kind, entry.visibility, picture=entry.picture)
    for n, tag in enumerate(entry.tags):
        said = {"mark": "tag", "value": True, "subject": tag.lower()}
        yield Act(entry.at + n + 1, entry.who, "mark", entry.key, said, visibility=entry.visibility)


def _shares(dice: Random, written: Sequence[Entry]) -> list[int]:
    """How many replies each entry gets: a few get many, and all together the right number."""
    counts = [len(entry.answers) for entry in written]
    weights = [dice.paretovariate(1.3) * (3 if entry.is_whole else 1) for entry in written]
    while sum(counts) < REPLIES:
        n = dice.choices(range(len(written)), weights)[0]
        if counts[n] < (LONGEST if written[n].is_whole else LONGEST_OF_PARTS):
            counts[n] += 1
    return counts


def _replies(dice: Random, seed: int, entry: Entry, count: int, end: int) -> Iterator[Act]:
    general = texts("replies")["general"]
    own = texts("replies").get({"news": "news", "idea": "ideas", "note": "notes"}.get(entry.kind, ""), [])
    pool = [*dice.sample(own, len(own)), *dice.sample(general, len(general))]
    pool = sorted(pool[:count], key=lambda text: dice.random()) if count < len(pool) else pool
    lines = [*entry.answers, *pool][:count]
    at, before, last = entry.at, [entry.who], entry.key
    for n, text in enumerate(lines):
        at = min(at + int(dice.expovariate(1 / (1.4 * DAY))) + MINUTE, end - (len(lines) - n) * MINUTE)
        leaving = [LEAVER] if at > end - LEAVES * DAY else []
        closing = bool(entry.answers) and n == len(entry.answers) - 1 and entry.title.endswith("touring?")
        who = entry.who if closing else somebody(dice, before[-1], *leaving).name
        to = dice.choice(before)
        body = text if n < len(entry.answers) else _spoken(dice, seed, text, who, to)
        key = f"{entry.key} reply {n}"
        under = last if n and dice.random() < 0.3 else entry.key
        yield Act(at, who, "create", key, {"body": body}, "reply", entry.visibility, under=under)
        before, last = [*before[-3:], who], key
    if entry.summary:
        yield Act(min(at + DAY, end), somebody(dice, LEAVER).name, "edit", entry.key, {"summary": entry.summary})


def _spoken(dice: Random, seed: int, text: str, who: str, to: str) -> str:
    """An answer that fits almost anything, in somebody's mouth; now and then it is to one person by name."""
    mention = f"@[{handle(seed, to)}]"
    body = text.format(to=mention if dice.random() < 0.6 else to.split()[0], place=organisation(who).place)
    return f"{mention} {body}" if "{to}" not in text and dice.random() < 0.15 else body


def _stages(dice: Random, entry: Entry, end: int) -> Iterator[Act]:
    reached = STAGES[: STAGES.index(entry.stage) + 1]
    step = max((end - entry.at) // (len(reached) + 1), HOUR)
    for n, (_, stage) in enumerate(pairwise(reached), 1):
        at = min(at_a_likely_hour(dice, entry.at + n * step), end)
        yield Act(max(at, entry.at + n * MINUTE), somebody(dice, LEAVER).name, "edit", entry.key, {"stage": stage})


def _marks(dice: Random, entry: Entry, end: int) -> Iterator[Act]:
    for partner in dice.sample(PARTNERS, dice.randint(2, 8)):
        mark = dice.choices(("count_in", "watching", "can_host"), (5, 3, 2))[0]
        who = next(person.name for person in PEOPLE if person.partner == partner.key)
        at = min(entry.at + int(dice.expovariate(1 / (9 * DAY))) + MINUTE, end)
        yield Act(at, who, "mark", entry.key, {"mark": mark, "value": True}, visibility=entry.visibility)


def _links(dice: Random, written: Sequence[Entry]) -> Iterator[Act]:
    """What came from what: where two are about the same, the later one came from the earlier."""
    earlier = {"idea": ("discussion", "note"), "news": ("idea", "discussion")}
    for entry in written:
        about = set(entry.tags)
        before = [other for other in written if other.at < entry.at - 3 * DAY and about & set(other.tags)]
        origins = [other for other in before if other.kind in earlier.get(entry.kind, ())]
        if origins and (entry.is_whole or dice.random() < 0.4):
            origin = max(origins, key=lambda other: (other.is_whole, other.at))
            said = {"mark": "came_from", "value": True, "subject": origin.key}
            yield Act(entry.at + HOUR // 2, entry.who, "mark", entry.key, said, visibility=entry.visibility)


def _edits(dice: Random, written: Sequence[Entry], end: int) -> Iterator[Act]:
    for entry in dice.sample([entry for entry in written if entry.who != LEAVER], EDITS):
        at = min(entry.at + dice.randint(2, 90) * HOUR, end)
        entry.body = f"{entry.body}\n\n{dice.choice(LATER)}"
        yield Act(at, entry.who, "edit", entry.key, {"body": entry.body})


def _conflicts(dice: Random, written: Sequence[Entry], end: int) -> Iterator[Act]:
    """Two people word the same summary, and two the same title, without having seen each other."""
    hall = next(entry for entry in written if entry.summary)
    at = end - 5 * DAY
    one = hall.summary.replace("six halls.", "six halls. Ask Marcus about the stage, not only the door.")
    other = hall.summary.replace("six halls", "eight halls, two of them Welsh")
    yield Act(at, "Hilary Gough", "edit", hall.key, {"summary": one})
    yield Act(at + 3 * HOUR, "Gethin Rowlands", "edit", hall.key, {"summary": other}, beside=True)
    forum = [entry for entry in written if entry.kind == "note" and "forum" in entry.tags][-1]
    yield Act(at + DAY, "Josie Hale", "edit", forum.key, {"title": forum.title + ": halls and ferries"})
    title = f"What we decided at {forum.title.partition(' at ')[2]}"
    yield Act(at + DAY + HOUR, "Nia Prydderch", "edit", forum.key, {"title": title}, beside=True)


def _regrets(dice: Random, written: Sequence[Entry], acts: Sequence[Act], end: int) -> Iterator[Act]:
    """Something removed, something erased, and somebody who leaves."""
    replies = [act for act in acts if act.kind == "reply" and act.at < end - 20 * DAY and act.who != LEAVER]
    ends = {act.under for act in acts}
    alone = [act for act in replies if act.key not in ends]
    removed, erased = dice.sample(alone, 2)
    yield Act(removed.at + 3 * HOUR, removed.who, "delete", removed.key)
    yield Act(erased.at + 2 * DAY, erased.who, "redact", erased.key)
    story = next(entry for entry in written if entry.kind == "news" and not entry.picture)
    yield Act(min(story.at + 2 * DAY, end), story.who, "delete", story.key)
    yield Act(end - LEAVES * DAY, LEAVER, "erase_person", f"person {LEAVER}")
