"""Archives of mail, cut into messages: mbox files, and folders of one message a file."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import compat32
from pathlib import Path

from partnernet.load.document import Unreadable
from partnernet.load.notes import ABOUT, inside
from partnernet.load.report import Report

MESSAGE_LIMIT = 40 << 20
HEADER_LIMIT = 256 << 10
ENDINGS = {".mbox", ".mbx", ".eml", ".mail", ".txt", ""}

_FROM = re.compile(rb"From \S.*\d")
_HEADER = re.compile(rb"[!-9;-~]+:|>?From ")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.M)


@dataclass(frozen=True, slots=True)
class Slice:
    """Where one message lies in an archive."""

    path: Path
    start: int
    size: int
    is_mbox: bool
    sent: bytes = b""
    """The line that an mbox puts before it."""
    name: str = ""

    def read(self) -> bytes:
        """The bytes of the message; raises Unreadable over the limit."""
        if self.size > MESSAGE_LIMIT:
            raise Unreadable(f"it is larger than {MESSAGE_LIMIT >> 20} MB")
        with self.path.open("rb") as file:
            file.seek(self.start)
            content = file.read(self.size)
        return _QUOTED_FROM.sub(rb"\1", content) if self.is_mbox else content

    def message(self) -> Message:
        """The whole message; raises Unreadable where it cannot be taken apart."""
        try:
            return BytesParser(policy=compat32).parsebytes(self.read())
        except (RecursionError, ValueError, TypeError, AttributeError, IndexError, LookupError) as error:
            raise Unreadable("it cannot be read as a mail") from error

    def header(self) -> Message:
        """The header alone."""
        with self.path.open("rb") as file:
            file.seek(self.start)
            content = file.read(min(self.size, HEADER_LIMIT))
        try:
            return BytesHeaderParser(policy=compat32).parsebytes(content)
        except (ValueError, TypeError, AttributeError, IndexError, LookupError) as error:
            raise Unreadable("it cannot be read as a mail") from error


def find(paths: Sequence[Path], report: Report) -> Iterator[Slice]:
    """All messages of some archives and folders."""
    for given in paths:
        above = given.resolve().parent
        for path in sorted(inside(given)) if given.is_dir() else [given.resolve()]:
            name = path.relative_to(above).as_posix()
            if path.stem.lower() in ABOUT:
                report.skipped.append(name)
            elif path.suffix.lower() not in ENDINGS:
                report.bad.append((name, "files of this kind cannot be read as mail"))
            else:
                yield from _cut(path, name, report)


def _cut(path: Path, name: str, report: Report) -> Iterator[Slice]:
    try:
        with path.open("rb") as file:
            start = file.read(5)
            file.seek(0)
            if start == b"From ":
                yield from _messages(path, name, file)
            elif _HEADER.match(file.read(1_000)):
                yield Slice(path, 0, path.stat().st_size, False, name=name)
            else:
                report.bad.append((name, "it is neither an mbox archive nor a mail"))
    except OSError as error:
        report.bad.append((name, (error.strerror or "it cannot be opened").lower()))


def _messages(path: Path, name: str, file: Iterator[bytes]) -> Iterator[Slice]:
    """The messages of an mbox: each begins with a line "From …" after an empty one, and a header follows."""
    at, begins, sent, count = 0, None, b"", 0
    after_empty, candidate = True, None
    for line in file:
        if candidate is not None:
            if _HEADER.match(line):
                if begins is not None:
                    count += 1
                    yield Slice(path, begins, candidate[0] - begins, True, sent, f"{name}, message {count}")
                begins, sent = at, candidate[1]
            candidate = None
        if after_empty and line.startswith(b"From ") and _FROM.match(line[:1_000]):
            candidate = (at, line[:1_000])
        after_empty = not line.strip()
        at += len(line)
    if begins is not None:
        yield Slice(path, begins, at - begins, True, sent, f"{name}, message {count + 1}")
