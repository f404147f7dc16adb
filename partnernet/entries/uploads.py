"""Files that come with a form: checked by extension and content, pictures made anew without their data.

All of them are checked before the first is kept, and all of it happens before the writing transaction.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, Any

from flask import current_app
from werkzeug.datastructures import FileStorage, MultiDict

from partnernet.core.db import commit, db
from partnernet.core.errors import Invalid
from partnernet.core.ledger.kinds import FILES_LIMIT
from partnernet.core.words import _
from partnernet.entries import staging
from partnernet.entries.fields import WORDS_LIMIT
from partnernet.entries.pictures import FORMATS
from partnernet.web.guard import member
from partnernet.web.here import its_files
from partnernet.web.jinja import size as in_words

PIXEL_LIMIT = 40_000_000
EDGE_LIMIT = 2_400

PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif")
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


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be kept."""

    name: str
    type: str
    stream: IO[bytes]

    @property
    def is_picture(self) -> bool:
        return self.type == "image/webp"


def received(form: Any) -> dict[str, Any]:
    """The `files` of an entry after its form, and its `picture` where the form has one.

    Raises Invalid beside the fields, with nothing kept of what came.
    """
    wrong: dict[str, str] = {}
    came = [file for upload in given(form.files.data) if (file := _checked(upload, "files", wrong))]
    words = form.files_alt.data or []
    if len(form.kept.files) + len(form.staged.files) + len(came) > FILES_LIMIT:
        wrong["files"] = _("An entry holds at most %(limit)s files.", limit=FILES_LIMIT)
    if sum(file.is_picture for file in came) > len(words) and "files" not in wrong:
        wrong["files_alt"] = _("Say what each picture shows, for people who cannot see it.")
    picture = _checked_picture(form, wrong) if "picture" in form else None
    if wrong:
        raise Invalid(_("Please look at the files again."), wrong)
    stored = form.kept.files + form.staged.files + _worded([(file, keep(file)) for file in came], words)
    values: dict[str, Any] = {"files": list({file["sha256"]: file for file in stored}.values())}
    if "picture" in form:
        values["picture"] = _with_words(keep(picture) if picture else form.picture_now, form)
    return values


def set_aside(files: MultiDict[str, FileStorage], lines: str = "") -> dict[str, Any]:
    """Keep what came with a form that is not sent yet, as fields of that form; what is refused is left out."""
    words = iter([line for line in lines.splitlines() if line.strip()])
    staged: dict[str, str] = {}
    for upload in given(files.getlist("files")):
        if (file := _staged(upload)) is not None:
            staged[file["sha256"]] = next(words, "").strip() if file["type"].startswith("image/") else ""
    found: dict[str, Any] = {"staged": staged} if staged else {}
    for upload in given(files.getlist("picture")):
        if (file := _staged(upload)) is not None and file["type"].startswith("image/"):
            found["picture_staged"] = file["sha256"]
    return found


def hold(form: Any, files: MultiDict[str, FileStorage]) -> None:
    """Keep the files of a form that is shown again, since a browser would not; the form names them from then on."""
    if not any(given(files.getlist(name)) for name in ("files", "picture")):
        return
    session, person = db.session(), member()
    session.rollback()
    found = set_aside(files, "\n".join(form.files_alt.data or []))
    commit()
    form.staged.asked |= found.get("staged", {})
    form.staged.find(staging.own(session, form.staged.asked, by=person))
    form.files_alt.data, form.files_alt.errors = [], []
    if form.staged.wordless:
        form.staged.errors = [form.staged.wanting]
    if (sha256 := found.get("picture_staged")) is not None:
        form.picture_staged.data = sha256
        form.picture_now = staging.own(session, [sha256], by=person).get(sha256)


def _staged(upload: FileStorage) -> dict[str, Any] | None:
    try:
        file = keep(checked(upload, "files"))
        staging.stage(db.session(), file, by=member())
    except Invalid:
        return None
    return file


def given(uploads: Any) -> list[FileStorage]:
    """Those of some uploads that are there at all."""
    several = uploads if isinstance(uploads, list | tuple) else [uploads]
    return [upload for upload in several if isinstance(upload, FileStorage) and upload.filename]


def checked(upload: FileStorage, field: str) -> Checked:
    """A file that was found to be what its name says; raises Invalid beside a field."""
    name = _name(upload.filename or "file")
    ending = PurePath(name).suffix.lower()
    _refuse_large(upload, name, field)
    if ending in PICTURES:
        return Checked(PurePath(name).stem + ".webp", "image/webp", _made_anew(upload, name, field))
    if ending not in DOCUMENTS:
        raise Invalid(
            _("This kind of file is not taken."),
            {
                field: _(
                    "“%(name)s” is not a kind of file that is kept here; try a PDF, a document or a picture.", name=name
                )
            },
        )
    start = upload.stream.read(8192)
    upload.stream.seek(0)
    if not _is_what_it_says(ending, start):
        sentence = _("“%(name)s” is not what its name says; look at it again.", name=name)
        raise Invalid(_("A file is not what its name says."), {field: sentence})
    return Checked(name, DOCUMENTS[ending], upload.stream)


def keep(file: Checked) -> dict[str, Any]:
    """Store a file; how an op names it."""
    stored = its_files().store(file.stream, current_app.config["FILE_LIMIT"])
    return {"sha256": stored.sha256, "name": file.name, "type": file.type, "size": stored.size}


def _checked(upload: FileStorage, field: str, wrong: dict[str, str]) -> Checked | None:
    try:
        return checked(upload, field)
    except Invalid as error:
        wrong[field] = f"{wrong.get(field, '')} {error.fields[field]}".strip()
        return None


def _checked_picture(form: Any, wrong: dict[str, str]) -> Checked | None:
    """The new lead picture; it, or the one that stays, needs words for people who cannot see it."""
    file = None
    for upload in given(form.picture.data):
        file = _checked(upload, "picture", wrong)
        if file is not None and not file.is_picture:
            wrong["picture"] = no_picture(file.name)
    if (given(form.picture.data) or form.picture_now) and not (form.picture_alt.data or "").strip():
        wrong["picture_alt"] = _("Say what the picture shows, for people who cannot see it.")
    return file


def no_picture(name: str) -> str:
    """What is wrong with a lead picture that is something else."""
    return _("“%(name)s” is not a picture; choose a JPEG, PNG, WebP or GIF.", name=name)


def _with_words(file: Mapping[str, Any] | None, form: Any) -> dict[str, Any] | None:
    if file is None:
        return None
    plain = {name: file[name] for name in ("sha256", "name", "type", "size")}
    words = {name: form[f"picture_{name}"].data for name in ("alt", "caption", "credit")}
    return plain | {name: value for name, value in words.items() if value}


def _worded(files: Sequence[tuple[Checked, dict[str, Any]]], words: Sequence[str]) -> list[dict[str, Any]]:
    """New files, each picture with its line of words."""
    left = iter(words)
    alts = [next(left, "")[:WORDS_LIMIT] if file.is_picture else "" for file, _stored in files]
    return [stored | ({"alt": alt} if alt else {}) for (_file, stored), alt in zip(files, alts, strict=True)]


def _made_anew(upload: FileStorage, name: str, field: str) -> IO[bytes]:
    """A picture turned upright, without where and when it was taken, at most 2,400 pixels wide."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    too_large = {field: _("“%(name)s” has over 40 million pixels; make it smaller first.", name=name)}
    try:
        with Image.open(upload.stream, formats=FORMATS) as image:
            if image.width * image.height > PIXEL_LIMIT:
                raise Invalid(_("A picture is too large."), too_large)
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((EDGE_LIMIT, EDGE_LIMIT))
            plain = upright.convert("RGBA" if _is_transparent(upright) else "RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Invalid(_("A picture is too large."), too_large) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        sentence = _("“%(name)s” cannot be read as a picture; try to save it anew.", name=name)
        raise Invalid(_("A picture cannot be read."), {field: sentence}) from error
    made = io.BytesIO()
    plain.save(made, "WEBP", quality=84, method=4)
    made.seek(0)
    return made


def _refuse_large(upload: FileStorage, name: str, field: str) -> None:
    limit = current_app.config["FILE_LIMIT"]
    size = upload.stream.seek(0, io.SEEK_END)
    upload.stream.seek(0)
    if size > limit:
        raise Invalid(
            _("A file is too large."),
            {field: _("“%(name)s” is larger than %(limit)s.", name=name, limit=in_words(limit))},
        )


def _name(given: str) -> str:
    """The last part of a name, without anything that a file system or a header would trip over."""
    last = given.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(character for character in last if ord(character) >= 32 and character != "\x7f").strip(" .")
    return (kept or "file")[-200:]


def _is_what_it_says(ending: str, start: bytes) -> bool:
    if ending in _BEGINS:
        return start.startswith(_BEGINS[ending])
    if ending in _TEXT:
        return b"\0" not in start
    from puremagic import PureError, magic_string

    try:
        found = [match.mime_type for match in magic_string(start)]
    except (PureError, ValueError):
        return False
    return any(mime.startswith(("audio/", "video/")) for mime in found)


def _is_transparent(image: Any) -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
