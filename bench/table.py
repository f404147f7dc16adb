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
