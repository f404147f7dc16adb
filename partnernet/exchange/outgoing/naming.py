"""Names of files: by whom, when and what is in it, in letters that every disk and every e-mail takes."""

from datetime import datetime

from partnernet.core.policy import PUBLIC
from partnernet.core.slug import slug
from partnernet.core.time import from_ms
from partnernet.exchange.outgoing.selection import Selection

NAMED = 40
"""Letters of a name that stand in it."""


def file_name(sender: str, made: datetime, selection: Selection, receiver: str = "") -> str:
    """The name of a bundle without its ending: at most 200 letters, digits and hyphens.

    partnernet-northside-dance-2026-11-27-0325-for-salt-house-what-is-new
    """
    whose, whom = (slug(name)[:NAMED].strip("-") for name in (sender, receiver))
    parts = ("partnernet", whose, f"{made:%Y-%m-%d-%H%M}", whom and f"for-{whom}", *_what(selection))
    return "-".join(filter(None, parts))


def part_name(name: str, number: int, parts: int | None = None) -> str:
    """The name of one part: of so many, once that is known."""
    return f"{name}-part-{number}" + (f"-of-{parts}" if parts else "")


def _what(selection: Selection) -> list[str]:
    """What is in it, where that is not everything."""
    said = []
    if selection.root is not None:
        said.append(f"one-entry-{selection.root[:6]}")
    if selection.kind is not None:
        said.append(selection.kind.replace("_", "-"))
    if selection.start is not None:
        said.append(f"from-{from_ms(selection.start):%Y-%m-%d}")
    if selection.end is not None:
        said.append(f"until-{from_ms(selection.end - 1):%Y-%m-%d}")
    if selection.since:
        said.append("what-is-new")
    if tuple(selection.logs) == (PUBLIC,):
        said.append("public")
    if not selection.with_files:
        said.append("without-files")
    return said
