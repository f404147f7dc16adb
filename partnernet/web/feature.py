"""Feature: what one folder of the house brings to the app."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from flask import Blueprint, Flask
from sqlalchemy.orm import Session

from partnernet.core.consumers import Consumer


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature: its pages, what stands in the menu, and what it wants to hear of."""

    name: str
    blueprint: Blueprint | None = None
    label: str = ""
    """Its words in the menu; empty where it does not stand there."""
    stewards_only: bool = False
    consumers: Sequence[Consumer] = field(default_factory=tuple)
    chores: Sequence[Callable[[Session], None]] = field(default_factory=tuple)
    """What is done about once an hour behind the pages; each begins its own writing and is committed for."""
    rounds: Sequence[Callable[[Session], None]] = field(default_factory=tuple)
    """What is done behind the pages soon after something has changed; each writes and commits by itself."""
    init_app: Callable[[Flask], None] | None = None
    """Called once with the app, for what a blueprint cannot say."""
