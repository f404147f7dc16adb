"""`python -m tests.looks.screenshots [readme] [WORD …]`: every page of an invented network, photographed.

The pictures lie in `screenshots/`, with a contact sheet in `index.html`; those of the README in `docs/` are
renewed. With words, only pages are taken whose names have one of them; with `readme`, only those for the README.
"""

import shutil
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import time_machine
from PIL import Image

from tests.looks import sheet
from tests.looks.camera import SETTLE, Shot, Subject, layers, photograph, visit, window
from tests.looks.demo import EVENING, ON_THAT_EVENING, open_demo
from tests.looks.site import Site, made, served

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER, DOCS = ROOT / "screenshots", ROOT / "docs"
ROLES = {"stranger": "stranger", "author": "member", "steward": "steward"}
FORMS = ("people.login", "ideas.new", "news.new", "notes.new", "partners.new", "people.account_password")
WORKERS = 2
AT_ONCE = 12
"""Pages that one worker takes before another role has its turn."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the README: which page, as whom, and how large a part of it."""

    name: str
    page: str
    who: str
    width: int
    height: int
    theme: str = "light"
    scale: int = 1


README = (
    Picture("home", "home.index", "author", 1280, 1000),
    Picture("news", "news.show", "author", 1280, 1100),
    Picture("discussion", "discussions.show", "author", 390, 844, scale=2),
    Picture("idea", "ideas.show", "author", 1280, 1100, theme="dark"),
)
HEAVY = 150_000
"""Bytes that no picture of the README reaches."""


def main(words: Sequence[str]) -> None:
    """Take the pictures that are asked for."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("demo", "unwieldy"):
            (folder / part).mkdir()
        with open_demo(folder / "demo") as demo:
            renew_readme(demo)
            if "readme" in words:
                return
            shots = take(demo, words)
        with time_machine.travel(EVENING):
            site = made(folder / "unwieldy")
        with served(site, folder / "unwieldy", *ON_THAT_EVENING) as site:
            shots += take_unwieldy(site, words)
    print(f"{len(shots)} pictures: {sheet.write(FOLDER, shots, ROLES.values())}")


def take(demo: Site, words: Sequence[str]) -> list[Shot]:
    """Photograph every page for everybody."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    errands: list[tuple[str, str, str, list[Subject], Path]] = []
    for who, called in ROLES.items():
        token = demo.cast.visitors[who].token
        subjects = [subject for subject in subjects_of(demo, who) if is_wanted(subject.name, words)]
        for start in range(0, len(subjects), AT_ONCE):
            errands.append((demo.address, token, called, subjects[start : start + AT_ONCE], FOLDER))
    return send_out(errands)


def take_unwieldy(site: Site, words: Sequence[str]) -> list[Shot]:
    """Photograph what fits nowhere."""
    subjects = [Subject(f"bad input: {name}", address) for name, address in site.unwieldy.items()]
    subjects += [Subject("bad input: all of it at home", "/"), Subject("bad input: in a list", "/entries")]
    wanted = [subject for subject in subjects if is_wanted(subject.name, words)]
    return send_out([(site.address, site.cast.visitors["author"].token, ROLES["author"], wanted, FOLDER)])


def subjects_of(demo: Site, who: str) -> list[Subject]:
    """All that somebody may see: pages, what opens above them, and forms that were sent empty."""
    stops = {stop.name: stop.address for stop in demo.pages(who)}
    subjects = [Subject(name, address) for name, address in stops.items()]
    for layer in layers(demo.address, demo.cast.visitors[who].token):
        subjects.append(Subject(f"home.index, with #{layer}", "/", layer=layer))
    for name in FORMS:
        if name in stops and (name == "people.login") == (who == "stranger"):
            subjects.append(Subject(f"{name}, sent empty", stops[name], is_sent_empty=True))
    return subjects


def is_wanted(name: str, words: Sequence[str]) -> bool:
    """Whether a page was asked for."""
    return not words or any(word in name for word in words)


def send_out(errands: Sequence[tuple[str, str, str, list[Subject], Path]]) -> list[Shot]:
    """Have several browsers take the pictures side by side."""
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        return [shot for shots in pool.map(photograph, *zip(*errands, strict=True)) for shot in shots]


def renew_readme(demo: Site) -> None:
    """Take the pictures of the README anew."""
    for picture in README:
        address = next(stop.address for stop in demo.pages(picture.who) if stop.name == picture.page)
        size = {"width": picture.width, "height": picture.height}
        with window(
            demo.address, demo.cast.visitors[picture.who].token, color_scheme=picture.theme,
            device_scale_factor=picture.scale,
        ) as context:  # fmt: skip
            page = context.new_page()
            visit(page, demo.address, Subject(picture.page, address))
            page.set_viewport_size(size)
            page.evaluate(SETTLE)
            path = DOCS / f"{picture.name}.png"
            page.screenshot(path=path, animations="disabled")
        print(f"{path.relative_to(ROOT)}: {make_light(path):,} bytes")


def make_light(path: Path) -> int:
    """Save a picture with fewer colours until it is light; its size in bytes."""
    with Image.open(path) as image:
        full = image.convert("RGB")
    for colours in (256, 128, 64, 32, 16):
        full.quantize(colours, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size < HEAVY:
            break
    return path.stat().st_size


if __name__ == "__main__":
    main(sys.argv[1:])
