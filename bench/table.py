"""Printing what was measured beside what must be reached."""

from collections.abc import Sequence
from dataclasses import dataclass

SHORT: list[str] = []
"""The measures of this run that fall short of what they must reach."""


def verdict(measure: str, is_met: bool | None) -> str:
    """Met, short, or nothing where there is no target; what is short is remembered."""
    if is_met is False:
        SHORT.append(measure)
    return "" if is_met is None else "met" if is_met else "**short**"


def conclude() -> None:
    """Say which of the measures printed so far fall short."""
    print(f"\nShort of what they must reach: {'; '.join(SHORT) or 'none'}.", flush=True)


@dataclass(frozen=True)
class Row:
    """One measure: the figure for the record, and the ratio that decides."""

    measure: str
    figure: float
    ratio: float
    target: str
    least: float | None = None
    """The ratio must reach this."""
    most: float | None = None
    """The ratio must not exceed this."""

    @property
    def is_met(self) -> bool | None:
        """Whether the ratio is what it must be; None where nothing is said of it."""
        return _is_within(self.ratio, self.least, self.most)


def show(title: str, rows: Sequence[Row]) -> None:
    """Print one table in Markdown."""
    print(f"\n### {title}\n\n| measure | figure | ratio | must reach | |\n|---|---|---|---|---|")
    for row in rows:
        said = verdict(f"{row.measure} ({title})", row.is_met)
        print(f"| {row.measure} | {row.figure:,.3g} | {row.ratio:.2f} | {row.target} | {said} |")
    print(flush=True)


def _is_within(ratio: float | None, least: float | None, most: float | None) -> bool | None:
    if ratio is None or (least is None and most is None):
        return None
    return (least is None or ratio >= least) and (most is None or ratio <= most)


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
        is_met = _is_within(self.ratio, self.least, self.most) if self.is_met is None else self.is_met
        return verdict(self.measure, is_met)


def show_beside(title: str, rows: Sequence[Beside], theirs: str = "beside") -> None:
    """Print one table of comparisons in Markdown."""
    print(f"\n### {title}\n\n| measure | PartnerNet | {theirs} | ratio | must reach | |\n|---|---|---|---|---|---|")
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        print(f"| {row.measure} | {row.ours} | {row.theirs} | {ratio} | {row.target} | {row.verdict} |")
    print(flush=True)
