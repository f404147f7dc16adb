"""How stories are drawn: which steps they have, how often, and how they are told."""

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from tests.laws.place import Place, place
from tests.laws.story import Story

small = st.integers(0, 60)
flag = st.booleans()
STEPS: dict[str, tuple[Any, ...]] = {
    "create": (small, small, small, small),
    "copy": (small, small),
    "edit": (small, small, small, small, flag),
    "delete": (small, small, flag, small, flag),
    "redact": (small, small, small, flag),
    "mark": (small, small, small, flag, flag),
    "carry": (small, small, small, small),
    "call_up": (small, small, small, small, small),
    "threaten": (small, flag),
    "appoint": (small, small, small, small),
    "hand_over": (small, small, small),
    "revoke": (small, small, small, small, flag),
    "back_up": (small,),
    "restore": (small, flag),
    "clone": (small, small),
}
EVERYTHING = (*STEPS, "create", *["edit"] * 4, *["carry"] * 4, "call_up", "threaten", "restore", "revoke", "appoint")
GOVERNING = ("create", "edit", "edit", "mark", "redact", "revoke", "revoke", "appoint", "appoint", "hand_over",
             *["carry"] * 5)  # fmt: skip
REVOKING = ("create", "create", "edit", *["mark"] * 3, "redact", "revoke", "revoke", *["carry"] * 3)
KEYS = ("create", "edit", "edit", "revoke", "appoint", *["hand_over"] * 3, "carry", "carry")
MISHAPS = ("create", "edit", "edit", "redact", "redact", "mark", *["threaten"] * 3, "back_up", "restore", "restore",
           "clone", *["carry"] * 5)  # fmt: skip
WIRES = ("create", "edit", "edit", "redact", "mark", "threaten", "threaten", "carry", "back_up", "restore",
         *["call_up"] * 5)  # fmt: skip
DISKS = (*["create"] * 3, "edit", "redact", "restore", "restore", "carry", "carry", "call_up", "call_up")
CUTS = ("create", "create", "edit", *["threaten"] * 2, *["carry"] * 3)
CALLS = ("create", "create", "edit", "mark", *["call_up"] * 3)
BACKUPS = ("create", "redact", "redact", "restore", "restore", "carry")
EDITS = ("create", *["edit"] * 5, "delete", "carry", "carry")
MARKS = ("create", *["mark"] * 4, "redact", *["carry"] * 3)
ERASURE = ("create", "create", "edit", "edit", "mark", "redact", "redact", *["carry"] * 3)
COPIES = ("create", "create", "copy", "delete", "edit", "carry")
"""What happens how often in a story: of everything a little, or of some things more."""
CALL = ("call_up", 0, 0, 0, 60, 0)
TWICE: list[tuple[Any, ...]] = [("create", 0, 0, 0, 0), CALL, ("restore", 0, True), ("create", 0, 0, 0, 0), CALL]
"""A story in which a server gives a number twice, and another one holds the other statement of that number."""
AND_ON: list[tuple[Any, ...]] = [
    *TWICE[:-1], ("create", 0, 0, 0, 0), ("carry", 1, 1, 7, 3), ("call_up", 1, 1, 0, 60, 0),
]  # fmt: skip
"""It goes on, and hears of the other statement by stick: who calls it has equal numbers only once the rest has come."""


def stories(*themes: Sequence[str], most: int = 40) -> st.SearchStrategy[list[tuple[Any, ...]]]:
    """Lists of steps, of one of some themes each."""

    def of(theme: Sequence[str]) -> st.SearchStrategy[list[tuple[Any, ...]]]:
        step = st.sampled_from(theme).flatmap(lambda name: st.tuples(st.just(name), *STEPS[name]))
        return st.lists(step, min_size=12, max_size=most)

    return st.sampled_from(themes or (EVERYTHING, EDITS, MARKS, ERASURE, COPIES, GOVERNING, MISHAPS)).flatmap(of)


def tell(steps: Sequence[tuple[Any, ...]], size: int = 3, make: Callable[[str, int], Place] = place) -> Story:
    """Let the steps of a story happen in a new world."""
    story = Story.begin(size, make)
    for name, *numbers in steps:
        getattr(story, name)(*numbers)
    story.end()
    return story
