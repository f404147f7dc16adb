"""What people (and other servers) may well send, and what nothing fits into. Each is made by the verbs of every day."""

import io
from typing import Any

from flask import current_app
from PIL import Image
from sqlalchemy.orm import Session

from partnernet.core.db import commit, db, write
from partnernet.core.entry import Entry
from partnernet.core.ledger import verbs
from partnernet.core.ledger.kinds import KINDS, TITLE_LIMIT
from partnernet.core.policy import NETWORK, PUBLIC, Actor
from partnernet.entries import model as entries
from partnernet.glossary.model import WORD_LIMIT
from partnernet.people.model import NAME_LIMIT
from tests.factories import actor_of, make_account, make_partner
from tests.matrix.cast import Visitor

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk"
ENDLESS = 10_000 * "ä"
WIDE = f"""#### {LONG}

https://example.org/{LONG}/{LONG}

| {" | ".join(["a column"] * 12)} |
|{"|".join(["---"] * 12)}|
| {" | ".join([LONG] * 12)} |

    {LONG} = {LONG}({LONG}, {LONG})

> - **{LONG}**
"""
ARABIC = "اجتماع الشركاء في قاعة المرفأ يوم الخميس القادم، ونرجو أن تحضروا معكم أفكاركم"
HEBREW = "מי מביא את הקומקום, ומי מחזיר אותו אחרי ההצגה?"
MIXED = f"“{ARABIC}” (PartnerNet, 12:30–14:00) — {HEBREW} [English again, with a link: https://example.org/?q=a+b]"
SCRIPTS = "日本語の長い文章で改行の位置を確かめます。เราจะพบกันที่ท่าเรือพรุ่งนี้เช้า हम सब मिलकर नाटक करेंगे Ωμέγα Жук ጤና ᏣᎳᎩ"
STACKED = "Z̴̢̛̤͓̈́͊͝a̷̡̛̦̭͐̈́͠l̵̢̛̺͇̈́̋͝g̶̡̛̮̭̈́̑͝o̴̢̤͓͊͝"
EMOJI = "👩🏽‍🚀🏴󠁧󠁢󠁷󠁬󠁳󠁿👨‍👩‍👧‍👦🧑🏿‍🦽‍➡️🇺🇳❤️‍🔥"


def wide(session: Session, by: Actor) -> Entry:
    """Long words, a wide table, code and a bare address."""
    idea = entries.share(session, "idea", {"title": LONG, "body": WIDE}, NETWORK, [LONG.lower()], by=by)
    entries.answer(session, idea, {"body": WIDE}, by=by)
    return idea


def long_names(session: Session, by: Actor) -> Entry:
    """Somebody of a partner whose name is as long as theirs, neither with a space."""
    partner = make_partner(session, (4 * LONG)[:200], place=(4 * LONG)[:200], region=(4 * LONG)[:200])
    account = make_account(
        session, (4 * LONG)[:NAME_LIMIT], email="long@example.org", password="", partner=partner.id, about=LONG,
        visibility=PUBLIC,
    )  # fmt: skip
    somebody = actor_of(session, account)
    talk = entries.share(session, "discussion", {"title": (6 * LONG)[:TITLE_LIMIT], "body": LONG}, NETWORK, by=somebody)
    entries.answer(session, entries.answer(session, talk, {"body": LONG}, by=by), {"body": LONG}, by=somebody)
    return talk


def right_to_left(session: Session, by: Actor) -> Entry:
    """Arabic and Hebrew, and both with English in one line."""
    body = f"{ARABIC}\n\n{MIXED}\n\n> {HEBREW}\n\n1. {ARABIC}\n2. {HEBREW}\n"
    talk = entries.share(session, "discussion", {"title": ARABIC, "body": body}, NETWORK, ["قاعة", "קומקום"], by=by)
    entries.answer(session, talk, {"body": MIXED}, by=by)
    return talk


def many_scripts(session: Session, by: Actor) -> Entry:
    """Scripts without spaces, scripts with high marks, and letters that grow out of their line."""
    body = 4 * f"{SCRIPTS} {STACKED} "
    return entries.share(session, "note", {"title": f"{SCRIPTS} {STACKED}", "body": body}, NETWORK, by=by)


def emoji(session: Session, by: Actor) -> Entry:
    """Pictures for letters."""
    title = (12 * EMOJI)[:TITLE_LIMIT]
    return entries.share(session, "idea", {"title": title, "body": 200 * EMOJI}, NETWORK, [EMOJI[:8]], by=by)


def endless_word(session: Session, by: Actor) -> Entry:
    """One word of 10,000 letters, wherever words may stand."""
    said = {"title": ENDLESS[:TITLE_LIMIT], "body": ENDLESS, "summary": ENDLESS[:8_000]}
    talk = entries.share(session, "discussion", said, NETWORK, [ENDLESS[:60]], by=by)
    entries.answer(session, talk, {"body": ENDLESS}, by=by)
    return talk


def odd_pictures(session: Session, by: Actor) -> Entry:
    """Pictures that are one dot wide, or high."""
    high, wide = _picture(1, 3_000), _picture(3_000, 1)
    body = f"![high](/files/{high['sha256']})\n\n![wide](/files/{wide['sha256']})\n"
    said = {"title": "Two lines", "body": body, "picture": high, "files": [high, wide]}
    return entries.share(session, "news", said, NETWORK, by=by)


def one_letter(session: Session, by: Actor) -> Entry:
    """A title of one letter, and as little of everything else."""
    idea = entries.share(session, "idea", {"title": "A", "body": "b"}, NETWORK, ["c"], by=by)
    entries.answer(session, idea, {"body": "d"}, by=by)
    return idea


def many_tags(session: Session, by: Actor) -> Entry:
    """A thousand tags: no one person may give so many, all together may."""
    idea = entries.share(session, "idea", {"title": "A thousand tags", "body": "See there."}, NETWORK, by=by)
    for number in range(1_000):
        verbs.mark(session, by, idea, "tag", True, f"a tag of {number}")
    return idea


def long_word(session: Session, by: Actor) -> Entry:
    """A word of the glossary that is as long as it may be, and the others for it, one of them from right to left."""
    word = (3 * LONG)[:WORD_LIMIT]
    said = {"title": word, "also": [word[::-1], *(f"{n}{LONG}" for n in range(10)), HEBREW], "said_by": word}
    return entries.share(session, "term", said | {"body": WIDE}, NETWORK, by=by)


def nothing(session: Session, by: Actor) -> Entry:
    """An entry that came without a title and without a word."""
    op = verbs.create(session, by, "discussion", NETWORK, {})
    return session.get_one(Entry, op.id)


MADE = (
    wide, long_names, right_to_left, many_scripts, emoji, endless_word, odd_pictures, one_letter, many_tags, long_word,
    nothing,
)  # fmt: skip
ALL = {made.__name__.replace("_", " "): made for made in MADE}


def share_all(who: Visitor) -> dict[str, str]:
    """Share all of it as somebody; where each is to be seen, by what it is."""
    session, by = db.session(), who.actor
    assert by is not None
    found = {}
    for name, made in ALL.items():
        write(session)
        entry = made(session, by)
        found[name] = f"/{KINDS[entry.kind].plural}/{entry.short}"
        commit(session)
    return found


def _picture(width: int, height: int) -> dict[str, Any]:
    content = io.BytesIO()
    Image.new("RGB", (width, height), "#336").save(content, "PNG")
    content.seek(0)
    stored = current_app.extensions["partnernet.files"].store(content, 1 << 20)
    return {"sha256": stored.sha256, "name": "line.png", "type": "image/png", "size": stored.size, "alt": "A line"}
