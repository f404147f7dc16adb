"""The op: one signed, immutable statement, and everything about its form.

An op is a header `h`, a body `b` (or null where it was erased or withheld), an id and a signature.
The header holds the hash of the body, the id is the hash of the header, the signature is over the id:
so a body can be erased and the rest still verifies.
"""

import os
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from typing import Any, NamedTuple

import orjson
from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

from partnernet.core.errors import BadBundle
from partnernet.core.ledger import canonical
from partnernet.core.words import _

VERSION = 1
PREFIX = b"partnernet-op-v1\n"
SALT_BYTES = 16
PAR_LIMIT = 64
NODE_ITSELF = "node"

_ID = re.compile(r"[a-z2-7]{52}").fullmatch
_BY = re.compile(r"node|p[a-z2-7]{26}").fullmatch
_INC = re.compile(r"[a-z2-7]{26}").fullmatch
_KIND = re.compile(r"[a-z][a-z_]{0,31}").fullmatch
_LOG = re.compile(r"public|network|circle:[a-z2-7]{52}").fullmatch

_HEAD_AT = b',"h":{"bh":"'
_USUAL = re.compile(
    rb'\{"bh":"(ID)","by":"(?:node|pHALF)","ent":(null|"ID")(?:,"for":"ID")?,"inc":"HALF","kind":"[a-z][a-z_]{0,31}",'
    rb'"log":"(?:public|network|circle:ID)","node":"ID"(?:,"nw":"ID")?,"par":\[("ID")?\](?:,"re":"ID")?,'
    rb'"root":(?:null|"ID"),"seq":[1-9][0-9]{0,14},"ts":(?:0|[1-9][0-9]{0,14}),"v":1(?:,"who":"(?:node|pHALF)")?\}'
    .replace(b"ID", b"[a-z2-7]{52}").replace(b"HALF", b"[a-z2-7]{26}")
).fullmatch  # fmt: skip
"""A header as most are: it is canonical and as it should be where this says so, if it does not come after another one
although it makes something new. Other headers may be so, too."""
_TAIL = re.compile(rb',"id":"([a-z2-7]{52})","sig":"([a-z2-7]{103})"\}').fullmatch
_TAIL_SIZE = len(',"id":"","sig":""}') + 52 + 103


class UnknownVersion(BadBundle):
    """The op is of a later format: it waits in quarantine until this node can read it."""


class Op(NamedTuple):
    """One op: its canonical bytes, and what they say."""

    id: str
    head: bytes
    body: bytes | None
    sig: bytes
    h: Mapping[str, Any]
    b: Mapping[str, Any] | None

    @property
    def line(self) -> bytes:
        """The op as one canonical JSON line, without the newline."""
        return join(self.id, self.head, self.body, self.sig)

    @property
    def node(self) -> str:
        return str(self.h["node"])

    @property
    def by(self) -> str:
        return str(self.h["by"])

    @property
    def kind(self) -> str:
        return str(self.h["kind"])

    @property
    def log(self) -> str:
        return str(self.h["log"])

    @property
    def ts(self) -> int:
        return int(self.h["ts"])

    @property
    def par(self) -> Sequence[str]:
        return list(self.h["par"])

    @property
    def is_create(self) -> bool:
        return self.h["ent"] is None

    @property
    def entity(self) -> str:
        """The id of the entity that this op makes or changes."""
        return self.id if self.h["ent"] is None else str(self.h["ent"])

    @property
    def root(self) -> str | None:
        """The entity with a thread of its own that this lies under; None for such an entity itself."""
        return None if self.h["root"] is None else str(self.h["root"])

    @property
    def thing(self) -> str:
        """What this op changes, and so the unit of projection: an entity, or one register under it.

        A mark whose body is not here has no register yet, and waits under `…/?`. The log is part of
        a register, so that what is said in another log than the entity's stands in nobody's way.
        """
        if self.kind != "mark" or self.is_create:
            return self.entity
        if self.b is None:
            return f"{self.entity}/?"
        name, subject = self.b.get("mark"), self.b.get("subject")
        if not isinstance(name, str) or not isinstance(subject, str | None):
            return f"{self.entity}/?"
        who = str(self.h.get("for") or f"{self.node}:{self.by}")
        register = sha256(canonical.encode([self.log, who, name, subject])).digest()[:16]
        return f"{self.entity}/{canonical.to_base32(register)}"

    @property
    def network(self) -> str | None:
        """The network in which an entity was made, and whose stewards may look after it."""
        named = self.id if self.kind == "network" else self.h.get("nw")
        return named if isinstance(named, str) else None

    @property
    def set(self) -> Mapping[str, Any]:
        """The fields that this op sets; empty where there is no body, or no such thing in it."""
        fields = self.b.get("set") if self.b else None
        return fields if isinstance(fields, dict) else {}

    @property
    def is_bare(self) -> bool:
        """Whether its body is not here: erased, or withheld."""
        return self.body is None

    @property
    def size(self) -> int:
        """How many bytes its body has."""
        return len(self.body or b"")

    def erased(self) -> "Op":
        """The same op without its body."""
        return self._replace(body=None, b=None)


def join(op_id: str, head: bytes, body: bytes | None, sig: bytes) -> bytes:
    """Put the canonical line together from its stored parts."""
    return b'{"b":%b,"h":%b,"id":"%b","sig":"%b"}' % (
        body or b"null", head, op_id.encode(), canonical.to_base32(sig).encode(),
    )  # fmt: skip


def write(head: dict[str, Any], body: dict[str, Any], sign: Any) -> Op:
    """Make an op of our own: salt, hash, number it and sign it with `sign(message) -> 64 bytes`."""
    salted = {"salt": canonical.to_base32(os.urandom(SALT_BYTES)), **body}
    body_bytes = canonical.checked(salted)
    whole = {"v": VERSION, **head, "bh": canonical.to_base32(sha256(body_bytes).digest())}
    check_head(whole)
    head_bytes = canonical.checked(whole)
    raw = sha256(head_bytes).digest()
    op = Op(canonical.to_base32(raw), head_bytes, body_bytes, sign(PREFIX + raw), whole, salted)
    if len(op.line) > canonical.LINE_LIMIT:
        raise BadBundle(_("This is too long to be kept; please split it in two."))
    return op


def read(line: bytes) -> Op:
    """Read one line and check all of it but the signature; raises BadBundle, or UnknownVersion."""
    return _read_usual(line) or read_slowly(line)


def _read_usual(line: bytes) -> Op | None:
    """The short way for a line as most are: what it takes is just what the long way takes; None where that decides."""
    at, end = line.rfind(_HEAD_AT), len(line) - _TAIL_SIZE
    if at < 0 or len(line) > canonical.LINE_LIMIT or not line.startswith(b'{"b":'):
        return None
    head_bytes, body_bytes = line[at + len(b',"h":') : end], line[len(b'{"b":') : at]
    usual, tail = _USUAL(head_bytes), _TAIL(line, end)
    if usual is None or tail is None or (usual[2] == b"null" and usual[3]):
        return None
    op_id, sig, body_hash = tail[1].decode(), tail[2].decode(), usual[1].decode()
    try:
        body = canonical.decode(body_bytes, depth=1)
        is_whole = (
            canonical.from_base32(op_id, 32) == sha256(head_bytes).digest()
            and canonical.from_base32(body_hash, 32) == sha256(body_bytes).digest()
        )
        signature = canonical.from_base32(sig, 64)
    except BadBundle:
        return None
    if not is_whole or not isinstance(body, dict):
        return None
    return Op(op_id, head_bytes, body_bytes, signature, orjson.loads(head_bytes), body)


def read_slowly(line: bytes) -> Op:
    """The long way, which says what is wrong with a line."""
    value = canonical.decode(line)
    if not isinstance(value, dict) or value.keys() != {"b", "h", "id", "sig"}:
        raise BadBundle(_("A line does not have the parts of a statement."))
    head, body, op_id, sig = value["h"], value["b"], value["id"], value["sig"]
    if not isinstance(head, dict) or not isinstance(op_id, str) or not isinstance(sig, str):
        raise BadBundle(_("A line does not have the parts of a statement."))
    if not isinstance(body, dict | None):
        raise BadBundle(_("The content of a statement is not in the form it should have."))
    check_head(head)
    head_bytes = canonical.encode(head)
    if canonical.from_base32(op_id, 32) != sha256(head_bytes).digest():
        raise BadBundle(_("The id of a statement does not belong to what it says."))
    signature = canonical.from_base32(sig, 64)
    body_bytes = None
    if body is not None:
        body_bytes = line[len(b'{"b":') : -len(b',"h":,"id":"","sig":""}') - len(head_bytes) - len(op_id) - len(sig)]
        if canonical.from_base32(head["bh"], 32) != sha256(body_bytes).digest():
            raise BadBundle(_("The text of a statement has been altered."))
    return Op(op_id, head_bytes, body_bytes, signature, head, body)


def from_parts(op_id: str, head: bytes, body: bytes | None, sig: bytes) -> Op:
    """An op that was checked when it was stored."""
    return Op(op_id, head, body, sig, orjson.loads(head), orjson.loads(body) if body else None)


def check_signature(op: Op) -> None:
    """Raise BadBundle unless the op was signed by the node that it names."""
    if not is_signed(op):
        raise BadBundle(_("The signature of a statement is not by the server that it names."))


def is_signed(op: Op) -> bool:
    """Whether the op was signed by the node that it names. Other threads run meanwhile."""
    try:
        crypto_sign_open(op.sig + PREFIX + canonical.from_base32(op.id, 32), node_key(op.node))
    except (BadSignatureError, BadBundle, ValueError):
        return False
    return True


@lru_cache(maxsize=512)
def node_key(node: str) -> bytes:
    """The 32 bytes of a node's public key."""
    return canonical.from_base32(node, 32)


def check_head(h: Mapping[str, Any]) -> None:
    """Raise BadBundle unless every header field of version 1 is there and of its type."""
    version = h.get("v")
    if type(version) is not int or version != VERSION:
        if type(version) is int and version > VERSION:
            raise UnknownVersion(_("A statement is of a later format; update this server to read it."))
        raise BadBundle(_("A statement does not say of which format it is."))
    ent, root, given_for = h.get("ent", 0), h.get("root", 0), h.get("for")
    try:
        good = (
            _ID(h["node"]) and _BY(h["by"]) and _INC(h["inc"]) and _KIND(h["kind"]) and _LOG(h["log"]) and _ID(h["bh"])
            and (ent is None or _ID(ent)) and (root is None or _ID(root)) and (given_for is None or _ID(given_for))
            and _is_par(h["par"])
            and type(h["seq"]) is int and h["seq"] >= 1 and type(h["ts"]) is int and h["ts"] >= 0
            and ("who" not in h or _BY(h["who"]))
        )  # fmt: skip
    except (KeyError, TypeError):  # what is not there, or no text
        good = False
    if not good:
        raise BadBundle(_("The header of a statement is not in the form it should have."))
    if ent is None and h["par"]:
        raise BadBundle(_("A statement that makes something new cannot come after another."))


def _is_par(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= PAR_LIMIT
        and all(isinstance(item, str) and _ID(item) for item in value)
        and all(a < b for a, b in pairwise(value))
    )
