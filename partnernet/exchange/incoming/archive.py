"""Reading a zip that may be a trap: nothing is ever extracted, and nothing is believed unseen.

The table of contents is judged as a whole before any member is opened: exact names under one folder,
no doubles, links or encryption, no two members in the same bytes and no bytes that belong to none, stated
sizes within limits. What is read then stays within the stated sizes, and is held against the hashes of the bag.
"""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from partnernet.core.errors import BadBundle
from partnernet.core.words import _
from partnernet.exchange.bundle import BLOB_LIMIT, BLOBS_LIMIT, HEADER_LIMIT, RATIO_LIMIT, RATIO_SPARED
from partnernet.exchange.outgoing.bag import BLOBS, OPS, SIGNATURE, TAG_MANIFEST, TAGS

DIRECTORY_LIMIT = 8 << 20
TOTAL_LIMIT = 64 << 30
TAG_FILES = (*TAGS, TAG_MANIFEST, SIGNATURE)

READABLE_LIMIT = 16 << 20
READABLE_PAGES = 999

_BLOB = re.compile(re.escape(BLOBS) + r"[0-9a-f]{64}").fullmatch
_READABLE = re.compile(r"data/readable(?:-(?:[2-9]|[1-9][0-9]{1,2}))?[.](?:html)").fullmatch
_TOP = re.compile(r"[^/\\\x00-\x1f]{1,200}").fullmatch
_FOLDERS = ("", "data/", BLOBS)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_DESCRIBED = 0x8
_DESCRIPTIONS = (12, 16, 20, 24)
"""How long what follows a member that was packed in one go may be: with or without its sign, of 32 or 64 bits."""

_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_LOCAL = struct.Struct("<4s5H3L2H")


class Archive:
    """The members of a bag, by their names under its folder."""

    def __init__(self, path: Path) -> None:
        with damaged(_("The zip file")):
            self._file: BinaryIO = path.open("rb")
            try:
                directory = _directory(self._file)
                self._zip = zipfile.ZipFile(self._file)
                self.members = _members(self._zip.infolist())
                _check_places(self._file, self._zip.infolist(), directory)
            except BaseException:
                self._file.close()
                raise

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()
        self._file.close()

    @contextmanager
    def open(self, name: str) -> Iterator["Member"]:
        """One member, as a stream that fails in a sentence."""
        info = self.members.get(name)
        if info is None:
            raise BadBundle(_("%(name)s is missing from the bundle.", name=name))
        with damaged(name):
            stream = self._zip.open(info)
        with stream:
            yield Member(name, stream)

    def read(self, name: str) -> bytes:
        """The whole of a small member."""
        with self.open(name) as member:
            return member.read(HEADER_LIMIT)

    def size(self, name: str) -> int:
        """How many bytes a member has."""
        return self.members[name].file_size

    @property
    def blobs(self) -> Sequence[str]:
        """The members that are attachments."""
        return [name for name in self.members if name.startswith(BLOBS)]

    @property
    def readable(self) -> Sequence[str]:
        """The members for people without PartnerNet: hashed like the rest, and never opened or shown here."""
        return [name for name in self.members if _READABLE(name)]


@dataclass(frozen=True, slots=True)
class Member:
    """A member that is being read."""

    name: str
    stream: IO[bytes]

    def read(self, size: int, /) -> bytes:
        """Some bytes; none at the end. Raises BadBundle where the zip is damaged."""
        with damaged(self.name):
            return self.stream.read(size)


@contextmanager
def damaged(what: str) -> Iterator[None]:
    """Turn whatever a broken zip makes its readers raise into one sentence."""
    try:
        yield
    except BadBundle:
        raise
    except (
        zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, struct.error,
        OverflowError, IndexError,
    ) as error:  # fmt: skip
        raise BadBundle(_("%(what)s is damaged or cut off; please ask for the bundle again.", what=what)) from error


def _directory(file: BinaryIO) -> int:
    """Where the table of contents begins, once it is known to be short and to end the file."""
    size = file.seek(0, 2)
    start = size - _END.size
    file.seek(max(start, 0))
    sign, disk, first, here, count, length, offset, comment = _END.unpack(file.read(_END.size))
    if sign != b"PK\5\6" or comment or disk or first:
        raise BadBundle(_("%(what)s is damaged or cut off; please ask for the bundle again.", what=_("The zip file")))
    if start >= _LOCATOR.size:
        file.seek(start - _LOCATOR.size)
        locator, _disk, at, _disks = _LOCATOR.unpack(file.read(_LOCATOR.size))
        if locator == b"PK\6\7":
            start -= _LOCATOR.size + _END64.size
            file.seek(at)
            sign, _size, _by, _for, _disk, _first, here, count, length, offset = _END64.unpack(file.read(_END64.size))
            if at != start or sign != b"PK\6\6":
                raise BadBundle(
                    _("%(what)s is damaged or cut off; please ask for the bundle again.", what=_("The zip file"))
                )
    if offset + length != start or here != count:
        raise BadBundle(_("%(what)s is damaged or cut off; please ask for the bundle again.", what=_("The zip file")))
    if count > BLOBS_LIMIT + READABLE_PAGES + 20 or length > DIRECTORY_LIMIT:
        raise BadBundle(_("The zip file has more than the %(limit)s files that a bundle may have.", limit=BLOBS_LIMIT))
    file.seek(0)
    return int(offset)


def _members(infos: Sequence[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    members: dict[str, zipfile.ZipInfo] = {}
    seen: set[str] = set()
    tops: set[str] = set()
    for info in infos:
        top, slash, name = info.orig_filename.partition("/")
        if info.filename in seen:
            raise BadBundle(_("“%(name)s” is in the zip file twice.", name=_shown(info)))
        seen.add(info.filename)
        _check_kind(info)
        tops.add(top)
        if info.filename != info.orig_filename or not slash or not _TOP(top) or top in (".", "..") or len(tops) > 1:
            raise BadBundle(_("“%(name)s” does not belong in a bundle; nothing was read.", name=_shown(info)))
        if name in _FOLDERS and info.file_size == 0:
            continue
        if name not in (*TAG_FILES, OPS) and not _BLOB(name) and not _READABLE(name):
            raise BadBundle(_("“%(name)s” does not belong in a bundle; nothing was read.", name=_shown(info)))
        _check_size(name, info)
        members[name] = info
    if sum(info.file_size for info in members.values()) > TOTAL_LIMIT:
        raise BadBundle(_("The zip file says that it holds more than a bundle may hold."))
    return members


def _check_kind(info: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise BadBundle(_("“%(name)s” is a link or a device, not a file; nothing was read.", name=_shown(info)))
    if info.flag_bits & _ENCRYPTED:
        raise BadBundle(_("“%(name)s” is encrypted, which this server cannot read.", name=_shown(info)))
    if info.compress_type not in _METHODS:
        raise BadBundle(_("“%(name)s” is packed in a way that this server does not read.", name=_shown(info)))


def _check_size(name: str, info: zipfile.ZipInfo) -> None:
    limit = BLOB_LIMIT if _BLOB(name) else TOTAL_LIMIT if name == OPS else HEADER_LIMIT
    if _READABLE(name):
        limit = READABLE_LIMIT
    if info.file_size > limit:
        raise BadBundle(_("%(name)s is larger than the %(limit)s MB that it may have.", name=name, limit=limit >> 20))
    if info.file_size > max(RATIO_SPARED, info.compress_size * RATIO_LIMIT):
        raise BadBundle(_("%(name)s would unpack to more than a hundred times its size, as a trap does.", name=name))


def _check_places(file: BinaryIO, infos: Sequence[zipfile.ZipInfo], directory: int) -> None:
    """Refuse entries that share bytes with one another or with the table of contents, and bytes of no entry."""
    end = 0
    after: tuple[int, ...] = (0,)
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise BadBundle(_("Two files of the zip lie in the same place, as in a trap."))
        file.seek(info.header_offset)
        sign, _version, flags, *_between, name_size, extra_size = _LOCAL.unpack(file.read(_LOCAL.size))
        described = bool(info.flag_bits & _DESCRIBED)
        if sign != b"PK\3\4" or bool(flags & _DESCRIBED) != described or info.header_offset - end not in after:
            raise BadBundle(_("“%(name)s” is not where the zip file says.", name=_shown(info)))
        end = info.header_offset + _LOCAL.size + name_size + extra_size + info.compress_size
        after = _DESCRIPTIONS if described else (0,)
    if end > directory:
        raise BadBundle(_("The last file of the zip runs into its table of contents."))
    if directory - end not in after:
        raise BadBundle(_("%(what)s is damaged or cut off; please ask for the bundle again.", what=_("The zip file")))


def _shown(info: zipfile.ZipInfo) -> str:
    return ascii(info.orig_filename[:120])[1:-1]
