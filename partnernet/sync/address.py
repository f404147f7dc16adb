"""Where another server is: an address that a steward gave, looked up once and held to what was found.

A name may lead anywhere, into this machine and its own network too. So what it leads to is checked, and the
connection goes to that very address.
"""

import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

import idna

from partnernet.core.errors import Refused
from partnernet.core.words import _

LENGTH_LIMIT = 300
PORTS = {"https": 443, "http": 80}

WRAPPED = tuple(
    IPv6Network(net)
    for net in ("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16")
)
"""Ranges in which an IPv4 address lies hidden, so that no look at them says where they lead."""
LOCAL = (IPv6Network("fec0::/10"), IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))
"""What some versions of Python take for addresses of the open internet, and is none."""

_NAME = re.compile(r"(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.?")
_NUMERIC = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)\.?")

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Sequence[str]]


class Unmeant(Refused):
    """An address leads into a network of its own, and no steward has said that this is meant."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to connect to: the name that certificates are held against, and the addresses it was found at."""

    host: str
    port: int
    is_secure: bool
    addresses: Sequence[str]

    @property
    def shown(self) -> str:
        """As people write it."""
        host = f"[{self.host}]" if ":" in self.host else as_written(self.host)
        is_usual = self.port == PORTS["https" if self.is_secure else "http"]
        return host if is_usual else f"{host}:{self.port}"


def lookup(host: str, port: int) -> Sequence[str]:
    """The addresses of a name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def find(address: str, *, private: bool = False, resolve: Resolve = lookup) -> Place:
    """Where an address leads; raises Refused where it may not be used. `private`: a steward means it so."""
    scheme, host, port = read(address)
    found = _found(host, port, resolve)
    for each in found:
        _check(each, host, private)
    if scheme == "http" and not all(each.is_loopback for each in found):
        raise Refused(
            _(
                "%(host)s is asked for without encryption: its address has to begin with https://.",
                host=as_written(host),
            )
        )
    return Place(host, port, scheme == "https", [str(each) for each in found])


def read(address: str) -> tuple[str, str, int]:
    """The scheme, name and port of an address; raises Refused for anything but a plain one."""
    if len(address) > LENGTH_LIMIT or not address.isprintable() or "\\" in address:
        raise _not_plain()
    try:
        parts = urlsplit(address)
        host, port = _in_ascii((parts.hostname or "").lower()), parts.port
    except ValueError as error:  # of which the errors of idna are some
        raise _not_plain() from error
    if parts.scheme not in PORTS or not host or "@" in parts.netloc or parts.query or parts.fragment or port == 0:
        raise _not_plain()
    if parts.path not in ("", "/") or any(sign in address for sign in " ?#%"):
        raise _not_plain()
    if not _is_name(host) and not _is_address(host):
        raise _not_plain()
    return parts.scheme, host.rstrip("."), port or PORTS[parts.scheme]


def _in_ascii(host: str) -> str:
    """A name in letters of any script as the net looks it up. Signs that only look like others have no such form."""
    labels = [label if label.isascii() else idna.encode(label, strict=True).decode() for label in host.split(".")]
    return ".".join(labels)


def as_written(host: str) -> str:
    """A name in the letters in which people write it."""
    try:
        return idna.decode(host) if "xn--" in host else host
    except idna.IDNAError:
        return host


def _found(host: str, port: int, resolve: Resolve) -> list[Address]:
    try:
        found = [ip_address(text.partition("%")[0]) for text in resolve(host, port)]
    except (OSError, UnicodeError, ValueError):
        found = []
    if not found:
        raise Refused(
            _("The name %(host)s is not known: look at the address, or at the connection.", host=as_written(host))
        )
    return found


def _is_address(host: str) -> bool:
    """Whether this is an address in its one usual spelling."""
    try:
        found = ip_address(host)
    except ValueError:
        return False
    return isinstance(found, IPv6Address) or str(found) == host


def _is_name(host: str) -> bool:
    """Whether this is a name, and nothing that some systems read as a number."""
    return _NAME.fullmatch(host) is not None and not _NUMERIC.fullmatch(host.rstrip(".").rpartition(".")[2])


def _check(found: Address, host: str, private: bool) -> None:
    if found.is_multicast or found.is_unspecified or str(found) == "255.255.255.255" or _is_reserved(found):
        raise Refused(_("%(host)s leads to an address that belongs to no single server.", host=as_written(host)))
    if not private and not is_public(found):
        raise Unmeant(
            _("%(host)s leads into a network of its own, not to a server on the internet: if that is meant, tick the "
              "box under its address.", host=as_written(host))
        )  # fmt: skip


def _is_reserved(found: Address) -> bool:
    """Ranges that nobody has been given. Those in which IPv4 addresses hide are among Python's own list."""
    return found.is_reserved and not found.is_loopback and not is_wrapped(found)


def is_public(found: Address) -> bool:
    """Whether an address is one of the open internet, where anybody's server may stand."""
    is_local = any(found.version == net.version and found in net for net in LOCAL)
    return found.is_global and not found.is_multicast and not is_wrapped(found) and not is_local


def is_wrapped(found: Address) -> bool:
    """Whether another address lies hidden in it. The loopback address of IPv6 looks so and is not."""
    return isinstance(found, IPv6Address) and not found.is_loopback and any(found in net for net in WRAPPED)


def _not_plain() -> Refused:
    return Refused(
        _("This is not the address of a server: it should look like https://name.example, with nothing after the name.")
    )
