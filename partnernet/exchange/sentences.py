"""What a bundle, a preview and a receipt say, in sentences: the same on pages and on the command line."""

from collections.abc import Mapping, Sequence
from typing import Any

from partnernet.core.words import _, if_any, plural
from partnernet.exchange import counted
from partnernet.exchange.counted import kinds, statements
from partnernet.nodes.fingerprint import spoken
from partnernet.nodes.known import unnamed

Counts = Mapping[str, Any]


def of_preview(preview: Counts, called: Mapping[str, str] | None = None) -> list[str]:
    """What an import would do; `called` has the names of servers by their keys, where they are to be named."""
    said = []
    if preview["new"]:
        said.append(_("New here: %(things)s.", things=kinds(preview["new"])))
    said += if_any(
        "Changed: %(count)s entry that you have already.",
        "Changed: %(count)s entries that you have already.",
        preview["changed"],
    )
    said += if_any(
        "Conflicts: %(count)s entry in which two versions will stand side by side until somebody brings them together.",
        "Conflicts: %(count)s entries in which two versions will stand side by side until somebody "
        "brings them together.",
        preview["conflicts"],
    )
    said += if_any(
        "Completed: %(count)s text that had not arrived yet.",
        "Completed: %(count)s texts that had not arrived yet.",
        preview["late"],
    )
    said += if_any(
        "Erased: what %(count)s erasure names is erased here for good.",
        "Erased: what %(count)s erasures name is erased here for good.",
        preview["redactions"],
    )
    if preview["people"]["names"]:
        said.append(_people(preview["people"]))
    said += if_any(
        "New files: %(count)s, together %(size)s.",
        "New files: %(count)s, together %(size)s.",
        preview["files"]["new"],
        size=counted.size(preview["files"]["bytes"]),
    )
    if preview["known"]:
        said.append(_("Here already, and left as they are: %(statements)s.", statements=statements(preview["known"])))
    said += _outside(preview, called or {})
    return said or [_("There is nothing in it that is not here already.")]


def of_receipt(receipt: Counts) -> list[str]:
    """What an import did."""
    if not any(value for name, value in receipt.items() if name != "known"):
        return [_("There is nothing in it that is not here already.")]
    said = if_any("%(count)s statement taken in.", "%(count)s statements taken in.", receipt["ops"])
    said += if_any(
        "%(count)s text put in place that had not arrived before.",
        "%(count)s texts put in place that had not arrived before.",
        receipt["late"],
    )
    said += if_any("%(count)s file put in place.", "%(count)s files put in place.", receipt["files"])
    said += if_any(
        "%(count)s file left out: as much as its server may send has come; it comes with a later bundle.",
        "%(count)s files left out: as much as their servers may send has come; they come with a later bundle.",
        receipt.get("left_out", 0),
    )
    said += if_any("%(count)s statement here already.", "%(count)s statements here already.", receipt["known"])
    said += if_any(
        "%(count)s statement waiting for a steward.",
        "%(count)s statements waiting for a steward.",
        max(0, receipt["waiting"] - receipt.get("later", 0)),
    )
    return (
        said
        + _of_later(receipt.get("later", 0))
        + [
            plural(
                "%(count)s statement left out: %(why)s.",
                "%(count)s statements left out: %(why)s.",
                count,
                why=counted.reason(why),
            )
            for why, count in receipt["refused"].items()
        ]
    )


def of_survey(found: Counts) -> list[str]:
    """What is in a bundle."""
    said = [
        _sender(found),
        _(
            "It holds %(statements)s by %(servers)s: %(things)s.",
            statements=statements(found["ops"]), servers=counted.servers(len(found["by_node"])),
            things=kinds(found["by_kind"]),
        ),
    ]  # fmt: skip
    said += if_any(
        "With %(count)s file, together %(size)s.",
        "With %(count)s files, together %(size)s.",
        found["files"],
        size=counted.size(found["bytes"]),
    )
    said += if_any(
        "%(count)s statement is in a newer format.",
        "%(count)s statements are in a newer format.",
        found["later"],
    )
    if found["note"]:
        said.append(_("Note: %(note)s", note=found["note"]))
    return said + left_out(found["left_out"])


def not_in_it(items: Sequence[Mapping[str, Any]]) -> list[str]:
    """The same under a heading that says so already."""
    return [_not_in_it(item) for item in items]


def _not_in_it(item: Mapping[str, Any]) -> str:
    what, why = str(counted.reason(item.get("what", ""))), counted.reason(item.get("why", ""))
    what = what[:1].upper() + what[1:]
    if item.get("count") is None:
        return _("%(what)s: %(why)s.", what=what, why=why)
    return _("%(what)s (%(count)s): %(why)s.", count=item["count"], what=what, why=why)


def left_out(items: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is not in a bundle, and why."""
    return [_left_out(item) for item in items]


def _left_out(item: Mapping[str, Any]) -> str:
    what, why = counted.reason(item.get("what", "")), counted.reason(item.get("why", ""))
    if item.get("count") is None:
        return _("Left out: %(what)s (%(why)s).", what=what, why=why)
    return _("Left out: %(what)s: %(count)s (%(why)s).", count=item["count"], what=what, why=why)


def _sender(found: Counts) -> str:
    """Surveys stand on the command line only, where sentences stay as they are written."""
    sender = f"server {spoken(found['sender'])}" if found["sender"] else "nobody who signed it"
    if found["sender"] and found["server"]:
        sender = f"“{found['server']}” ({sender})"
    of_network = f" of “{found['network']}”" if found["network"] else ""
    on_day = f" on {found['created'][:10]}" if found["created"] else ""
    return f"A whole and undamaged bundle, handed over by {sender}{of_network}{on_day}."


def _people(people: Counts) -> str:
    names, rest = ", ".join(people["names"]), people["count"] - len(people["names"])
    if not rest:
        return _("New people: %(names)s.", names=names)
    return plural(
        "New people: %(names)s and %(count)s more.", "New people: %(names)s and %(count)s more.", rest, names=names
    )


def _of_later(count: int) -> list[str]:
    return if_any(
        "In a newer format: %(count)s statement, until an update.",
        "In a newer format: %(count)s statements, until an update.",
        count,
    )


def _outside(preview: Counts, called: Mapping[str, str]) -> list[str]:
    said = [
        plural(
            "Waiting outside: %(count)s statement by %(server)s, until a steward lets that server in.",
            "Waiting outside: %(count)s statements by %(server)s, until a steward lets that server in.",
            count,
            server=called.get(node) or unnamed(node),
        )
        for node, count in preview["waiting"].items()
    ]
    return (
        said
        + _of_later(preview["later"])
        + [
            plural(
                "Left out: %(count)s statement, because %(why)s.",
                "Left out: %(count)s statements, because %(why)s.",
                count,
                why=counted.reason(why),
            )
            for why, count in preview["refused"].items()
        ]
    )
