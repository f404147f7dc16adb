"""Files that come with a form: checked by extension and content, pictures made anew without their data."""

import io
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from flask import current_app
from werkzeug.datastructures import FileStorage

from partnernet.core.errors import Invalid
from partnernet.core.files import Files
from partnernet.core.ledger.kinds import FILES_LIMIT

PIXEL_LIMIT = 40_000_000
EDGE_LIMIT = 2_400

PICTURES = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP", ".gif": "GIF"}
DOCUMENTS = {
    ".pdf": "application/pdf", ".txt": "text/plain", ".md": "text/markdown", ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text", ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odp": "application/vnd.oasis.opendocument.presentation", ".rtf": "application/rtf",
    ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".wav": "audio/x-wav", ".mp4": "video/mp4", ".zip": "application/zip",
    ".svg": "image/svg+xml", ".html": "text/html", ".ics": "text/calendar", ".epub": "application/epub+zip",
}  # fmt: skip
_ZIPPED = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".zip", ".epub")
_TEXT = (".txt", ".md", ".csv", ".svg", ".html", ".ics")
_BEGINS = {".pdf": b"%PDF-", ".rtf": b"{\\rtf", **dict.fromkeys(_ZIPPED, b"PK")}


def received(form: Any, kept: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """The `files` of an entry after a form: those kept, and those that came; raises Invalid beside the field."""
    names = set(form.meta_keep) if hasattr(form, "meta_keep") else None
    files = [file for file in kept if names is None or file["sha256"] in names]
    for upload in form.files.data or []:
        if isinstance(upload, FileStorage) and upload.filename:
            files.append(store(upload))
    unique = list({file["sha256"]: file for file in files}.values())
    if len(unique) > FILES_LIMIT:
        raise Invalid("Too many files.", {"files": f"An entry holds at most {FILES_LIMIT} files."})
    return {"files": unique}


def store(upload: FileStorage, field: str = "files") -> dict[str, Any]:
    """Keep one file; how an op names it."""
    name = _name(upload.filename or "file")
    ending = PurePath(name).suffix.lower()
    if ending in PICTURES:
        return picture(upload, field)
    if ending not in DOCUMENTS:
        raise Invalid(
            "This kind of file is not taken.",
            {field: f"“{name}” is not a kind of file that is kept here; try a PDF, a document or a picture."},
        )
    start = upload.stream.read(8192)
    upload.stream.seek(0)
    if not _matches(ending, start):
        raise Invalid("A file is not what its name says.", {field: f"“{name}” is not what its name says; look at it again."})
    stored = _files().store(upload.stream, current_app.config["FILE_LIMIT"])
    return {"sha256": stored.sha256, "name": name, "type": DOCUMENTS[ending], "size": stored.size}


def picture(upload: FileStorage, field: str = "picture") -> dict[str, Any]:
    """Keep a picture, made anew: turned upright, without where and when it was taken, at most 2,400 pixels wide."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    name = _name(upload.filename or "picture")
    try:
        with Image.open(upload.stream, formats=("JPEG", "PNG", "WEBP", "GIF")) as image:
            if image.width * image.height > PIXEL_LIMIT:
                raise Invalid("A picture is too large.", {field: f"“{name}” has over 40 million pixels; make it smaller first."})
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((EDGE_LIMIT, EDGE_LIMIT))
            plain = upright.convert("RGBA" if _is_transparent(upright) else "RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise Invalid("A picture cannot be read.", {field: f"“{name}” cannot be read as a picture; try to save it anew."}) from error
    made = io.BytesIO()
    plain.save(made, "WEBP", quality=84, method=4)
    made.seek(0)
    stored = _files().store(made, current_app.config["FILE_LIMIT"])
    return {
        "sha256": stored.sha256, "name": PurePath(name).stem + ".webp", "type": "image/webp", "size": stored.size,
    }  # fmt: skip


def _files() -> Files:
    files: Files = current_app.extensions["partnernet.files"]
    return files


def _name(given: str) -> str:
    """The last part of a name, without anything that a file system or a header would trip over."""
    last = given.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(character for character in last if ord(character) >= 32 and character != "\x7f").strip(" .")
    return (kept or "file")[-200:]


def _matches(ending: str, start: bytes) -> bool:
    if ending in _BEGINS:
        return start.startswith(_BEGINS[ending])
    if ending in _TEXT:
        return b"\0" not in start
    from puremagic import PureError, from_string

    try:
        return bool(from_string(start, mime=True)) or ending not in DOCUMENTS
    except (PureError, ValueError):
        return False


def _is_transparent(image: Any) -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
