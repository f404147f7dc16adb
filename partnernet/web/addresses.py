"""Addresses of entries: `/ideas/<first 12 characters of the id>-<slug>`; the id decides, not the slug."""

from typing import Any

from partnernet.core.entry import SHORT_ID
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.slug import slug


def entry_url(entry: Any, title: str | None = None) -> str:
    """The address of an entry; that of a reply lies on the page of its root."""
    if entry.root:
        return f"/replies/{entry.id[:SHORT_ID]}"
    plural = KINDS[entry.kind].plural
    if not plural:
        return "/about"  # the network itself stands in no list; this is its page
    name = slug(entry.title if title is None else title)
    address = f"/{plural}/{entry.id[:SHORT_ID]}"
    return f"{address}-{name}" if name else address


def anchor(entry: Any) -> str:
    """The id of a reply on the page of its root."""
    return f"r-{entry.id[:SHORT_ID]}"


def file_anchor(file: Any) -> str:
    """The id of a file on the page of the entry or reply that names it."""
    return f"f-{file.entry[:SHORT_ID]}-{file.sha256[:SHORT_ID]}"
