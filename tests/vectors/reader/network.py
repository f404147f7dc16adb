"""What the key of a network signs: who looks after it, and which nodes it has revoked (section “The network”)."""

import rfc8785

from .lines import Bad, base32, check_signature, whole

PREFIXES = {"membership": b"partnernet-membership-v1\n", "revoke": b"partnernet-revocation-v1\n"}
KEPT = 26


def signed_documents(create, ops):
    """The documents of a network that count, oldest version first: each with the id and kind of its op."""
    key, given = create["h"].get("net"), []
    for op in ops:
        doc, kind = (op["b"] or {}).get("doc"), op["h"]["kind"]
        if kind not in PREFIXES or op["h"]["log"] != create["h"]["log"] or not isinstance(doc, dict):
            continue
        if doc.get("network") == create["id"] and whole(doc.get("version")):
            given.append((doc["version"], op["id"], kind, doc, op["b"].get("by_key")))
    good = []
    for version in sorted({one[0] for one in given}):
        now = [one for one in sorted(given, key=lambda one: one[1]) if one[0] == version and is_signed(key, *one[2:])]
        good += [(id_, kind, doc) for _, id_, kind, doc, _ in now]
        keys = [doc["key"] for _, _, kind, doc, _ in now if kind == "membership" and is_key(doc.get("key"))]
        key = keys[0] if keys else key
    return good


def is_signed(key, kind, doc, signature):
    try:
        check_signature(base32(key, 32), PREFIXES[kind] + rfc8785.dumps(doc), signature)
    except (Bad, AttributeError):
        return False
    return True


def stewards(create, documents):
    """For each membership op: its network, and the pairs of node and person that it names."""
    return {
        id_: (create["id"], doc["stewards"]) for id_, kind, doc in documents
        if kind == "membership" and isinstance(doc.get("stewards"), list) and all(map(is_pair, doc["stewards"]))
    }  # fmt: skip


def revoked(create, documents):
    """For each node that the network has revoked: the starts of the ids that go on counting."""
    by_node = {}
    for _, kind, doc in documents:
        keep = doc.get("keep")
        good = kind == "revoke" and is_key(doc.get("node")) and isinstance(doc.get("revoked"), bool)
        if good and isinstance(keep, list) and all(isinstance(one, str) and len(one) == KEPT for one in keep):
            by_node.setdefault(doc["node"], {}).setdefault(doc["version"], []).append(doc)
    newest = {node: versions[max(versions)] for node, versions in by_node.items()}
    return {
        (node, create["id"]): {one for doc in docs for one in doc["keep"]}
        for node, docs in newest.items() if all(doc["revoked"] for doc in docs)
    }  # fmt: skip


def is_pair(value):
    return isinstance(value, list) and len(value) == 2 and all(isinstance(part, str) for part in value)


def is_key(value):
    try:
        return isinstance(value, str) and bool(base32(value, 32))
    except Bad:
        return False
