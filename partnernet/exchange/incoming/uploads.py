"""Bundles that were uploaded: of each that nobody has decided about, its attachments are kept.

The file itself goes as soon as it is read. Its words are staged, where what is erased meanwhile can be taken
out of them; in the file it would stay.
"""

import os
import re
import shutil
import time
from collections.abc import Collection
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from partnernet.core.errors import TooLarge
from partnernet.core.files import CHUNK, Files, Readable, storing
from partnernet.core.ledger.canonical import to_base32
from partnernet.core.words import _
from partnernet.exchange.bundle import BLOB_LIMIT
from partnernet.exchange.incoming.apply import put_files
from partnernet.exchange.incoming.reader import Bundle

HALF_DONE = 3_600
"""Seconds after which what belongs to no import was left by a crash."""

_ID = re.compile(r"[a-z2-7]{16}").fullmatch


class Uploads:
    """The folder of uploads: half done, and the attachments of imports that wait, each in a folder after its import."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, stream: Readable, form: str, limit: int) -> tuple[Path, str]:
        """Put an upload in a file of its own, to be read and removed; its SHA-256. Raises TooLarge and StorageFull."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{to_base32(os.urandom(10))}{form}"
        size, digest = 0, sha256()
        try:
            with storing(), path.open("xb") as file:
                while chunk := stream.read(CHUNK):
                    size += len(chunk)
                    if size > limit:
                        raise TooLarge(
                            _(
                                "This bundle is larger than the %(limit)s MB that this server takes from a browser: "
                                "import it with “partnernet import” on the server.",
                                limit=limit >> 20,
                            )
                        )
                    file.write(chunk)
                    digest.update(chunk)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path, digest.hexdigest()

    def hold(self, batch: str, bundle: Bundle, files: Files) -> None:
        """Keep the attachments of a bundle that are not here yet, until it is decided: its words are staged already."""
        absent = {name for name in bundle.blobs if not files.has(name)}
        put_files(bundle, Files(self.folder / batch), absent)

    def held(self, batch: str) -> dict[str, Path]:
        """The attachments that wait with an import, by their hash."""
        return {path.name: path for path in (self.folder / batch).glob("??/*")}

    def sizes(self, batch: str) -> dict[str, int]:
        """The attachments that wait with an import, by their hash, in bytes."""
        sizes: dict[str, int] = {}
        for name, path in self.held(batch).items():
            with suppress(FileNotFoundError):
                sizes[name] = path.stat().st_size
        return sizes

    def hand_over(self, batch: str, files: Files, names: Collection[str]) -> None:
        """Put some attachments of an import in their places, before any row names them.

        What has gone meanwhile was erased, or somebody else has decided about the import.
        """
        for name, path in self.held(batch).items():
            if name in names:
                with suppress(FileNotFoundError), path.open("rb") as stream:
                    files.store(stream, BLOB_LIMIT)

    def forget(self, batch: str) -> None:
        """Remove what waits with an import."""
        if _ID(batch):
            shutil.rmtree(self.folder / batch, ignore_errors=True)

    def sweep(self, waiting: Collection[str]) -> None:
        """Remove what belongs to no import that waits, and what a crash has left of an upload."""
        for path in self.folder.glob("*"):
            if path.name not in waiting and time.time() - path.stat().st_mtime > HALF_DONE:
                _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
