"""How a story begins."""

import pytest

from partnernet.news.opening import minutes, opens_large

ROOM = " and so on" * 20


@pytest.mark.parametrize(("words", "told"), [(0, 0), (104, 0), (105, 1), (420, 2), (630, 3)])
def test_the_minutes_that_a_story_takes(words: int, told: int) -> None:
    assert minutes("word " * words) == told


@pytest.mark.parametrize(
    ("html", "large"),
    [
        (f"<p>The van{ROOM}</p>", True), (f"<p>“The van”{ROOM}</p>", True), (f"<p>Élan{ROOM}</p>", True),
        ("<p>The van.</p>", False), (f"<h2>The van</h2><p>It came{ROOM}</p>", False), ("", False),
        (f"<p>🎭 The van{ROOM}</p>", False), (f"<p>العربة{ROOM}</p>", False), (f"<p>… and{ROOM}</p>", False),
        (f"<p><em>The</em> van{ROOM}</p>", False), (f"<p>3 vans{ROOM}</p>", False), (f"<p>“{ROOM}</p>", False),
    ],
)  # fmt: skip
def test_a_large_letter_needs_a_letter_and_room(html: str, large: bool) -> None:
    assert opens_large(html) is large
