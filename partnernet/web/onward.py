"""Where to go after signing in: only ever to a page of this server."""

from urllib.parse import urlsplit

HOME = "/"
LIMIT = 2_000


def safe(address: str | None) -> str:
    """The address, if it is a path of this server; else the front page.

    Browsers read a backslash as a slash and skip control characters, so neither is let through.
    """
    if not address or len(address) > LIMIT or not address.startswith("/") or address.startswith("//"):
        return HOME
    if "\\" in address or not address.isprintable() or any(character.isspace() for character in address):
        return HOME
    try:
        parts = urlsplit(address)
    except ValueError:
        return HOME
    return HOME if parts.scheme or parts.netloc else address
