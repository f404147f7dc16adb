"""Bundles that were uploaded: each is kept until somebody has decided about it."""

import os
import time
from collections.abc import Collection
from pathlib import Path

from partnernet.core.errors import NotFound, TooLarge
from partnernet.core.files import CHUNK, Readable, storing
from partnernet.core.ledger.canonical import to_base32
from partnernet.core.words import _
from partnernet.exchange.bundle import FORMS

HALF_DONE = 3_600
"""Seconds after which a file that belongs to no import was left by a crash."""


class Uploads:
    """The folder of uploaded bundles, each named after its import."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, stream: Readable, form: str, limit: int) -> Path:
        """Put an upload in a file of its own; raises TooLarge and StorageFull."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{to_base32(os.urandom(10))}{form}"
        size = 0
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
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path

    def name_after(self, path: Path, batch: str, form: str) -> Path:
        """Give an upload the name of its import."""
        return path.replace(self.folder / f"{batch}{form}")

    def of(self, batch: str) -> Path:
        """The upload of an import; raises NotFound where it is not here."""
        for form in FORMS:
            path = self.folder / f"{batch}{form}"
            if path.is_file():
                return path
        raise NotFound(_("The file of this import is not here any more: please upload it again."))

    def forget(self, batch: str) -> None:
        """Remove the upload of an import."""
        for form in FORMS:
            (self.folder / f"{batch}{form}").unlink(missing_ok=True)

    def sweep(self, waiting: Collection[str]) -> None:
        """Remove what belongs to no import that waits."""
        for path in self.folder.glob("*.pn.*"):
            old = time.time() - path.stat().st_mtime > HALF_DONE
            if old and path.name.partition(".")[0] not in waiting:
                path.unlink(missing_ok=True)
