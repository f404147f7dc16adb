"""The run that is guided by coverage: ten minutes under torture."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.laws.budget import LONG

SECONDS = int(os.environ.get("PARTNERNET_FUZZ_SECONDS", "600"))
HAS_ATHERIS = importlib.util.find_spec("atheris") is not None


@pytest.mark.torture
@pytest.mark.skipif(not LONG, reason="ten minutes: make torture")
@pytest.mark.skipif(not HAS_ATHERIS, reason="ATHERIS IS MISSING: pip install -e '.[fuzz]' (Linux and macOS only)")
def test_nothing_that_coverage_leads_to_crashes(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.exchange.fuzz.guided", str(tmp_path), str(SECONDS)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    print(run.stderr[-1_500:])
    found = {path.name: path.read_bytes()[:2_000] for path in tmp_path.glob("*-*") if path.is_file()}
    assert run.returncode == 0 and not found, f"{found}\n{run.stderr[-4_000:]}"
