"""The picture in place of the network's name: made anew, trimmed and small, so that every page can carry it."""

import io
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from werkzeug.datastructures import FileStorage

from partnernet.core.errors import Invalid
from partnernet.core.words import _
from partnernet.entries import uploads

LARGEST = (1_200, 400)
"""Pixels: as large as a nameplate is shown, on a screen that draws two for one."""
LEAST_HEIGHT = 90
WIDEST, TALLEST = 12, 2
"""At most so many times as wide as high, or as high as wide: others would not stand in a line."""
FIELD = "picture"


def received(uploaded: Any, present: Mapping[str, Any] | None, *, is_gone: bool) -> dict[str, Any] | None:
    """The picture after the form: the one that came, else the one that is there. Raises Invalid beside the field."""
    for upload in uploads.given(uploaded):
        return uploads.keep(read(upload))
    return None if is_gone or present is None else dict(present)


def read(upload: FileStorage) -> uploads.Checked:
    """A picture that may stand in place of a name; raises Invalid beside the field."""
    if PurePath(upload.filename or "").suffix.lower() not in uploads.PICTURES:
        raise _refused(_("Only a PNG, JPEG or WebP can be shown here, since other files may hold programs: save it as "
                         "a PNG first."))  # fmt: skip
    return _bounded(uploads.checked(upload, FIELD))


def _bounded(file: uploads.Checked) -> uploads.Checked:
    """The picture without empty edges, in a size that fits."""
    from PIL import Image

    with Image.open(file.stream) as image:
        made = image.crop(image.getchannel("A").getbbox()) if image.mode == "RGBA" else image.copy()
    if made.height < LEAST_HEIGHT:
        raise _refused(
            _("This picture is %(height)s pixels high and would look coarse: bring one of at least %(least)s.",
              height=made.height, least=LEAST_HEIGHT)
        )  # fmt: skip
    if made.width > WIDEST * made.height or made.height > TALLEST * made.width:
        raise _refused(_("This picture is too long to stand in the head of a page: bring one of a calmer shape."))
    made.thumbnail(LARGEST)
    stream = io.BytesIO()
    made.save(stream, "WEBP", quality=90, method=6)
    stream.seek(0)
    return uploads.Checked(file.name, file.type, stream)


def _refused(sentence: str) -> Invalid:
    return Invalid(sentence, {FIELD: sentence})
