"""The command: it finds its parts when they are asked for, and refuses in one plain sentence."""

import errno
import re
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

import partnernet
from partnernet import background, cli
from partnernet.cli import COMMANDS
from partnernet.core.errors import Refused
from partnernet.core.lock import FileLock
from tests.server import PATIENCE, node_environment, serving

ADDRESS = re.compile(r"http://127\.0\.0\.1:[1-9]\d*")


def run(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; its node lies in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "partnernet", *arguments],
        cwd=folder, env=node_environment(folder, **more), capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip


def assert_refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode != 0 and done.stdout == ""
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1 and lines[0].endswith((".", "?"))
    assert all(word in lines[0] for word in words), lines[0]


@pytest.fixture(scope="module")
def help_text(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What `partnernet --help` says, in an empty folder that it leaves empty."""
    folder = tmp_path_factory.mktemp("help")
    done = run(folder, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert list(folder.iterdir()) == []
    return done.stdout


def test_help_names_every_command_with_what_it_does(help_text: str) -> None:
    listed = dict(re.findall(r"^  ([a-z-]+)  +(\S.*)$", help_text, re.MULTILINE))
    assert listed.keys() >= COMMANDS.keys()


@pytest.mark.parametrize("name", COMMANDS)
def test_help_for_a_command_makes_no_node(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                          monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    from partnernet.cli import main

    monkeypatch.setenv("PARTNERNET_DATA", str(tmp_path / "node"))
    assert main([name, "--help"]) == 0
    assert capsys.readouterr().out.startswith("Usage: ")
    assert list(tmp_path.iterdir()) == []


def test_a_command_imports_nothing_of_the_others(tmp_path: Path) -> None:
    code = (
        "import sys; from partnernet.cli import main; main(['serve', '--help']); "
        "print(*sorted(name for name in sys.modules if name.split('.')[0] in "
        "('sqlalchemy', 'whoosh', 'PIL', 'waitress', 'alembic', 'nacl')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=node_environment(tmp_path), capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["devour"], ["devour"]),
        (["serve", "--port", "eighty"], ["eighty"]),
        (["serve", "--port", "70000"], ["70000", "65535"]),
        (["serve", "--nonsense"], ["--nonsense"]),
    ],
    ids=lambda given: " ".join(given),
)
def test_what_the_command_does_not_know_is_said_in_a_sentence(
    tmp_path: Path, arguments: Sequence[str], words: Sequence[str]
) -> None:
    assert_refused(run(tmp_path, *arguments), *words)
    assert list(tmp_path.iterdir()) == []


def test_no_command_at_all_shows_the_help(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.returncode == 2 and "Usage:" in done.stderr and "serve" in done.stderr


def test_the_version_is_told(tmp_path: Path) -> None:
    from partnernet import __version__

    assert run(tmp_path, "--version").stdout == f"PartnerNet {__version__}\n"


def test_settings_that_cannot_be_are_refused(tmp_path: Path) -> None:
    assert_refused(run(tmp_path, "serve", PARTNERNET_PORT="eighty"), "PARTNERNET_PORT", "eighty")
    assert_refused(run(tmp_path, "serve", PARTNERNET_SECRET_KEY="short"), "PARTNERNET_SECRET_KEY")
    nowhere = "postgresql://u:p@127.0.0.1:1/none"
    assert_refused(run(tmp_path, "check", PARTNERNET_DATABASE_URL=nowhere), "PARTNERNET_DATABASE_URL")


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "node").write_text("a file lies here")
    for command in ("serve", "init", "check"):
        assert_refused(run(tmp_path, command), "PARTNERNET_DATA", str(tmp_path / "node"))


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "No space left on device"), OperationalError("", {}, Exception("disk is full"))]
)
def test_a_disk_that_is_full_is_said_with_what_to_do(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(**given: object) -> None:
        raise error

    monkeypatch.setattr(cli, "partnernet", fail)
    assert cli.main(["log"]) == 1
    assert (
        capsys.readouterr().err == "The disk is full, so this was not finished: make room, and run the command again.\n"
    )


def test_what_went_wrong_is_said_though_the_state_cannot_be_noted_either(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(app: Flask) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(partnernet, "create_app", lambda: app)
    monkeypatch.setattr(background, "note_state", fail)
    with pytest.raises(Refused, match="no such kettle"), cli._node():
        raise Refused("There is no such kettle.")
    with pytest.raises(OSError, match="No space"), cli._node():
        pass


def test_what_nobody_has_foreseen_is_not_taken_for_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**given: object) -> None:
        raise ValueError("the disk is full of mistakes")

    monkeypatch.setattr(cli, "partnernet", fail)
    with pytest.raises(ValueError, match="mistakes"):
        cli.main(["log"])


def test_a_port_that_is_taken_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert_refused(run(tmp_path, "serve", "--port", port), port, "choose another with --port")


def test_a_node_is_served_from_an_empty_folder_and_ends_cleanly(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        assert ADDRESS.fullmatch(server.address)
        assert f"{server.address}/join/" in server.first_step
        assert server.get("/login")[0] == 200
        assert server.stop() == 0
    assert "Traceback" not in (tmp_path / "stderr").read_text()
    for path in (tmp_path / "node").rglob("*.lock"):
        lock = FileLock(path)
        assert lock.acquire(), f"{path.name} is still held"
        lock.release()
    with serving(tmp_path, "--threads", "1") as again:  # and it starts again where it was
        assert again.get("/login")[0] == 200
        assert again.stop() == 0


def test_a_server_that_is_killed_at_once_starts_again(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        server.process.kill()
        server.process.wait(PATIENCE)
    with serving(tmp_path) as server:
        assert server.get("/login")[0] == 200


def test_a_command_that_finds_something_wrong_does_not_end_with_zero(tmp_path: Path) -> None:
    assert run(tmp_path, "init", "--name", "The quay").returncode == 0
    assert run(tmp_path, "verify").returncode == 0
    with closing(sqlite3.connect(tmp_path / "node" / "partnernet.db")) as database:
        database.execute("update network set name = 'The key'")
        database.commit()
    done = run(tmp_path, "verify")
    assert done.returncode == 1 and "name is not what the ops say" in done.stdout
