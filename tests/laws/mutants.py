"""Breaking one rule on purpose, to see that the law that names it notices."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from types import ModuleType
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from partnernet.core.errors import BadBundle
from partnernet.core.ledger import (
    advance,
    aggregate,
    changes,
    erasures,
    fold,
    log,
    membership,
    project,
    registers,
    side,
    state,
)
from partnernet.exchange.incoming import apply, checking, stage
from partnernet.sync import brought, exchange, machine_views, pages, unequal, wants
from tests.laws.place import Place, place
from tests.laws.telling import stories, tell

MODULES: tuple[ModuleType, ...] = (
    advance, aggregate, apply, brought, changes, checking, erasures, exchange, fold, log, machine_views, membership,
    pages, project, registers, side, stage, state, unequal, wants,
)  # fmt: skip

Mutant = Callable[..., Any]
EXAMPLES = 200


class Mutants(list[Any]):
    """Rules that are broken, for a test to try one by one."""

    def breaks(self, promise: Callable[..., None], name: str, *themes: Sequence[str]) -> Callable[[Mutant], Mutant]:
        """Note a mutant: the law it breaks, what it replaces, and the stories in which that shows soonest."""

        def note(make: Mutant) -> Mutant:
            self.append(pytest.param(promise, name, make, themes, id=make.__name__))
            return make

        return note


def is_noticed(
    promise: Callable[..., None],
    name: str,
    mutant: Mutant,
    themes: Sequence[Sequence[str]],
    make: Callable[[str, int], Place] = place,
) -> None:
    """Tell stories under a broken rule until the law fails; an AssertionError where it never does."""

    @settings(max_examples=EXAMPLES, phases=[Phase.generate], derandomize=True, database=None, deadline=None,
              report_multiple_bugs=False, suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(stories(*themes))
    def law(steps: Sequence[tuple[Any, ...]]) -> None:
        promise(tell(steps, make=make))

    with mutated(name, mutant), pytest.raises((AssertionError, BadBundle)):
        law()


@contextmanager
def mutated(name: str, make: Mutant) -> Iterator[None]:
    """Break a rule for a while, by its name in every module that has it, or as `module.name` or `Class.name`."""
    holder, _dot, attribute = name.rpartition(".")
    places: list[Any] = [module for module in MODULES if holder in ("", module.__name__.rpartition(".")[2])]
    places = [place for place in places or [getattr(module, holder, None) for module in MODULES] if place]
    with ExitStack() as stack:
        for place in dict.fromkeys(place for place in places if hasattr(place, attribute)):
            stack.enter_context(patch.object(place, attribute, make(getattr(place, attribute))))
        yield
