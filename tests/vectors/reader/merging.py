"""What a set of ops shows (section “What counts, and how it merges”), worked out anew from nothing each time."""

import hashlib

import rfc8785

from . import fields, network
from .lines import base32, written

ERASES = ("redact", "erase_person")


class Ops:
    """A set of ops, and the questions that the rules ask of it."""

    def __init__(self, ops, kinds=fields.KINDS, shared=fields.SHARED, marks=fields.MARKS):
        self.kinds, self.shared, self.marks = kinds, shared, marks
        self.by_id = {}
        for op in ops:
            if op["id"] not in self.by_id or self.by_id[op["id"]]["b"] is None:
                self.by_id[op["id"]] = dict(op)
        self.under = {}
        for op in self.by_id.values():
            self.under.setdefault(op["h"]["ent"] or op["id"], []).append(op)
        self.entities = {
            id_: [op for op in ops if op["h"]["kind"] != "mark" or op["h"]["ent"] is None]
            for id_, ops in self.under.items() if id_ in self.by_id and self.by_id[id_]["h"]["ent"] is None
        }  # fmt: skip
        self.stewards, self.revoked = {}, {}
        for create in self.creates():
            if create["h"]["kind"] == "network":
                documents = network.signed_documents(create, self.entities[create["id"]])
                self.stewards |= network.stewards(create, documents)
                self.revoked |= network.revoked(create, documents)
        self.erased = set()
        for create in self.creates():
            self.erased |= self.erased_under(create)
        for id_ in self.erased:
            self.by_id[id_]["b"] = None

    def creates(self):
        return [self.by_id[id_] for id_ in self.entities]

    # -- what counts -----------------------------------------------------------------------------------

    def vouches(self, op, create):
        """Whether an op comes from the entity's own node, or from a steward of the network it was made in."""
        if op["h"]["node"] == create["h"]["node"]:
            return True
        mem = op["h"].get("mem")
        within, people = self.stewards.get(mem, (None, ())) if isinstance(mem, str) else (None, ())
        return [op["h"]["node"], op["h"]["by"]] in list(people) and within == network_of(create)

    def is_revoked(self, op, create):
        """Whether the network of an entity has revoked the node of an op, and does not keep this one."""
        kept = self.revoked.get((op["h"]["node"], network_of(create)))
        return kept is not None and op["id"][: network.KEPT] not in kept

    def counts(self, op, create):
        if op is create:
            return True
        if op["h"]["log"] != create["h"]["log"] or self.is_revoked(op, create):
            return False
        kind = op["h"]["kind"]
        if kind == "erase_person" and create["h"]["kind"] != "person":
            return False
        return kind == "edit" or (kind in ("delete", *ERASES) and self.vouches(op, create))

    def erased_under(self, create):
        """The ids of the ops of an entity, and of marks under it, whose bodies are to go."""
        counted = [op for op in self.entities[create["id"]] if self.counts(op, create)]
        whole_entity = any(erases_all(op) for op in counted)
        lists = [op["h"].get("ops") for op in counted if op["h"]["kind"] == "redact"]
        named = {one for some in lists if isinstance(some, list) for one in some if isinstance(one, str)}
        stay = (*ERASES, *network.PREFIXES) if create["h"]["kind"] == "network" else ERASES
        own = {
            op["id"] for op in self.entities[create["id"]]
            if op["h"]["kind"] not in stay and (whole_entity or op["id"] in named)
        }  # fmt: skip
        marks = {op["id"] for op in self.under[create["id"]] if op["h"]["kind"] == "mark" and op["id"] in named}
        return own | marks

    # -- the field rule --------------------------------------------------------------------------------

    def saw(self, later, earlier, among):
        """Whether the author of one op had seen another, by the `par` of ops of the same thing alone."""
        ids, reached, ahead = {op["id"] for op in among}, set(), [*later["h"]["par"]]
        while ahead:
            id_ = ahead.pop()
            if id_ in ids and id_ not in reached:
                reached.add(id_)
                ahead += self.by_id[id_]["h"]["par"]
        return earlier["id"] in reached

    def newest(self, ops, among):
        return [op for op in ops if not any(self.saw(other, op, among) for other in ops)]

    def sets(self, op, create):
        """The fields that an op sets with effect."""
        given = (op["b"] or {}).get("set")
        if not isinstance(given, dict):
            return {}
        if op["h"]["kind"] == "delete":
            return {"deleted": given["deleted"]} if isinstance(given.get("deleted"), bool) else {}
        kind = create["h"]["kind"]
        good = {**fields.EVERY, **self.kinds.get(kind, {})}
        own = self.vouches(op, create)
        return {
            name: value for name, value in given.items()
            if name in good and good[name](value) and (own or name in self.shared.get(kind, ()))
            and (name != "copied_from" or value == "" or op is create)
        }  # fmt: skip

    def entry(self, create):
        """One entity as the set has it."""
        all_ops = self.entities[create["id"]]
        counted = [op for op in all_ops if self.counts(op, create)]
        changes = [op for op in counted if op is create or op["h"]["kind"] in ("edit", "delete")]
        setting = [(op, self.sets(op, create)) for op in changes if op["id"] not in self.erased]
        shown, setters = {}, {}
        for name in sorted({name for _, values in setting for name in values}):
            values = {op["id"]: values[name] for op, values in setting if name in values}
            candidates = self.newest([op for op, _ in setting if op["id"] in values], all_ops)
            candidates.sort(key=rank, reverse=True)
            different = []
            for op in candidates:
                if all(values[op["id"]] != values[kept] for kept in different):
                    different.append(op["id"])
            shown[name] = values[different[0]]
            setters[name] = different[:1] if name == "deleted" else different
        h = create["h"]
        edits = [op["h"]["ts"] for op, values in setting if values and op["h"]["kind"] == "edit"]
        return {
            **{name: h.get(name) for name in ("kind", "node", "by", "for", "root", "ts")},
            "log": "nobody" if h["kind"] != "network" and self.is_revoked(create, create) else h["log"],
            "fields": {name: value for name, value in shown.items() if name != "deleted"},
            "setters": setters,
            "conflicts": sorted(name for name, ids in setters.items() if len(ids) > 1),
            "heads": sorted(op["id"] for op in self.newest(changes, all_ops)),
            "gaps": any(id_ not in {op["id"] for op in all_ops} for op in all_ops for id_ in op["h"]["par"]),
            "edited": max(edits, default=None),
            "deleted": shown.get("deleted", False),
            "redacted": any(erases_all(op) for op in counted),
        }

    # -- registers -------------------------------------------------------------------------------------

    def registers(self):
        found = {}
        for entity, ops in self.under.items():
            create = self.by_id.get(entity)
            for op in ops:
                if create and self.is_revoked(op, create):
                    continue
                if op["h"]["kind"] == "mark" and op["h"]["ent"] is not None and op["b"] is not None:
                    name, subject = op["b"].get("mark"), op["b"].get("subject")
                    if isinstance(name, str) and (subject is None or isinstance(subject, str)):
                        who = op["h"].get("for") or f"{op['h']['node']}:{op['h']['by']}"
                        place = hashlib.sha256(rfc8785.dumps([op["h"]["log"], who, name, subject])).digest()[:16]
                        found.setdefault(f"{entity}/{written(place)}", []).append(op)
        said = {place: self.register(ops) for place, ops in found.items()}
        return {place: register for place, register in said.items() if register}

    def register(self, ops):
        winner = max(self.newest(ops, ops), key=rank)
        h, b = winner["h"], winner["b"]
        good = self.marks.get(b["mark"])
        if not good or not good[0](b.get("value")) or not good[1](b.get("subject")):
            return None
        return {
            "entry": h["ent"], "mark": b["mark"], "subject": b.get("subject"), "value": b["value"],
            **{name: h.get(name) for name in ("log", "node", "by", "for", "ts")},
            "heads": sorted(op["id"] for op in self.newest(ops, ops)),
        }  # fmt: skip


def project(ops, **known):
    """Everything that a set of ops shows, as the vectors write it down."""
    some = Ops(ops, **known)
    entries = {create["id"]: some.entry(create) for create in some.creates() if create["h"]["kind"] in some.kinds}
    return {"entries": entries, "registers": some.registers(), "erased": sorted(some.erased)}


def have(ops):
    """What a holder of some ops says that it holds (section “What a node holds”)."""
    logs = {}
    for op in {op["id"]: op for op in ops}.values():
        h = op["h"]
        logs.setdefault(f"{h['node']}/{h['inc']}/{h['log']}", []).append((h["seq"], base32(op["id"], 32)[:8]))
    return {key: {"r": ranges({seq for seq, _ in held}), "x": digest(some for _, some in held)}
            for key, held in sorted(logs.items())}  # fmt: skip


def ranges(numbers):
    parts = []
    for number in sorted(numbers):
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in parts)


def digest(starts):
    total = 0
    for start in starts:
        total ^= int.from_bytes(start, "big")
    return f"{total:016x}"


def rank(op):
    return op["h"]["ts"], op["id"]


def erases_all(op):
    """Whether an op that counts erases its whole entity."""
    return op["h"]["kind"] == "erase_person" or (op["h"]["kind"] == "redact" and "ops" not in op["h"])


def network_of(create):
    named = create["id"] if create["h"]["kind"] == "network" else create["h"].get("nw")
    return named if isinstance(named, str) else None
