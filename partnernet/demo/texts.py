"""The words of the invented network, from the files in `texts/`."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "texts"


@cache
def texts(name: str) -> dict[str, Any]:
    """One of the files: talks, asks, news, ideas, gatherings, replies or words."""
    with (FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)
