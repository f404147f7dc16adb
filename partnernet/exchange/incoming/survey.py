"""Looking into a bundle without a ledger: everything in it is checked, and nothing is stored."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from partnernet.core.errors import BadBundle
from partnernet.core.ledger.fold import ERASES
from partnernet.core.ledger.op import UnknownVersion, check_signature, read
from partnernet.core.words import _
from partnernet.exchange.incoming.reader import Bundle

NODES_COUNTED = 10_000


def survey(bundle: Bundle, progress: Callable[[int], None] = lambda count: None) -> dict[str, Any]:
    """What a bundle holds, once every hash and signature in it is checked; raises BadBundle."""
    kinds: Counter[str] = Counter()
    logs: Counter[str] = Counter()
    nodes: Counter[str] = Counter()
    ops = erased = later = 0
    for line in bundle.lines():
        ops += 1
        progress(1)
        try:
            op = read(line.line)
            check_signature(op)
        except UnknownVersion:
            later += 1
            continue
        except BadBundle as error:
            raise BadBundle(
                _("%(where)s is bad. %(why)s", where=line.where.capitalize(), why=error.sentence)
            ) from error
        kinds[op.kind] += 1
        logs[op.log] += 1
        erased += op.body is None
        if op.node in nodes or len(nodes) < NODES_COUNTED:
            nodes[op.node] += 1
    bundle.check()
    header = bundle.header
    return {
        "form": bundle.form,
        "sender": bundle.sender,
        "network": header.network,
        "server": header.called,
        "created": header.created,
        "note": header.note,
        "ops": ops,
        "by_kind": dict(sorted(kinds.items())),
        "by_log": dict(sorted(logs.items())),
        "by_node": dict(sorted(nodes.items())),
        "redactions": sum(kinds[kind] for kind in ERASES),
        "erased": erased,
        "later": later,
        "files": len(bundle.blobs),
        "bytes": sum(bundle.blobs.values()),
        "left_out": [item.said() for item in header.left_out],
    }
