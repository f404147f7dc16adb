"""The run that is guided by coverage: ten minutes under torture."""

import importlib.util
import os
import subprocess
import sys
import time
from collections import deque
from pathlib import Path

import pytest

from tests.laws.budget import LONG
from tests.progress import Progress

SECONDS = int(os.environ.get("PARTNERNET_FUZZ_SECONDS", "600"))
HAS_ATHERIS = importlib.util.find_spec("atheris") is not None


@pytest.mark.torture
@pytest.mark.skipif(not LONG, reason="ten minutes: make torture")
@pytest.mark.skipif(not HAS_ATHERIS, reason="ATHERIS IS MISSING: pip install -e '.[fuzz]' (Linux and macOS only)")
def test_nothing_that_coverage_leads_to_crashes(tmp_path: Path, progress: Progress) -> None:
    command = [sys.executable, "-W", "ignore", "-m", "tests.exchange.fuzz.guided", str(tmp_path)]
    said, ends = deque[str](maxlen=60), time.monotonic() + SECONDS
    while (left := int(ends - time.monotonic())) > 0:
        with subprocess.Popen(
            [*command, str(left)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        ) as run:
            for line in run.stderr or ():
                said.append(line)
                progress.stands(line.strip())
        if run.returncode:
            break
    print("".join(said))
    found = {path.name: path.read_bytes()[:2_000] for path in tmp_path.glob("*-*") if path.is_file()}
    assert run.returncode == 0 and not found, f"{found}\n{''.join(said)}"
