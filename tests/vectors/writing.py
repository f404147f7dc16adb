"""Writing ops and bundles for the vectors, without a line of the product: fixed keys, salts and clock."""

import hashlib
import io
import json
import zipfile

import rfc8785
from nacl.signing import SigningKey

from tests.vectors.reader.bundles import canonical
from tests.vectors.reader.lines import written

START = 1_780_000_000_000
TOP = "partnernet-2026-05-28"
README = "This is a bundle of PartnerNet, made for tests.\n"


class Key:
    """An Ed25519 key whose seed is the SHA-256 of its name."""

    def __init__(self, name):
        self.name, self.seed = name, hashlib.sha256(f"partnernet vectors: {name}".encode()).digest()
        self.key = SigningKey(self.seed)
        self.public = written(bytes(self.key.verify_key))

    def sign(self, message):
        return written(self.key.sign(message).signature)

    def said(self):
        return {"name": self.name, "seed": self.seed.hex(), "public": self.public}


class Writer:
    """Somebody at a node. Times go up by a second with each op; salts are counted."""

    clock = 0

    def __init__(self, node, person="node", partner=None):
        self.key, self.partner = Key(node), partner
        self.by = "node" if person == "node" else "p" + written(digest(f"{node} {person}")[:16])
        self.inc = written(digest(f"{node} incarnation")[:16])
        self.network = None
        self.numbers = {}

    def colleague(self, person, partner=None):
        """Another person at the same node, which goes on numbering."""
        other = Writer(self.key.name, person, partner)
        other.numbers, other.network = self.numbers, self.network
        return other

    def op(self, kind, log="network", body=None, **head):
        """One signed op; `head` takes any field of the header, and overrules what would stand there."""
        Writer.clock += 1000
        body = {"salt": written(digest(f"salt {Writer.clock}")[:16]), **(body or {})}
        self.numbers[log] = self.numbers.get(log, 0) + 1
        h = {
            "v": 1, "node": self.key.public, "by": self.by, "inc": self.inc, "seq": self.numbers[log], "kind": kind,
            "log": log, "ent": None, "root": None, "par": [], "ts": START + Writer.clock,
            "bh": written(hashlib.sha256(rfc8785.dumps(body)).digest()),
            **({"for": self.partner} if self.partner else {}),
            **({"nw": self.network} if self.network and not head.get("ent") else {}), **head,
        }  # fmt: skip
        return signed(self.key, h, body)

    def make(self, kind, log="network", **fields):
        return self.op(kind, log, {"set": fields})

    def edit(self, made, *seen, kind="edit", mem=None, **fields):
        """Change an entity, having seen some ops of it; all of them are given, or it is the create alone."""
        par = sorted(op["id"] for op in seen or (made,))
        relied = {"mem": mem["id"]} if mem else {}
        body = {"set": fields} if fields else {}
        return self.op(kind, made["h"]["log"], body, ent=made["id"], root=made["h"]["root"], par=par, **relied)

    def mark(self, made, name, value, *seen, subject=None, log=None):
        body = {"mark": name, "value": value, **({} if subject is None else {"subject": subject})}
        par = sorted(op["id"] for op in seen)
        return self.op("mark", log or made["h"]["log"], body, ent=made["id"], root=made["id"], par=par)


def signed(key, h, body):
    raw = hashlib.sha256(rfc8785.dumps(h)).digest()
    return {"b": body, "h": h, "id": written(raw), "sig": key.sign(b"partnernet-op-v1\n" + raw)}


def line(op):
    return rfc8785.dumps(op)


def digest(text):
    return hashlib.sha256(f"partnernet vectors: {text}".encode()).digest()


# -- bundles ---------------------------------------------------------------------------------------


def header(key, ops, blobs=None, **more):
    """A header for some ops."""
    return {
        "format": "partnernet-bundle/1", "software": "partnernet-vectors/1", "created": "2026-05-28T12:26:40Z",
        "from": {"node": key.public, "network": "Invented Places"},
        "selection": {"logs": ["public", "network"]}, "counts": {"ops": len(ops)},
        "blobs": [{"sha256": name, "included": True, "size": len(content)} for name, content in (blobs or {}).items()],
        "have": {}, "left_out": [], "note": "Made for tests.", **more,
    }  # fmt: skip


def first_line(key, ops, **more):
    return json.dumps({"bundle": header(key, ops, **more)}, separators=(",", ":")).encode() + b"\n"


def lines_of(ops):
    return b"".join(line(op) + b"\n" for op in ops)


def document(key, ops, **more):
    said = {**header(key, ops, **more), "ops_sha256": hashlib.sha256(lines_of(ops)).hexdigest()}
    value = {"bundle": said, "signature": sign(key, canonical(said)), "ops": ops}
    return json.dumps(value, indent=2, ensure_ascii=False).encode() + b"\n"


def sign(key, whole):
    return {"node": key.public, "sig": key.sign(b"partnernet-bundle-v1\n" + hashlib.sha256(whole).digest())}


def parts(key, ops, blobs=None, pages=None, **more):
    """The files of a bag, by their names; `pages` are those for people."""
    payload = {"data/ops.jsonl": lines_of(ops), **(pages or {})}
    payload |= {f"data/blobs/{name}": content for name, content in (blobs or {}).items()}
    octets = sum(map(len, payload.values()))
    tags = {
        "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": f"Bagging-Date: 2026-05-28\nPayload-Oxum: {octets}.{len(payload)}\n".encode(),
        "README.txt": README.encode(),
        "bundle.json": json.dumps(header(key, ops, blobs, **more), indent=2).encode() + b"\n",
        "manifest-sha256.txt": manifest(payload),
    }
    listed = manifest(tags)
    signature = json.dumps(sign(key, listed), indent=2).encode() + b"\n"
    return {**payload, **tags, "tagmanifest-sha256.txt": listed, "signature.json": signature}


def manifest(files):
    return "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items()).encode()


def zipped(files, top=TOP, method=zipfile.ZIP_STORED, mode=0o100644, before=b"", between=b""):
    """A zip of some files, whose bytes are the same everywhere while nothing is packed."""
    out = io.BytesIO()
    out.write(before)
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(f"{top}/{name}" if top else name, (2026, 5, 28, 12, 26, 40))
            info.compress_type, info.external_attr, info.create_system = method, mode << 16, 3
            archive.writestr(info, content)
        out.seek(archive.start_dir)
        archive.start_dir += out.write(between)
    return out.getvalue()
