"""How large pictures are, read out of the files themselves, so that no page moves while one is fetched."""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask
from markupsafe import Markup

from partnernet.core.errors import NotFound
from partnernet.web.here import its_files

KEPT = 4_096
FORMATS = ("WEBP", "PNG", "JPEG", "GIF")
"""What is taken for a picture, as Pillow calls it."""

_IN_TEXT = re.compile(r'<img src="/files/([0-9a-f]{64})"')


def init_app(app: Flask) -> None:
    """Let templates ask for the sizes of pictures."""
    app.jinja_env.globals["picture_size"] = picture_size
    app.jinja_env.filters["sized"] = sized


def picture_size(sha256: str) -> dict[str, int]:
    """The width and height of a picture, as attributes; empty where the file is not here or no picture."""
    files = its_files()
    try:
        size = _read(files.path(sha256))
    except (OSError, NotFound):
        return {}
    return {"width": size[0], "height": size[1]} if size else {}


def sized(html: str, files: Iterable[Any]) -> Markup:
    """Rendered text whose pictures have their sizes, and are fetched when they are near.

    Only those among the text's own files: whether others are here is for nobody to learn from a page.
    """
    if "<img " not in html:
        return Markup(html)  # noqa: S704 - it was cleaned when it was rendered
    own = {file.sha256 for file in files}

    def with_size(found: re.Match[str]) -> str:
        size = picture_size(found[1]) if found[1] in own else {}
        words = "".join(f' {name}="{number}"' for name, number in size.items())
        return f'<img loading="lazy"{words} src="/files/{found[1]}"'

    return Markup(_IN_TEXT.sub(with_size, html))  # noqa: S704 - the same, with two numbers more


@lru_cache(maxsize=KEPT)
def _read(path: Path) -> tuple[int, int] | None:
    """The size in the head of a file; a file that is not here yet raises, so that this is not remembered."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path, formats=FORMATS) as picture:
            return picture.size
    except (UnidentifiedImageError, Image.DecompressionBombError, SyntaxError, ValueError):
        return None
