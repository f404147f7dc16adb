"""What a bundle, a preview and a receipt say, in sentences: the same on pages and on the command line."""

from collections.abc import Mapping, Sequence
from typing import Any

from partnernet.core.ledger.kinds import KINDS
from partnernet.exchange.admit import spoken

Counts = Mapping[str, Any]


def of_preview(preview: Counts) -> list[str]:
    """What an import would do."""
    said = []
    if preview["new"]:
        said.append(f"New here: {kinds(preview['new'])}.")
    if preview["changed"]:
        said.append(f"Changed: {many(preview['changed'], 'entry', 'entries')} that you have already.")
    if preview["conflicts"]:
        two = "in which two versions will stand side by side until somebody brings them together"
        said.append(f"Conflicts: {many(preview['conflicts'], 'entry', 'entries')} {two}.")
    if preview["late"]:
        said.append(f"Completed: {many(preview['late'], 'text', 'texts')} that had not arrived yet.")
    if preview["redactions"]:
        gone = "what they name is erased here for good"
        said.append(f"Erased: {many(preview['redactions'], 'erasure', 'erasures')}; {gone}.")
    if preview["people"]["count"]:
        said.append(f"New people: {_names(preview['people'])}.")
    if preview["files"]["new"]:
        said.append(f"New files: {preview['files']['new']:,}, together {_megabytes(preview['files']['bytes'])}.")
    if preview["known"]:
        said.append(f"Here already, and left as they are: {many(preview['known'], 'statement', 'statements')}.")
    said += _outside(preview)
    return said or ["There is nothing in it that is not here already."]


def of_receipt(receipt: Counts) -> list[str]:
    """What an import did."""
    said = [f"{many(receipt['ops'], 'statement', 'statements')} taken in."]
    if receipt["late"]:
        said.append(f"{many(receipt['late'], 'text', 'texts')} put in place that had not arrived before.")
    if receipt["files"]:
        said.append(f"{many(receipt['files'], 'file', 'files')} put in place.")
    if receipt["known"]:
        said.append(f"{many(receipt['known'], 'statement', 'statements')} here already.")
    if receipt["waiting"]:
        said.append(f"{many(receipt['waiting'], 'statement', 'statements')} waiting for a steward.")
    said += [f"{many(count, 'statement', 'statements')} left out: {why}." for why, count in receipt["refused"].items()]
    return said


def of_survey(found: Counts) -> list[str]:
    """What is in a bundle."""
    sender = f"server {spoken(found['sender'])}" if found["sender"] else "nobody who signed it"
    of_network = f" of “{found['network']}”" if found["network"] else ""
    on_day = f" on {found['created'][:10]}" if found["created"] else ""
    said = [
        f"A whole and undamaged bundle, handed over by {sender}{of_network}{on_day}.",
        f"It holds {many(found['ops'], 'statement', 'statements')} "
        f"by {many(len(found['by_node']), 'server', 'servers')}: {kinds(found['by_kind'])}.",
    ]
    if found["files"]:
        said.append(f"With {many(found['files'], 'file', 'files')}, together {_megabytes(found['bytes'])}.")
    if found["later"]:
        said.append(f"{many(found['later'], 'statement is', 'statements are')} in a newer format.")
    if found["note"]:
        said.append(f"Note: {found['note']}")
    return said + left_out(found["left_out"])


def left_out(items: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is not in a bundle, and why."""
    return [
        "Left out: " + (f"{item['count']:,} " if item.get("count") is not None else "")
        + f"{item.get('what', '')} ({item.get('why', '')})."
        for item in items
    ]  # fmt: skip


def kinds(counts: Mapping[str, int]) -> str:
    """Numbers of things by kind: 12 replies, 3 people."""
    said = []
    for kind, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        declared = KINDS.get(kind)
        plural = (declared.plural if declared else "") or _plural(kind)
        said.append(f"{count:,} {kind.replace('_', ' ') if count == 1 else plural}")
    return ", ".join(said)


def many(count: int, one: str, more: str) -> str:
    """A number with its noun."""
    return f"{count:,} {one if count == 1 else more}"


def _outside(preview: Counts) -> list[str]:
    said = [
        f"Waiting outside: {many(count, 'statement', 'statements')} by the server {spoken(node)}, "
        "until a steward admits it."
        for node, count in preview["waiting"].items()
    ]
    if preview["later"]:
        said.append(f"In a newer format: {many(preview['later'], 'statement', 'statements')}, until an update.")
    return said + [
        f"Left out: {many(count, 'statement', 'statements')}, because {why}."
        for why, count in preview["refused"].items()
    ]


def _names(people: Counts) -> str:
    rest = people["count"] - len(people["names"])
    return ", ".join(people["names"]) + (f" and {rest:,} more" if rest else "")


def _megabytes(size: int) -> str:
    return f"{size / (1 << 20):,.1f} MB" if size >= 1 << 20 else f"{max(size, 1) / 1024:,.0f} KB"


def _plural(kind: str) -> str:
    word = kind.replace("_", " ")
    if word.endswith(("s", "ship")):
        return word if word.endswith("s") else word + "s"
    return word[:-1] + "ies" if word.endswith("y") else word + "s"
