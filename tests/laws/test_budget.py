"""No test with hypothesis fails because a machine was slow, or by the examples that it drew today."""

from hypothesis import HealthCheck, settings

from tests.laws.budget import LONG, budget


def test_what_hypothesis_draws_does_not_depend_on_the_day_or_the_machine() -> None:
    present = settings()
    assert present.deadline is None and present.database is None
    assert present.derandomize is not LONG
    assert HealthCheck.too_slow in present.suppress_health_check


def test_a_law_is_tried_as_often_as_its_budget_says() -> None:
    law = budget(3, steps=7, long=5)
    assert (law.max_examples, law.stateful_step_count) == ((15, 14) if LONG else (3, 7))
    assert law.deadline is None and law.derandomize is not LONG
