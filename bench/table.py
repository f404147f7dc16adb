"""Printing what was measured beside what must be reached."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One measure: the figure for the record, and the ratio that decides."""

    measure: str
    figure: float
    ratio: float
    target: str


def show(title: str, rows: Sequence[Row]) -> None:
    """Print one table in Markdown."""
    print(f"\n### {title}\n\n| measure | figure | ratio | must reach |\n|---|---|---|---|")
    for row in rows:
        print(f"| {row.measure} | {row.figure:,.3g} | {row.ratio:.2f} | {row.target} |")
    print(flush=True)


@dataclass(frozen=True)
class Mark:
    """One measure that is met or not."""

    measure: str
    figure: float
    target: str
    is_met: bool


def judge(title: str, marks: Sequence[Mark]) -> None:
    """Print one table in Markdown, with what is met and what falls short."""
    print(f"\n### {title}\n\n| measure | figure | must reach | |\n|---|---|---|---|")
    for mark in marks:
        print(f"| {mark.measure} | {mark.figure:,.3f} | {mark.target} | {'met' if mark.is_met else 'SHORT'} |")
    print(flush=True)


@dataclass(frozen=True)
class Beside:
    """One measure of ours beside that of somebody else."""

    measure: str
    ours: str
    theirs: str = ""
    ratio: float | None = None
    target: str = ""
    most: float | None = None
    """The ratio must not exceed this; with `least`, it must reach that instead."""
    least: float | None = None
    is_met: bool | None = None

    @property
    def verdict(self) -> str:
        """Met, short, or nothing where there is no target."""
        met = self.is_met
        if met is None and self.ratio is not None and (self.most is not None or self.least is not None):
            met = self.ratio <= self.most if self.most is not None else self.ratio >= (self.least or 0)
        return "" if met is None else "met" if met else "**short**"


def show_beside(title: str, rows: Sequence[Beside], theirs: str = "beside") -> None:
    """Print one table of comparisons in Markdown."""
    print(f"\n### {title}\n\n| measure | PartnerNet | {theirs} | ratio | must reach | |\n|---|---|---|---|---|---|")
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        print(f"| {row.measure} | {row.ours} | {row.theirs} | {ratio} | {row.target} | {row.verdict} |")
    print(flush=True)
