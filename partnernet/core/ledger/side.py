"""The rows beside an entry's own: the columns of its kind, and its files."""

from collections.abc import Mapping
from typing import Any

from partnernet.core.ledger.fold import Folded
from partnernet.core.ledger.kinds import Kind


def side_row(folded: Folded, kind: Kind) -> dict[str, Any]:
    """The whole row of an entity in the table of its kind."""
    assert kind.table is not None  # noqa: S101 - asked for only where there is one
    row: dict[str, Any] = {"id": folded.create.id}
    for column in kind.table.columns:
        if column.name in kind.fields:
            row[column.name] = folded.values.get(column.name, _default(column))
    if "who" in kind.table.columns:
        who = folded.create.h.get("who")
        row["who"], row["node"] = who or "", folded.create.node
    return row


def side_values(values: Mapping[str, Any], kind: Kind) -> dict[str, Any]:
    """Those of some values that have a column in the table of their kind."""
    return {name: value for name, value in values.items() if kind.table is not None and name in kind.table.columns}


def attachment_rows(entity: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The files that the values of an entity name."""
    named = [("files", n, file) for n, file in enumerate(values.get("files") or [])]
    if values.get("picture"):
        named.append(("picture", 0, values["picture"]))
    return [
        {
            "entry": entity, "field": field_name, "n": n, "sha256": file["sha256"], "name": file["name"],
            "type": file["type"], "size": file["size"], "alt": file.get("alt", ""),
            "caption": file.get("caption", ""), "credit": file.get("credit", ""),
        }
        for field_name, n, file in named
    ]  # fmt: skip


def _default(column: Any) -> Any:
    if column.default is None:
        return None
    return column.default.arg(None) if callable(column.default.arg) else column.default.arg
