"""What README.txt in a bundle says to whoever finds it: in the language of who made it, and in English."""

from collections.abc import Iterator
from datetime import datetime
from textwrap import fill
from typing import Any

from babel.dates import format_date

from partnernet.core import words
from partnernet.exchange.header import Header, shown_name
from partnernet.web.language import language, locale_of

WIDTH = 100
CHECK = "    sha256sum -c manifest-sha256.txt tagmanifest-sha256.txt"


class _English:
    """Sentences as they are written, whoever reads."""

    @staticmethod
    def _(sentence: str, /, **values: object) -> str:
        return sentence % values

    @staticmethod
    def plural(one: str, many: str, n: int, /, **values: object) -> str:
        return (one if n == 1 else many) % {"count": f"{n:,}", **values}


def readme(header: Header, made: datetime, *, ops: int, files: int) -> str:
    """The whole text; `ops` and `files` are how many the bundle holds."""
    said, code = [_text(words, header, _day(made, language()), ops, files)], language()
    if code != "en":
        said.append(_text(_English, header, _day(made, "en"), ops, files))
    return f"\n{'-' * WIDTH}\n\n".join(said)


def _day(made: datetime, code: str) -> str:
    return format_date(made.date(), "d MMMM y", locale_of(code))


def _text(voice: Any, header: Header, day: str, ops: int, files: int) -> str:
    paragraphs = _paragraphs(voice, header, day, ops, files)
    return "\n\n".join(fill(words, WIDTH, break_on_hyphens=False) for words in paragraphs) + f"\n{CHECK}\n"


def _paragraphs(voice: Any, header: Header, day: str, ops: int, files: int) -> Iterator[str]:
    _, plural = voice._, voice.plural
    network = shown_name(header.network) or "PartnerNet"
    if header.called:
        yield _(
            "This is a copy of what people wrote in %(network)s. %(server)s made it on %(day)s.",
            network=network, server=header.called, day=day,
        )  # fmt: skip
    else:
        yield _("This is a copy of what people wrote in %(network)s, made on %(day)s.", network=network, day=day)
    yield _(
        "To read it, on a computer or a telephone: unpack the zip file, open the folder “data”, and in it "
        "readable.html. It needs no internet and no program but a browser. Files that people attached are in "
        "the folder “blobs” beside it."
    )
    yield _(
        "To bring it into a PartnerNet of your own: leave it packed, sign in as a steward, open Exchange, and choose "
        "it there. You see what it would do; nothing is changed before you say yes. If you were given several files, "
        "bring in each of them, in any order."
    )
    yield _(
        "It holds %(statements)s (somebody wrote, changed or removed something) and %(files)s.",
        statements=plural("%(count)s signed statement", "%(count)s signed statements", ops),
        files=plural("%(count)s attached file", "%(count)s attached files", files),
    )
    yield _(
        "For programs: data/ops.jsonl has one statement on each line, and bundle.json says what was left out, and "
        "why. On the command line, “partnernet import” brings it in. Unpacked, this shows that nothing was damaged "
        "on its way:"
    )
