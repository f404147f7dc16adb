"""The process that reads one file: `python -m partnernet.extract PATH ENDING`, an answer of JSON lines.

It limits itself before it looks at the file: time, memory, no files written, no further processes.
"""

import contextlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from partnernet.extract import (
    CPU_BUDGET,
    CPU_LIMIT,
    DAMAGED,
    ENDINGS,
    MEMORY,
    MEMORY_LIMIT,
    PAGES,
    PART,
    TEXT_LIMIT,
    Enough,
    Fragments,
    Unreadable,
)

OUT_OF_MEMORY = json.dumps({"reason": MEMORY}).encode() + b"\n"


def main() -> None:
    """Read the file that was named, and answer."""
    limit()
    try:
        unit, reason = answer(Path(sys.argv[1]), ENDINGS[sys.argv[2]])
        _say({"end": True, "unit": unit, "reason": reason})
    except MemoryError:
        sys.stdout.buffer.write(OUT_OF_MEMORY)
    except Unreadable as error:
        _say({"reason": error.reason})
    except Exception:  # whatever a damaged document brings its reader to
        _say({"reason": DAMAGED})
    sys.stdout.buffer.flush()


def answer(path: Path, reader: str) -> tuple[str, str]:
    """Say each piece of a file; what it is divided in, and whether that was all."""
    from partnernet.extract.pieces import pieces

    unit, fragments = _open(path, reader)
    left = TEXT_LIMIT
    try:
        for piece in pieces(fragments):
            if len(piece.text) > left:
                raise Enough
            left -= len(piece.text)
            _say({"page": piece.page, "label": piece.label, "text": piece.text})
            if time.process_time() > CPU_BUDGET:
                raise Enough
    except Enough:
        return unit, PART
    return unit, ""


def limit() -> None:
    """Bound what this process may take, as far as the system can; the caller's clock bounds it everywhere."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")  # where memory is short, this goes first
    try:
        import resource
    except ImportError:  # not everywhere
        return
    os.nice(10)
    for name, soft, hard in (
        ("RLIMIT_AS", MEMORY_LIMIT, MEMORY_LIMIT), ("RLIMIT_CPU", CPU_LIMIT, CPU_LIMIT + 5),
        ("RLIMIT_FSIZE", 0, 0), ("RLIMIT_NPROC", 0, 0), ("RLIMIT_CORE", 0, 0),
    ):  # fmt: skip
        with contextlib.suppress(AttributeError, OSError, ValueError):
            resource.setrlimit(getattr(resource, name), (soft, hard))


def _open(path: Path, reader: str) -> tuple[str, Fragments]:
    if reader == "pdf":
        from partnernet.extract.pdf import pdf

        return PAGES, pdf(path)
    if reader == "packed":
        from partnernet.extract.packed import packed

        return packed(path)
    from partnernet.extract import plain

    return "", {"text": plain.text, "markdown": plain.markdown, "html": plain.html}[reader](path)


def _say(line: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")


if __name__ == "__main__":
    main()
