"""Files that come with documents, kept as attachments under the rules for those that people upload."""

import io
from typing import Any

from werkzeug.datastructures import FileStorage

from partnernet.core.errors import Invalid
from partnernet.entries import uploads
from partnernet.load.document import Enclosure, Unreadable

FIELD = "files"


def keep(enclosure: Enclosure) -> dict[str, Any]:
    """Store a file; how an op names it. Raises Unreadable for what may not be kept."""
    upload = FileStorage(io.BytesIO(enclosure.content), filename=enclosure.name)
    try:
        return uploads.keep(uploads.checked(upload, FIELD))
    except Invalid as error:
        raise Unreadable(error.fields.get(FIELD, error.sentence).rstrip(".")) from error
