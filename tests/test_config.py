"""Settings: where they come from, which folders a node uses, and what is refused in a sentence."""

import os
import stat
from pathlib import Path

import pytest

from partnernet import config
from partnernet.core.errors import Refused

LONG = "a secret that is long enough"


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting comes from the environment of whoever runs the tests."""
    for name in list(os.environ):
        if name.startswith(config.PREFIX):
            monkeypatch.delenv(name)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which an installed program runs."""
    monkeypatch.setattr(config, "checkout", lambda: None)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_defaults_give_way_to_the_environment_and_that_to_what_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"DATA": tmp_path}
    assert (config.load(given)["PORT"], config.load(given)["HOST"]) == (8000, "127.0.0.1")
    monkeypatch.setenv("PARTNERNET_PORT", "8123")
    monkeypatch.setenv("PARTNERNET_HOST", "192.168.1.9")
    assert (config.load(given)["PORT"], config.load(given)["HOST"]) == (8123, "192.168.1.9")
    assert config.load(given | {"PORT": 9000})["PORT"] == 9000


def test_an_empty_setting_is_none_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PORT", "HOST", "DATABASE_URL", "SECRET_KEY", "BASE_URL"):
        monkeypatch.setenv(config.PREFIX + name, "")
    settings = config.load({"DATA": tmp_path})
    assert (settings["PORT"], settings["HOST"], settings["BASE_URL"]) == (8000, "127.0.0.1", "")
    assert settings["DATABASE_URL"] == f"sqlite:///{tmp_path / 'partnernet.db'}"
    assert len(settings["SECRET_KEY"]) >= 32


def test_a_checkout_keeps_its_node_in_instance_and_the_index_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "checkout", lambda: tmp_path)
    settings = config.load()
    assert (settings["DATA"], settings["INDEX"]) == (tmp_path / "instance", tmp_path / "search_index")
    assert settings["DATA"].is_dir()


def test_this_checkout_is_known_as_one() -> None:
    root = config.checkout()
    assert root is not None and config.assets("templates") == root / "templates"


def test_an_installed_program_keeps_everything_where_it_runs(installed: Path) -> None:
    settings = config.load()
    assert settings["DATA"] == installed / "instance"
    assert settings["INDEX"] == installed / "instance" / "search_index"
    assert config.assets("static") == Path(config.__file__).parent / "_assets" / "static"


def test_everything_is_in_the_folder_that_is_named(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERNET_DATA", "over/there")
    settings = config.load()
    assert settings["DATA"] == installed / "over" / "there"
    assert settings["INDEX"] == settings["DATA"] / "search_index"
    assert {path.name for path in installed.iterdir()} == {"over"}


def test_the_home_folder_may_be_written_short(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(installed / "home"))
    assert config.load({"DATA": "~/net"})["DATA"] == installed / "home" / "net"


def test_a_secret_is_drawn_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    drawn = config.load({"DATA": tmp_path})["SECRET_KEY"]
    assert len(drawn) >= 32
    assert config.load({"DATA": tmp_path})["SECRET_KEY"] == drawn
    assert config.load({"DATA": tmp_path / "other"})["SECRET_KEY"] != drawn
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_a_secret_that_is_given_comes_before_the_one_in_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.load({"DATA": tmp_path})
    monkeypatch.setenv("PARTNERNET_SECRET_KEY", LONG)
    assert config.load({"DATA": tmp_path})["SECRET_KEY"] == LONG


def test_a_weak_secret_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERNET_SECRET_KEY", "changeme")
    with pytest.raises(Refused, match="too short: give it 16 characters or more") as refused:
        config.load({"DATA": tmp_path})
    assert "changeme" not in refused.value.sentence


@pytest.mark.parametrize("port", ["eighty", "80.5", "-1", "65536", "8000;"])
def test_a_port_that_is_none_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PARTNERNET_PORT", port)
    with pytest.raises(Refused, match=f"PARTNERNET_PORT should .*{port}"):
        config.load({"DATA": tmp_path})


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    with pytest.raises(Refused, match=r"cannot be used .*: say with PARTNERNET_DATA which"):
        config.load({"DATA": tmp_path / "a file" / "node"})
    with pytest.raises(Refused, match="cannot be used"):
        config.load({"DATA": tmp_path / "a file"})


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(Refused, match="belongs to somebody else"):
        config.load({"DATA": tmp_path})


@pytest.mark.parametrize("given", ["postgres://u:p@h/d", "postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"])
def test_postgresql_may_be_named_in_every_usual_way(tmp_path: Path, given: str) -> None:
    settings = config.load({"DATA": tmp_path, "DATABASE_URL": given})
    assert settings["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://u:p@h/d"


def test_every_limit_is_stated(tmp_path: Path) -> None:
    settings = config.load({"DATA": tmp_path})
    limits = ("MAX_CONTENT_LENGTH", "MAX_FORM_MEMORY_SIZE", "MAX_FORM_PARTS", "BUNDLE_LIMIT", "FILE_LIMIT")
    assert all(settings[name] > 0 for name in limits)
