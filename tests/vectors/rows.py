"""What a database of the product shows, in the words of the vectors."""

from partnernet.core.ledger.kinds import KINDS

SAME = ("kind", "log", "node", "by", "root", "ts", "setters", "heads", "gaps", "edited", "deleted", "redacted")
FILE = ("sha256", "name", "type", "size")
WORDS = ("alt", "caption", "credit")


def shown_by(place):
    """The entries, registers and missing bodies of one node."""
    sides = {kind.name: place.rows(kind.table) for kind in KINDS.values() if kind.table is not None}
    sides = {name: {row["id"]: row for row in rows} for name, rows in sides.items()}
    files = place.rows_of("attachment")
    entries = {}
    for row in place.rows_of("entry"):
        values = {**row, **sides.get(row["kind"], {}).get(row["id"], {})}
        values |= {"date": row["when"], "copied_from": row["copied_from"] or ""}
        named = [file for file in files if file["entry"] == row["id"]]
        values["files"] = [_file(file) for file in named if file["field"] == "files"]
        values["picture"] = next((_file(file) for file in named if file["field"] == "picture"), None)
        entries[row["id"]] = {
            **{name: row[name] for name in SAME}, "for": row["partner"],
            "fields": {name: values[name] for name in row["setters"] if name != "deleted"},
            "conflicts": sorted(name for name, ops in row["setters"].items() if len(ops) > 1),
        }  # fmt: skip
        assert row["conflict"] == bool(entries[row["id"]]["conflicts"])
    registers = {
        row["thing"]: {**{name: row[name] for name in ("entry", "mark", "subject", "value", "log", "node", "by", "ts")},
                       "for": row["partner"], "heads": row["heads"]}
        for row in place.rows_of("mark")
    }  # fmt: skip
    return {"entries": entries, "registers": registers}


def as_rows(projected):
    """What the reader says, with registers as the product's columns hold them."""
    registers = {
        name: {**register, "subject": register["subject"] or "", "value": _said(register["value"])}
        for name, register in projected["registers"].items()
    }
    return {"entries": projected["entries"], "registers": registers}


def _said(value):
    return ("yes" if value else "") if isinstance(value, bool) else value


def _file(row):
    return {**{name: row[name] for name in FILE}, **{name: row[name] for name in WORDS if row[name]}}
