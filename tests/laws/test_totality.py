"""The projection takes whatever is well-formed, and passes it on as it came."""

from hypothesis import given
from hypothesis import strategies as st

from partnernet.core.ledger import canonical, op
from partnernet.core.ledger.kinds import EVERY, KINDS
from partnernet.core.ledger.op import Op
from tests.laws.budget import budget
from tests.laws.place import LOGS, START, Place, place
from tests.laws.story import FILE
from tests.laws.world import fix_chance, forged

keys = st.sampled_from(["x", "later", "set", "kinds", "a_key_of_a_later_version"])
extras = st.sampled_from(["ops", "mem", "net", "re", "later", "x"])
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
words = st.sampled_from(
    ["", "tag", "testvote", "music", "yes", "1999-12-31", "https://example.org/", "a" * 52, "x" * 400]
)
scalars = st.one_of(
    st.none(), st.booleans(), texts, words,
    st.integers(-canonical.INTEGER_LIMIT + 1, canonical.INTEGER_LIMIT - 1),
    st.just(FILE), st.just({**FILE, "type": 3}), st.just({"sha256": "a" * 64}),
)  # fmt: skip
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=6,
)


def _names() -> list[str]:
    return sorted({name for kind in KINDS.values() for name in kind.fields} | set(EVERY) | {"deleted", "unknown"})


@st.composite
def chains(draw: st.DrawFn) -> list[Op]:
    """Ops that anybody could have signed: each may make something, or change what one before it made."""
    fix_chance()
    authors = [place(f"node{n}").person for n in range(2)]
    ops: list[Op] = []
    change = st.sampled_from(
        [
            "edit",
            "delete",
            "mark",
            "redact",
            "erase_person",
            "membership",
            "moderate",
            "alias",
            "revoke",
            "frob",
        ]
    )
    for seq in range(1, draw(st.integers(2, 9))):
        target = draw(st.sampled_from([None, *ops]))
        kind = draw(st.sampled_from(sorted(KINDS)) | change) if target is None else draw(change)
        under = draw(st.sampled_from(["a" * 52, None, *[some.id for some in ops]]))
        head = {
            "kind": kind, "seq": seq, "log": draw(st.sampled_from([*LOGS, "circle:" + "a" * 52])),
            "ts": draw(st.sampled_from([0, START, canonical.INTEGER_LIMIT - 1])),
            "ent": target.entity if target else None, "root": under,
            "par": sorted({target.id, draw(st.sampled_from(ops)).id}) if target else [],
        }  # fmt: skip
        extra = draw(st.dictionaries(extras, values, max_size=3))
        if ops and draw(st.booleans()):
            extra["ops"] = [draw(st.sampled_from(ops)).id, draw(values)]
            extra["mem"] = draw(st.sampled_from(ops)).id
        named = draw(st.dictionaries(st.sampled_from(_names()), values, max_size=5))
        body = {
            **draw(st.dictionaries(keys, values, max_size=2)),
            **draw(st.sampled_from([{"set": named}, {"set": draw(values)}, {}])),
            **draw(
                st.fixed_dictionaries({}, optional={"mark": values, "subject": values, "value": values, "doc": values})
            ),
        }
        ops.append(forged(draw(st.sampled_from(authors)), {**extra, **head}, body))
    return ops


@given(chains())
@budget(40)
def test_nothing_well_formed_stops_the_projection_whatever_the_order(ops):
    nodes = _empty()
    nodes[0].receive(ops)
    for some in reversed(ops):
        nodes[1].receive([some.erased()])
        nodes[1].receive([some])
    base = list(nodes[0].ops().values())
    nodes[1].receive(base)
    assert nodes[0].shown() == nodes[1].shown()


@given(chains())
@budget(40)
def test_fields_of_the_wrong_type_are_as_if_they_were_not_there(ops):
    node = _empty()[0]
    node.receive(ops)
    here = node.ops()
    for row in node.rows_of("entry"):
        kind = KINDS[row["kind"]]
        for name, setters in row["setters"].items():
            declared = kind.find(name)
            for setter in setters:
                value = here[setter].set[name]
                assert name == "deleted" or (declared is not None and declared.good(value))


@given(chains())
@budget(30)
def test_lines_come_out_as_they_went_in_unknown_kinds_and_fields_included(ops):
    redacted = _may_be_erased(ops)
    first, second = _empty()
    first.receive([op.read(some.line) for some in ops])
    second.receive([op.read(line) for line in first.lines()])
    for target in (first, second):
        lines = _by_id(target)
        for some in ops:
            assert lines[some.id] == some.line or (some.id in redacted and lines[some.id] == some.erased().line)


def _empty() -> list[Place]:
    return [place(f"node{n}").empty() for n in range(2)]


def _by_id(target: Place) -> dict[str, bytes]:
    return {some.id: some.line for some in target.ops().values()}


def _may_be_erased(ops: list[Op]) -> set[str]:
    under = {some.entity for some in ops if some.kind in ("redact", "erase_person")}
    return {some.id for some in ops if some.entity in under}
