"""How long each law is tried: seconds in an ordinary run, minutes under `make torture`."""

import os

from hypothesis import HealthCheck, settings

LONG = os.environ.get("PARTNERNET_TORTURE") == "1"


def budget(examples: int, steps: int = 30, long: int = 40) -> settings:
    """Settings for one law: so many examples, `long` times as many and twice as many steps under torture."""
    return settings(
        max_examples=examples * (long if LONG else 1),
        stateful_step_count=steps * (2 if LONG else 1),
        derandomize=not LONG,
        database=None,
        deadline=None,
        print_blob=True,
        suppress_health_check=[
            HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much,
            HealthCheck.large_base_example,
        ],
    )  # fmt: skip
