"""Replies: answers to an entry, or to another reply under it."""

from partnernet.core.ledger.kinds import Field, Kind, declare, files, prose
from partnernet.core.words import lazy

REPLY = declare(
    Kind(
        "reply",
        {"body": Field(prose()), "files": Field(files)},
        plural="replies",
        word=lazy("Reply"),
        words=lazy("Replies"),
    )
)
