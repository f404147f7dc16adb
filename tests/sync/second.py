"""A second caller, written from docs/sync.md alone: it shares no code with the product."""

import base64
import gzip
import hashlib
import json
import urllib.error
import urllib.request
from typing import Any

from nacl.signing import SigningKey, VerifyKey

_open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open


def b32(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=").lower()


def unb32(text: str) -> bytes:
    return base64.b32decode(text.upper() + "=" * (-len(text) % 8))


class Second:
    """One server that calls another, by the book."""

    def __init__(self, seed: bytes, address: str) -> None:
        self.key, self.address = SigningKey(seed), address
        self.name = b32(bytes(self.key.verify_key))
        with _open(address + "/.well-known/partnernet") as answer:
            self.there = json.load(answer)
        assert self.there["format"] == "partnernet-sync/1"

    def ask(self, method: str, target: str, body: bytes = b"", **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Ask, and hold the answer against its signature."""
        if len(body) >= 700:
            body, headers = gzip.compress(body), {**headers, "Content-Encoding": "gzip"}
        there, challenge = self.there["node"], self.there["challenge"]
        lines = ["partnernet-sync-v1", there, method, target, hashlib.sha256(body).hexdigest(), challenge]
        signature = b32(self.key.sign("\n".join(lines).encode()).signature)
        headers["Authorization"] = (
            f'PartnerNet node="{self.name}", challenge="{challenge}", signature="{signature}"'
        )  # fmt: skip
        request = urllib.request.Request(self.address + target, body or None, headers, method=method)
        try:
            answer = _open(request)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            status, said, content = answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
        if "partnernet-signature" in said:
            digest = hashlib.sha256(content).hexdigest()
            span = said.get("content-range", "")
            signed = ["partnernet-sync-v1-answer", there, self.name, signature, str(status), span, digest]
            VerifyKey(unb32(there)).verify("\n".join(signed).encode(), unb32(said["partnernet-signature"]))
        if said.get("content-encoding") == "gzip":
            content = gzip.decompress(content)
        return status, said, content

    def have(self, mine: dict[str, Any]) -> dict[str, Any]:
        status, _, content = self.ask("POST", "/sync/v1/have", json.dumps({"have": mine}).encode())
        assert status == 200
        return json.loads(content)

    def ops(self, head: dict[str, Any], lines: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
        body = b"".join(line + b"\n" for line in [json.dumps({"sync": head}).encode(), *lines])
        status, _, content = self.ask("POST", "/sync/v1/ops", body)
        assert status == 200 and content.endswith(b"\n")
        first, *rest = content[:-1].split(b"\n")
        return json.loads(first)["sync"], rest
