"""The contact sheet: all pictures of all pages on one page, to be narrowed by who, how wide and how bright."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from jinja2 import Environment
from PIL import Image

from tests.looks.camera import THEMES, WIDTHS, Shot

SMALL = (300, 400)
"""The width of a small picture in pixels, and the height at which it is cut off."""


def write(folder: Path, shots: Sequence[Shot], whos: Iterable[str]) -> Path:
    """Write `index.html` and the small pictures beside the large ones; where it is."""
    for shot in shots:
        _make_small(folder / shot.path, folder / small(shot))
    named = sorted(shots, key=lambda shot: shot.name)
    pages = [(name, list(some)) for name, some in groupby(named, key=lambda shot: shot.name)]
    choices = {"who": [*whos], "width": [*WIDTHS], "theme": [*THEMES]}
    source = Path(__file__).with_name("sheet.html").read_text(encoding="utf-8")
    template = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(source)
    path = folder / "index.html"
    path.write_text(template.render(pages=pages, choices=choices, small=small, size=SMALL), encoding="utf-8")
    return path


def small(shot: Shot) -> str:
    """Where the small picture is."""
    return f"small/{shot.path.removesuffix('.png')}.webp"


def _make_small(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(source) as whole:
        width, height = SMALL
        top = whole.crop((0, 0, whole.width, min(whole.height, whole.width * height // width)))
        top.thumbnail(SMALL)
        top.save(target, "WEBP", quality=75, method=2)
