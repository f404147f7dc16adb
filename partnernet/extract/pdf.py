"""PDF, page by page."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from partnernet.extract import DAMAGED, LOCKED, PAGES_LIMIT, PROTECTED, Enough, Fragments, Unreadable

_HYPHENATED = re.compile(r"(?<=[a-zà-öø-ÿ])[-\u00ad\u2010]\n(?=[a-zà-öø-ÿ])")


def pdf(path: Path) -> Fragments:
    """Read the text of a PDF; one that was only scanned has none."""
    with path.open("rb") as file:
        for number, text in enumerate(texts(opened(file)), 1):
            if number > PAGES_LIMIT:
                raise Enough
            yield number, "", _HYPHENATED.sub("", text)


def opened(file: BinaryIO) -> Any:
    """The reader of a PDF that is not locked; raises Unreadable."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it finds odd is no concern of the reader's
    try:
        reader = PdfReader(file)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable(LOCKED)
        len(reader.pages)
    except DependencyError as error:  # a cipher that is not spoken here
        raise Unreadable(PROTECTED) from error
    except (Unreadable, MemoryError):
        raise
    except Exception as error:  # whatever a damaged document brings its reader to
        raise Unreadable(DAMAGED) from error
    return reader


def texts(reader: Any) -> Iterator[str]:
    """The text of each page; a page that cannot be read has none, unless it is so with all of them."""
    failed = 0
    for page in reader.pages:
        try:
            yield page.extract_text()
        except (MemoryError, GeneratorExit):
            raise
        except Exception:  # whatever a damaged page brings its reader to
            failed += 1
            yield ""
    if failed and failed == len(reader.pages):
        raise Unreadable(DAMAGED)
