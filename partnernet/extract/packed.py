"""Documents of office programs: a zip with XML in it. Which sort it is, its own files tell.

The XML is read as a stream. A document type, which is where entities that grow without end or fetch files are
declared, stands in no such document, and is refused.
"""

import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.parsers import expat

from partnernet.extract import CPU_BUDGET, DAMAGED, LOCKED, UNPACKED_LIMIT, UNPACKS, Enough, Fragments, Unreadable

READ = 64 << 10
TAG_LIMIT = 1 << 20
"""Bytes of one tag: the parser reads it from its beginning whenever some more of it comes."""
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a file of the old sort begins, in which a document with a password is wrapped, too."""
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

Event = tuple[bool, str, Mapping[str, str] | str]
"""A tag that begins (True, its name, its attributes) or ends (False, its name, ""), or text ("" for its name)."""


class Package:
    """An open zip, of which no more is unpacked than its document may take."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.names = set(archive.namelist())
        if any(item.flag_bits & 1 for item in archive.infolist()):
            raise Unreadable(LOCKED)
        if sum(item.file_size for item in archive.infolist() if item.filename.endswith(".xml")) > UNPACKED_LIMIT:
            raise Unreadable(UNPACKS)

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of a member, as many as the zip says at most."""
        with self.archive.open(name) as member:
            while chunk := member.read(READ):
                if time.process_time() > CPU_BUDGET:
                    raise Enough
                yield chunk

    def mentions(self, name: str, word: bytes) -> bool:
        """Whether a word stands in a member."""
        tail = b""
        for chunk in self.chunks(name):
            if word in tail + chunk:
                return True
            tail = chunk[-len(word) :]
        return False

    def events(self, name: str) -> Iterator[Event]:
        """The tags and texts of a member in order, their names without their namespaces."""
        parser = expat.ParserCreate(namespace_separator=" ")
        found: list[Event] = []
        parser.buffer_text = True
        parser.StartElementHandler = lambda tag, given: found.append((True, local(tag), given))
        parser.EndElementHandler = lambda tag: found.append((False, local(tag), ""))
        parser.CharacterDataHandler = lambda text: found.append((True, "", text))
        parser.StartDoctypeDeclHandler = _refuse
        silent = 0
        for chunk in self.chunks(name):
            parser.Parse(chunk, False)
            silent = 0 if found else silent + len(chunk)
            if silent > TAG_LIMIT:
                raise Unreadable(DAMAGED)
            yield from found
            found.clear()
        parser.Parse(b"", True)
        yield from found

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """What a part of the document names beside itself: sort and place, by the name it uses."""
        folder, _, part = name.rpartition("/")
        path = f"{folder}/_rels/{part}.rels" if folder else f"_rels/{part}.rels"
        if path not in self.names:
            return {}
        found = {}
        for begins, tag, given in self.events(path):
            if begins and tag == "Relationship" and isinstance(given, Mapping):
                sort = given.get("Type", "").rpartition("/")[2]
                found[given.get("Id", "")] = (sort, _joined(folder, given.get("Target", "")))
        return found

    def main_part(self) -> str:
        """The document itself, as the package of an office program names it."""
        wanted = (place for sort, place in self.relations("").values() if sort == "officeDocument")
        return next(wanted, "")


def packed(path: Path) -> tuple[str, Fragments]:
    """Open a document of an office program: what it is divided in, and its text; raises Unreadable."""
    with path.open("rb") as file:
        if file.read(len(OLD_OFFICE)) == OLD_OFFICE:
            raise Unreadable(LOCKED if ENCRYPTED in file.read() else DAMAGED)
    package = Package(zipfile.ZipFile(path))
    unit, reader = _sort(package)
    return unit, reader(package)


def local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition(" ")[2]


def attribute(given: Mapping[str, str] | str, name: str) -> str:
    """An attribute, in whichever namespace it stands; empty where it is not there."""
    if not isinstance(given, Mapping):
        return ""
    return next((value for key, value in given.items() if local(key) == name), "")


def _sort(package: Package) -> tuple[str, Callable[[Package], Fragments]]:
    from partnernet.extract import office, open_document

    if "META-INF/manifest.xml" in package.names:
        return open_document.sort(package)
    return office.sort(package)


def _joined(folder: str, target: str) -> str:
    """The place of a target as seen from a folder of the package."""
    if target.startswith("/"):
        return target[1:]
    parts = folder.split("/") if folder else []
    for part in target.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def _refuse(*given: Any) -> None:
    raise Unreadable(DAMAGED)
