"""Through a server that still runs an older program nothing is lost, byte for byte: not even what it cannot read."""

import io
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from partnernet.core.db import commit, write
from partnernet.core.ledger import log, membership, op
from partnernet.core.ledger.node import SigningKey
from tests.exchange.places import Place, Somebody, lines_of

OLDER = "932189d"
"""The last commit whose program knew neither revocations, nor the nodes of a network, nor a change of its key."""

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """The older program."""
    archive = subprocess.run(
        ["git", "archive", OLDER, "partnernet", "templates", "static", "pyproject.toml"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if archive.returncode:
        pytest.skip("SKIPPED: the history of this checkout does not go back to the older program")
    folder = tmp_path / "older"
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as packed:
        packed.extractall(folder, filter="data")
    return folder


def test_an_older_program_hands_on_what_it_cannot_read(hall: Place, place: Callable[[str], Place], older: Path) -> None:
    josie = hall.person("Josie Calder")
    newer_than_it(hall, josie)
    whole = hall.export("whole.pn.jsonl")
    back = whole.with_name("back.pn.jsonl")
    for command in (["import", str(whole), "--yes", "--no-index"], ["export", "--out", str(back)]):
        with_program(older, older, *command)
    assert back.read_bytes() == whole.read_bytes()
    barge = place("barge")
    barge.take(back)
    assert barge.have() == hall.have()
    assert lines_of(barge.export("again.pn.jsonl")) == lines_of(whole)


def test_an_older_server_shows_after_its_upgrade_what_it_could_not_read(hall: Place, older: Path) -> None:
    josie = hall.person("Josie Calder")
    newer_than_it(hall, josie)
    with_program(older, older, "import", str(hall.export("whole.pn.jsonl")), "--yes", "--no-index")
    with_program(ROOT, older, "verify")


def with_program(program: Path, server: Path, *command: str) -> None:
    """Run a command with the program of one folder on the server of another."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PARTNERNET_")}
    environment |= {"PARTNERNET_DATA": str(server / "data"), "PYTHONPATH": str(program)}
    done = subprocess.run([sys.executable, "-m", "partnernet", *command], cwd=program, env=environment,
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def newer_than_it(hall: Place, by: Somebody) -> None:
    """Write what an older program has never heard of: kinds, fields of headers and bodies, documents."""
    key = SigningKey.from_seed(b"n" * 32)
    write(hall.session)
    made = log.append(hall.session, by, "network", "public", {"set": {"name": "A network"}}, net=key.public)
    under = {"ent": made.id, "par": [made.id]}
    node = {"node": hall.node.id, "name": "The hall", "reads": ["public"], "writes": ["public"]}
    document = membership.document(key, made.id, 1, [], [node], SigningKey.from_seed(b"m" * 32).public)
    log.append(hall.session, by, "membership", "public", document, **under)
    for body in membership.revocations(key, made.id, 1, hall.node.id, keep=[made.id]):
        log.append(hall.session, by, "revoke", "public", body, **under)
    log.append(hall.session, by, "tide_table", "network", {"set": {"high": [1, 2]}, "moon": {"phase": "new"}}, tide=7)
    log.append(hall.session, by, "edit", "public", {"set": {"name": "A network", "anthem": "🎺"}}, **under, mood="glad")
    commit(hall.session)
    assert op.VERSION == 1
