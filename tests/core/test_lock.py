"""The lock between processes: one holder at a time, and free again when its process ends."""

import subprocess
import sys
from pathlib import Path

from partnernet.core.lock import FileLock

HOLD = (
    "import sys; from pathlib import Path; from partnernet.core.lock import FileLock; "
    "lock = FileLock(Path(sys.argv[1])); print(lock.acquire(), flush=True); sys.stdin.read()"
)


def test_one_holds_it_and_a_second_does_not(tmp_path: Path) -> None:
    first, second = FileLock(tmp_path / "made" / "a.lock"), FileLock(tmp_path / "made" / "a.lock")
    assert first.acquire() and first.acquire() and first.is_held
    assert not second.acquire() and not second.is_held
    first.release()
    assert second.acquire()
    second.release()
    second.release()


def test_it_is_free_again_when_its_process_is_killed(tmp_path: Path) -> None:
    path, lock = tmp_path / "a.lock", FileLock(tmp_path / "a.lock")
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "True\n"
        assert not lock.acquire()
        holder.kill()
        holder.wait()
    assert lock.acquire()
    lock.release()
