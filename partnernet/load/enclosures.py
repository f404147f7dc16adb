"""Files that come with documents, kept as attachments under the rules for those that people upload."""

import io
from typing import Any

from werkzeug.datastructures import FileStorage

from partnernet.core.errors import Invalid
from partnernet.entries import uploads
from partnernet.entries.fields import WORDS_LIMIT
from partnernet.load.document import Enclosure, Unreadable

FIELD = "files"


def keep(enclosure: Enclosure) -> dict[str, Any]:
    """Store a file; how an op names it. Raises Unreadable for what may not be kept."""
    with io.BytesIO(enclosure.content) if enclosure.path is None else enclosure.path.open("rb") as content:
        try:
            kept = uploads.keep(uploads.checked(FileStorage(content, filename=enclosure.name), FIELD))
        except Invalid as error:
            raise Unreadable(error.fields.get(FIELD, error.sentence).rstrip(".")) from error
    return kept | {name: said for name, said in enclosure.words.items() if len(said) <= WORDS_LIMIT}
