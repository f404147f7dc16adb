"""Folders of past notes, to documents: one note a file."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath

from partnernet.load import dates, formats, front, sections
from partnernet.load.document import Document, Enclosure, Unreadable, as_tag, day_of, when
from partnernet.load.report import Report

FILE_LIMIT = 50 << 20
PREFIX = "notes:"
ABOUT = {"readme", "license", "licence", "copying", "source", "notice"}


def find(paths: Sequence[Path], report: Report) -> list[tuple[str, Path]]:
    """Every file of a kind that can be read, with its outside id; folders are gone through to the bottom.

    The id begins with the name of the folder that was given, so that the notes of two folders keep apart.
    """
    found: dict[str, Path] = {}
    for given in paths:
        above = given.resolve().parent if given.is_dir() else given.resolve().parent.parent
        files = sorted(inside(given)) if given.is_dir() else [given.resolve()]
        for path in files:
            name = path.relative_to(above).as_posix()
            if path.stem.lower() in ABOUT:
                report.skipped.append(name)
            elif sections.is_attachment(path):
                continue  # it comes with the entry that names it
            elif path.suffix.lower() in formats.READERS:
                found.setdefault(PREFIX + name, path)
            else:
                report.bad.append((name, "files of this kind cannot be read as notes"))
    return list(found.items())


def read(files: Sequence[tuple[str, Path]], report: Report) -> Iterator[Document]:
    """The documents; what cannot be read is reported, and the rest goes on."""
    for source, path in files:
        name = source.removeprefix(PREFIX)
        try:
            yield from _read(source, name, path)
        except Unreadable as error:
            report.bad.append((name, str(error)))
        except OSError as error:
            report.bad.append((name, (error.strerror or "it cannot be opened").lower()))


def _read(source: str, name: str, path: Path) -> list[Document]:
    if path.stat().st_size > FILE_LIMIT:
        raise Unreadable(f"it is larger than {FILE_LIMIT >> 20} MB")
    content = path.read_bytes()
    if not content.strip():
        raise Unreadable("it is empty")
    if sections.is_ours(content[:100]):
        return sections.read(path, name, formats.text_of(content))
    text = formats.read(path.name, content)
    title = text.title or title_from(path.name)
    date = dates.milliseconds(front.words(text.front.get("date", "")))
    if date is None:
        day = dates.find(path.stem) or dates.find(text.title)
        date = when(day) if day else None
    tags = [tag for word in front.several(text.front.get("tags", "")) if (tag := as_tag(word))]
    return [
        Document(
            source, "note", title, text.body, name, date, day_of(date) if date is not None else "",
            front.words(text.front.get("author", "")), tags,
            enclosures=[] if text.is_whole else [Enclosure(path.name, content)],
        )
    ]  # fmt: skip


def title_from(name: str) -> str:
    """A title from the name of a file: what it says without the day, or the day where it says nothing else."""
    stem = PurePath(name).stem
    words = " ".join(re.split(r"[\s_.-]+", dates.without(stem))).strip()
    if any(character.isalpha() for character in words):
        return words[0].upper() + words[1:]
    day = dates.find(stem)
    return f"Notes of {day.day} {day:%B %Y}" if day else f"Notes {stem}"


def inside(folder: Path) -> Iterator[Path]:
    """The files below a folder, but for hidden ones; links that lead out of it are not followed."""
    top = folder.resolve()
    for path in top.rglob("*"):
        hidden = any(part.startswith((".", "~$")) for part in path.relative_to(top).parts)
        if path.is_file() and not path.is_symlink() and not hidden:
            yield path
