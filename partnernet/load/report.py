"""What became of everything that was given: said at the end, in sentences or as JSON."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

SHOWN = 20


@dataclass(slots=True)
class Report:
    """How many were brought in, and by name what was not."""

    new: dict[str, int] = field(default_factory=dict)
    """How many of each kind."""
    changed: int = 0
    same: int = 0
    here: int = 0
    """What was written at this server, or came to it by exchange, and is left as it is."""
    left: list[tuple[str, str]] = field(default_factory=list)
    """What is here already and stays as it is, though it reads otherwise in what was given: name and reason."""
    skipped: list[str] = field(default_factory=list)
    bad: list[tuple[str, str]] = field(default_factory=list)
    """What could not be brought in: name and reason."""
    remarks: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many of the given documents are here now."""
        return sum(self.new.values()) + self.changed + self.same + self.here + len(self.left)

    def count(self, kind: str) -> None:
        """Note that one of a kind was made."""
        self.new[kind] = self.new.get(kind, 0) + 1

    def sentences(self) -> Iterator[str]:
        """The whole of it in plain words."""
        made = ", ".join(_number(n, kind) for kind, n in sorted(self.new.items()))
        yield f"Brought in: {made}." if made else "Nothing new was brought in."
        if self.changed:
            yield f"Changed since last time, and edited here: {self.changed}."
        if self.same:
            yield f"As they were: {self.same}."
        if self.here:
            yield f"Entries and replies of the network that are here already, left as they are: {self.here:,}."
        yield from self.remarks
        yield from _listed("Left as people here have them:", [f"{name} ({why})" for name, why in self.left])
        yield from _listed("Not brought in:", [f"{name}: {why}" for name, why in self.bad])
        if self.skipped:
            yield f"Passed over, as they are about the files and not of them: {_some(self.skipped)}."

    def as_json(self) -> dict[str, Any]:
        """The same for a script."""
        return {
            "new": dict(sorted(self.new.items())), "changed": self.changed, "same": self.same,
            "here": self.here,
            "left": [{"name": name, "reason": why} for name, why in self.left],
            "bad": [{"name": name, "reason": why} for name, why in self.bad],
            "skipped": self.skipped,
        }  # fmt: skip


def _number(n: int, kind: str) -> str:
    plural = {"reply": "replies", "news": "news"}.get(kind, kind + "s")
    return f"1 {kind}" if n == 1 else f"{n:,} {plural}"


def _listed(heading: str, lines: list[str]) -> Iterator[str]:
    if not lines:
        return
    yield heading
    yield from (f"  {line}" for line in lines[:SHOWN])
    if len(lines) > SHOWN:
        yield f"  and {len(lines) - SHOWN:,} more; --json lists all of them"


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:5])
    return shown if len(names) <= 5 else f"{shown} and {len(names) - 5:,} more"
