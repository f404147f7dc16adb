"""What tries to take memory or time gets little of either, measured in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.exchange.hostile.heavy import heavy

MEMORY = 64
"""MB that reading one file may take: a .pn.json of 16 MiB is held whole, with what is made of it."""


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="only Linux says how much memory was used")
def test_no_file_takes_much_memory(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.exchange.hostile.heavy", str(tmp_path)], capture_output=True, check=False
    )
    assert run.returncode == 0, run.stderr.decode()[-2_000:]
    used = json.loads(run.stdout)
    assert used.keys() == heavy().keys()
    assert {name: mb for name, mb in used.items() if mb > MEMORY} == {}
