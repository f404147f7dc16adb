"""The header of a bundle (`bundle.json`): what it is, who it is from, what is in it and what is not."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from partnernet import __version__
from partnernet.core.errors import BadBundle
from partnernet.core.ledger.ranges import Ranges
from partnernet.core.time import to_ms
from partnernet.core.words import _
from partnernet.exchange.bundle import BLOB_LIMIT, BLOBS_LIMIT
from partnernet.nodes.card import NAME_LIMIT

FORMAT = "partnernet-bundle/1"
SOFTWARE = f"partnernet/{__version__}"

_FORMAT = re.compile(r"partnernet-bundle/([1-9][0-9]{0,5})").fullmatch
_SHA256 = re.compile(r"[0-9a-f]{64}").fullmatch
_NODE = re.compile(r"[a-z2-7]{52}").fullmatch
_LOG = re.compile(r"[a-z2-7]{52}/[a-z2-7]{26}/(public|network|circle:[a-z2-7]{52})").fullmatch
_DIGEST = re.compile(r"[0-9a-f]{16}").fullmatch

Have = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that is not in a bundle, and why."""

    what: str
    why: str
    count: int | None = None

    def said(self) -> dict[str, Any]:
        """As it stands in the header."""
        return {"what": self.what, "why": self.why, **({} if self.count is None else {"count": self.count})}


@dataclass(frozen=True, slots=True)
class Header:
    """What a bundle says of itself. Fields that this version does not know are kept in `given`."""

    created: str = ""
    node: str = ""
    network: str = ""
    server: str = ""
    """What the server calls itself: proven by nothing, and absent from older bundles."""
    selection: Mapping[str, Any] = field(default_factory=dict)
    counts: Mapping[str, Any] = field(default_factory=dict)
    blobs: Sequence[Mapping[str, Any]] = ()
    have: Have = field(default_factory=dict)
    left_out: Sequence[LeftOut] = ()
    note: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ops(self) -> int | None:
        """How many ops the bundle says it holds."""
        return self.counts.get("ops")

    @property
    def logs(self) -> list[str]:
        """The logs that the bundle is about, and that its `have` speaks of."""
        logs = self.selection.get("logs")
        named = logs if isinstance(logs, list) else [key.split("/", 2)[2] for key in self.have]
        return list(dict.fromkeys(log for log in named if isinstance(log, str)))

    @property
    def called(self) -> str:
        """What the server that made it calls itself, fit to be shown; empty where it does not say."""
        return shown_name(self.server)

    @property
    def made(self) -> int:
        """When it was made, in milliseconds, as it says itself; 0 where it does not say so."""
        try:
            return to_ms(datetime.strptime(self.created, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC))
        except ValueError:
            return 0

    def said(self) -> dict[str, Any]:
        """The header as JSON."""
        return {
            **self.given,
            "format": FORMAT,
            "software": SOFTWARE,
            "created": self.created,
            "from": {"node": self.node, "network": self.network, "server": self.server},
            "selection": dict(self.selection),
            "counts": dict(self.counts),
            "blobs": [dict(blob) for blob in self.blobs],
            "have": {key: dict(value) for key, value in self.have.items()},
            "left_out": [item.said() for item in self.left_out],
            "note": self.note,
        }


def read_header(given: object) -> Header:
    """Read a header from outside; raises BadBundle, also for one made by a newer version."""
    if not isinstance(given, dict):
        raise _bad(_("it is no object"))
    version = given.get("format")
    known = _FORMAT(version) if isinstance(version, str) else None
    if known is None:
        raise _bad(_("it does not say that this is a PartnerNet bundle"))
    if version != FORMAT:
        raise BadBundle(_("This bundle was made by a newer version of PartnerNet: update this server to read it."))
    sender = _object(given, "from")
    return Header(
        created=_text(given, "created", 40),
        node=_text(sender, "node", 52),
        network=_text(sender, "network", 300),
        server=_text(sender, "server", 300),
        selection=_object(given, "selection"),
        counts=_counts(_object(given, "counts")),
        blobs=[_blob(item) for item in _list(given, "blobs", BLOBS_LIMIT * 2)],
        have=read_have(_object(given, "have")),
        left_out=[_left_out(item) for item in _list(given, "left_out", 1_000)],
        note=_text(given, "note", 4_000),
        given=given,
    )


def shown_name(said: object) -> str:
    """A name from outside as one line of at most 100 signs that can be seen, so that it cannot pose as more."""
    if not isinstance(said, str):
        return ""
    return "".join(filter(str.isprintable, " ".join(said.split())))[:NAME_LIMIT].strip()


def read_have(given: object) -> Have:
    """What another node says it holds; raises BadBundle where it is not in the form of section `have`."""
    if not isinstance(given, dict):
        raise BadBundle(_("This does not say what a server holds: make it with “partnernet have”."))
    for key, value in given.items():
        good = isinstance(value, dict) and isinstance(value.get("r"), str) and isinstance(value.get("x"), str)
        if not good or not _LOG(key) or not _DIGEST(value["x"]):
            raise BadBundle(_("This does not say what a server holds: make it with “partnernet have”."))
        Ranges.read(value["r"])
    return given


def is_place(text: str) -> bool:
    """Whether this names a log of an incarnation of a node, as `have` does."""
    return _LOG(text) is not None


def _counts(given: Mapping[str, Any]) -> Mapping[str, Any]:
    ops = given.get("ops")
    if ops is not None and (type(ops) is not int or ops < 0):
        raise _bad(_("the number of its statements is no number"))
    return given


def _blob(given: object) -> Mapping[str, Any]:
    if not isinstance(given, dict) or not isinstance(given.get("sha256"), str) or not _SHA256(given["sha256"]):
        raise _bad(_("its list of files is not in order"))
    size = given.get("size")
    if size is not None and (type(size) is not int or not 0 <= size <= BLOB_LIMIT):
        raise _bad(_("a file in its list is larger than allowed"))
    return given


def _left_out(given: object) -> LeftOut:
    if not isinstance(given, dict):
        raise _bad(_("its list of what was left out is not in order"))
    count = given.get("count")
    return LeftOut(_text(given, "what", 300), _text(given, "why", 1_000), count if type(count) is int else None)


def _text(given: Mapping[str, Any], name: str, limit: int) -> str:
    value = given.get(name, "")
    if not isinstance(value, str) or len(value) > limit or "\0" in value:
        raise _bad(_("its “%(name)s” is not in order", name=name))
    if name == "node" and value and not _NODE(value):
        raise _bad(_("it does not say from which server it comes"))
    return value


def _object(given: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = given.get(name, {})
    if not isinstance(value, dict):
        raise _bad(_("its “%(name)s” is not in order", name=name))
    return value


def _list(given: Mapping[str, Any], name: str, limit: int) -> list[Any]:
    value = given.get(name, [])
    if not isinstance(value, list) or len(value) > limit:
        raise _bad(_("its “%(name)s” is not in order", name=name))
    return value


def _bad(why: str) -> BadBundle:
    return BadBundle(_("The header of the bundle (bundle.json) is not what it should be: %(why)s.", why=why))
