"""Ways in which a folder with an index comes to harm, each drawn by a number."""

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from partnernet.core.ledger.node import Node, SigningKey
from partnernet.search import state as states
from partnernet.search.folder import CURRENT, LOCK, REBUILD, current_folder
from partnernet.search.state import FILE
from tests.factories import own_node

Damage = Callable[[Path, random.Random], None]


def harm(folder: Path, number: int) -> str:
    """Do one kind of harm to an index; what it was."""
    draw = random.Random(number)
    damage = DAMAGES[number % len(DAMAGES)]
    damage(folder, draw)
    return f"{number}: {damage.__name__}"


def _any_file(folder: Path, draw: random.Random) -> Path:
    files = [*current_folder(folder).iterdir(), folder / CURRENT]
    return draw.choice(sorted(files))


def cut(folder: Path, draw: random.Random) -> None:
    path = _any_file(folder, draw)
    os.truncate(path, draw.randrange(path.stat().st_size))


def lengthen(folder: Path, draw: random.Random) -> None:
    with _any_file(folder, draw).open("ab") as file:
        file.write(draw.randbytes(draw.randint(1, 9_000)))


def flip_a_bit(folder: Path, draw: random.Random) -> None:
    path = _any_file(folder, draw)
    content = bytearray(path.read_bytes())
    content[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
    path.write_bytes(content)


def zero_a_stretch(folder: Path, draw: random.Random) -> None:
    path = _any_file(folder, draw)
    content = bytearray(path.read_bytes())
    start = draw.randrange(len(content))
    stretch = content[start : start + draw.randint(1, 4_096)]
    content[start : start + len(stretch)] = bytes(len(stretch))
    path.write_bytes(content)


def empty(folder: Path, draw: random.Random) -> None:
    _any_file(folder, draw).write_bytes(b"")


def delete(folder: Path, draw: random.Random) -> None:
    _any_file(folder, draw).unlink()


def swap(folder: Path, draw: random.Random) -> None:
    one, other = draw.sample(sorted(current_folder(folder).iterdir()), 2)
    held = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(held)


def put_one_over_another(folder: Path, draw: random.Random) -> None:
    one, other = draw.sample(sorted(current_folder(folder).iterdir()), 2)
    shutil.copyfile(one, other)


def scribble(folder: Path, draw: random.Random) -> None:
    draw.choice([folder / CURRENT, current_folder(folder) / FILE]).write_bytes(
        draw.choice([draw.randbytes(300), b"null", b"[]", b'{"state": 1, "mac": {}}', b"generation-0", b"../current"])
    )


def put_a_folder_in_place(folder: Path, draw: random.Random) -> None:
    path = draw.choice([_any_file(folder, draw), folder / LOCK, folder / REBUILD])
    path.unlink(missing_ok=True)
    path.mkdir()
    (path / "something").write_bytes(draw.randbytes(9))


def put_a_link_in_place(folder: Path, draw: random.Random) -> None:
    path = draw.choice([_any_file(folder, draw), current_folder(folder), folder / LOCK, folder / REBUILD])
    aside = folder.parent / "elsewhere"
    if path.exists():
        path.rename(aside)
    path.symlink_to(draw.choice([aside, folder / "nowhere", path]))


def put_a_pipe_in_place(folder: Path, draw: random.Random) -> None:
    path = draw.choice([_any_file(folder, draw), folder / LOCK, folder / REBUILD])
    path.unlink(missing_ok=True)
    os.mkfifo(path)


def put_a_file_in_place(folder: Path, draw: random.Random) -> None:
    generation = current_folder(folder)
    shutil.rmtree(generation)
    generation.write_bytes(draw.randbytes(99))


def delete_a_folder(folder: Path, draw: random.Random) -> None:
    shutil.rmtree(draw.choice([folder, current_folder(folder)]))


def bring_one_from_another_node(folder: Path, draw: random.Random) -> None:
    generation, node = current_folder(folder), own_node()
    stranger = Node(SigningKey.from_seed(draw.randbytes(32)), draw.choice([node.inc, "another"]))
    state = states.State(stranger.id, stranger.inc, files=_stamps(generation))
    states.write(generation, state, draw.choice([stranger, Node(node.key, "before")]))


def bring_an_older_form(folder: Path, draw: random.Random) -> None:
    generation, node = current_folder(folder), own_node()
    older = states.State(node.id, node.inc, "partnernet-search/0.9", 10**9, "", 3, 0, _stamps(generation))
    states.write(generation, older, node)


def name_another(folder: Path, draw: random.Random) -> None:
    """Name a copy, whole or in part, of a generation; or one that is not there."""
    generation = current_folder(folder)
    copy = folder / f"generation-{draw.randbytes(8).hex()}"
    if draw.random() < 0.7:
        shutil.copytree(generation, copy)
    if copy.exists() and draw.random() < 0.5:
        draw.choice(sorted(copy.iterdir())).unlink()
    (folder / CURRENT).write_text(copy.name)


def leave_things_about(folder: Path, draw: random.Random) -> None:
    for place in (folder, current_folder(folder)):
        (place / f"{draw.choice(['x', 'current', 'state.json'])}.part").write_bytes(draw.randbytes(9))
    (folder / f"generation-{draw.randbytes(8).hex()}").mkdir()


def _stamps(generation: Path) -> dict[str, states.Stamped]:
    return {path.name: states.stamp(path) for path in generation.iterdir() if path.name != FILE}


DAMAGES: list[Damage] = [
    cut, flip_a_bit, delete, lengthen, zero_a_stretch, empty, swap, put_one_over_another, scribble,
    put_a_folder_in_place, put_a_link_in_place, put_a_file_in_place, delete_a_folder, bring_one_from_another_node,
    bring_an_older_form, name_another, leave_things_about, flip_a_bit, put_a_pipe_in_place,
]  # fmt: skip
if not hasattr(os, "mkfifo"):  # Windows
    DAMAGES.remove(put_a_pipe_in_place)

COUNT = 400 if os.environ.get("PARTNERNET_TORTURE") == "1" else 40
PARTS = 4
part = pytest.mark.parametrize("numbers", [range(first, COUNT, PARTS) for first in range(PARTS)], ids=range(PARTS))
