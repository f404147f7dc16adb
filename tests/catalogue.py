"""`python -m tests.catalogue`: brings the catalogues up to date with the sentences in the code, and compiles them.

A sentence that nobody has translated yet stays empty in the catalogue; one that is nowhere in the code any
more goes from it. `tests/test_catalogue.py` holds them to being complete.
"""

import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "partnernet" / "translations"
KEYWORDS = {"_": None, "lazy": None, "plural": (1, 2), "if_any": (1, 2), "gettext": None, "ngettext": (1, 2)}
METHODS = [("partnernet/**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {
    "templates/**.html": {"trimmed": "true", "newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true"}
}
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
"""The date in each catalogue: its own would change the file at every run."""
HEADER = "# The words of PartnerNet. AGPL-3.0-or-later, as all of it."


def extracted() -> Catalog:
    """Every sentence of the code and the templates."""
    catalog = Catalog(project="PartnerNet", charset="utf-8", creation_date=EPOCH)
    for name, line, message, comments, context in extract_from_dir(
        ROOT, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
    ):
        catalog.add(message, None, [(name, line)], auto_comments=comments, context=context)
    return catalog


def catalogue(language: str) -> Catalog:
    """The catalogue of a language as it is kept."""
    path = FOLDER / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return Catalog(locale=language, project="PartnerNet", creation_date=EPOCH, revision_date=EPOCH)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def compiled(catalog: Catalog) -> bytes:
    """What gettext reads."""
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def languages() -> list[str]:
    """The languages that have a catalogue."""
    return sorted(path.parent.parent.name for path in FOLDER.glob("*/LC_MESSAGES/messages.po"))


def main() -> int:
    """Update and compile every catalogue; the exit status says whether each is complete."""
    missing = 0
    for language in languages() or ["cy"]:
        catalog = catalogue(language)
        catalog.update(extracted(), no_fuzzy_matching=True, update_creation_date=False)
        catalog.obsolete.clear()
        catalog.header_comment = HEADER
        catalog.creation_date = catalog.revision_date = EPOCH
        folder = FOLDER / language / "LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "messages.po").open("wb") as file:
            write_po(file, catalog, width=110, no_location=True, sort_output=True)
        (folder / "messages.mo").write_bytes(compiled(catalog))
        empty = [message for message in catalog if message.id and not is_translated(message)]
        print(f"{language}: {len(catalog)} sentences, {len(empty)} without a translation")
        missing += len(empty)
    return int(missing > 0)


def is_translated(message: object) -> bool:
    """Whether a message has every form that its language asks for."""
    string = message.string  # type: ignore[attr-defined]
    return all(string) if isinstance(string, tuple | list) else bool(string)


if __name__ == "__main__":
    sys.exit(main())
