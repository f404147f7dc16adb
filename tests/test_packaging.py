"""The wheel: built and installed, it serves from an empty folder with nothing of the checkout."""

import os
import re
import site
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.server import PATIENCE, serving

ROOT = Path(__file__).parent.parent
pytest.importorskip("build", reason="the wheel is built with `build`, of the `test` extra")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = folder.glob("partnernet-*.whl")
    return wheel


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `partnernet` command of an environment that holds the wheel, and borrows what it depends on."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    python = next(folder.glob("bin/python*"), folder / "Scripts" / "python.exe")
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps",
               "--no-index", str(wheel)]  # fmt: skip
    subprocess.run(command, check=True)
    packages = next(folder.glob("lib/python*/site-packages"), folder / "Lib" / "site-packages")
    borrowed = [path for path in [*site.getsitepackages(), *sys.path] if path.endswith("site-packages")]
    (packages / "borrowed.pth").write_text("\n".join(dict.fromkeys(borrowed)) + "\n")
    return next(folder.glob("bin/partnernet"), folder / "Scripts" / "partnernet.exe")


def bare() -> dict[str, str]:
    """An environment that does not lead back to the checkout."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PARTNERNET_", "PYTHONPATH"))}


def test_the_wheel_holds_all_that_the_checkout_has_and_nothing_of_a_node(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    for folder, place in (("partnernet", "partnernet"), ("templates", "partnernet/_assets/templates"),
                          ("static", "partnernet/_assets/static")):  # fmt: skip
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                assert f"{place}/{path.relative_to(ROOT / folder).as_posix()}" in held
    assert not [name for name in held if re.search(r"\.(db|key|lock|pyc)$|^tests/|instance/|search_index/", name)]


def test_an_installed_program_serves_from_an_empty_folder(program: Path, tmp_path: Path) -> None:
    with serving(tmp_path, command=[str(program)], environment=bare()) as server:
        status, kind, page = server.get("/")
        assert (status, kind) == (200, "text/html") and "PartnerNet" in page
        sheet = re.search(r'href="(/static/[^"]+\.css)"', page)
        assert sheet is not None
        status, kind, css = server.get(sheet[1])
        assert (status, kind) == (200, "text/css") and "@layer" in css and "@import" not in css
        assert server.stop() == 0
    assert (tmp_path / "instance" / "partnernet.db").is_file()  # so the migrations were found
    assert {path.name for path in tmp_path.iterdir()} == {"instance", "stderr"}


def test_what_runs_is_the_wheel(program: Path, tmp_path: Path) -> None:
    code = "import partnernet, partnernet.config as c; print(partnernet.__file__, c.assets('static'), c.checkout())"
    python = next(path for path in program.parent.iterdir() if path.stem == "python")
    done = subprocess.run(
        [python, "-c", code], cwd=tmp_path, env=bare(), capture_output=True, text=True, timeout=PATIENCE, check=True
    )
    package, static, checkout = done.stdout.split()
    installed = program.parent.parent
    assert Path(package).is_relative_to(installed) and Path(static).is_relative_to(installed)
    assert Path(static).is_dir() and checkout == "None"
