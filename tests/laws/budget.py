"""How long each law is tried: seconds in an ordinary run, minutes under `make torture`."""

import os

from hypothesis import HealthCheck, settings

LONG = os.environ.get("PARTNERNET_TORTURE") == "1"
NO_FAULT = (
    HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much, HealthCheck.large_base_example,
)  # fmt: skip
"""What hypothesis says of a machine, or of chance, rather than of what is tried."""

settings.register_profile(
    "steady",
    derandomize=not LONG,
    database=None,
    deadline=None,
    print_blob=True,
    suppress_health_check=NO_FAULT,
)
settings.load_profile("steady")
"""Of every test with hypothesis: the same examples in each ordinary run, and no failure for a machine that is slow."""


def budget(examples: int, steps: int = 30, long: int = 40) -> settings:
    """Settings for one law: so many examples, `long` times as many and twice as many steps under torture."""
    return settings(
        max_examples=examples * (long if LONG else 1),
        stateful_step_count=steps * (2 if LONG else 1),
    )
