"""A run that is guided by coverage: `python -m tests.exchange.fuzz.guided FOLDER [SECONDS]`. It needs `atheris`.

What was found to reach something new is kept in FOLDER, and the next run goes on from there. A run ends after `RUNS`
inputs: atheris never lets go of what comparisons answer that build SQL, which are 60 KB with each input. The first
byte of an input says what the rest is: the content of a bundle of one of the three forms, or the header and body of
ops, which are signed before they are brought in.
"""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import atheris

with atheris.instrument_imports(
    include=["partnernet.exchange", "partnernet.core.ledger"], enable_loader_override=False
):
    from tests.exchange.fuzz.mutations import JSON, JSONL, SEEDS, STORIES_OPS, ZIP, again
    from tests.exchange.fuzz.target import fresh, look, take
from tests.vectors.writing import line

FORMS = (JSONL, JSON, ZIP, "")
"""What the first byte stands for; the last one for ops that are to be signed."""
STAGED = 4
"""A bit of the first byte: whether even what cannot be read is brought as far as the staging, which is slow."""
INPUT_LIMIT = 20_000
RUNS = 4_000


def made(data: bytes) -> tuple[str, bytes]:
    """The bundle that an input stands for."""
    form, content = FORMS[data[0] % len(FORMS)] if data else JSONL, data[1:]
    return (form, content) if form else (JSONL, b"".join(_signed(content)))


def _signed(content: bytes) -> Iterator[bytes]:
    """Lines of `{"h", "b"}` as ops, signed by one of the keys of the vectors."""
    signer = STORIES_OPS[0][0]
    for text in content.splitlines()[:12]:
        try:
            op: Any = again(json.loads(text), signer)
            yield line(op) + b"\n"
        except (ValueError, RecursionError):
            continue


def inputs() -> Iterator[bytes]:
    """Where the run begins: the bundles of the vectors, and the ops of their stories."""
    for form, content in SEEDS:
        yield bytes([FORMS.index(form)]) + content
    for ops in STORIES_OPS:
        texts = [json.dumps({"b": op["b"], "h": op["h"]}, sort_keys=True) for op in ops]
        yield b"\3" + "\n".join(texts).encode()


def main(folder: Path, seconds: int, run: Callable[[], None]) -> None:
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(inputs()):
        (corpus / f"seed-{number}").write_bytes(content)
    place = fresh(folder / "place")

    def one(data: bytes) -> None:
        form, content = made(data)
        if look(place, form, content) or (data and data[0] & STAGED):
            take(place, form, content)

    limits = [f"-max_total_time={seconds}", f"-runs={RUNS}", f"-max_len={INPUT_LIMIT}", "-timeout=60",
              "-report_slow_units=60", "-rss_limit_mb=1500"]  # fmt: skip
    atheris.Setup([sys.argv[0], str(corpus), f"-artifact_prefix={folder}/", *limits], one)
    run()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 600, atheris.Fuzz)
