"""A flipped bit is found, whichever table and column it is in."""

from hashlib import sha256

import orjson
import pytest

from partnernet.core.ledger import canonical, membership
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.ledger.node import SigningKey
from partnernet.core.ledger.op import Op
from partnernet.core.ledger.tables import OpRow, Quarantined, Touched
from partnernet.core.ledger.verify import projected_tables, verify
from tests.laws import specimens
from tests.laws.place import Actor, Place
from tests.laws.story import FILE
from tests.laws.world import World, forged
from tests.postgres import ON_POSTGRES

if ON_POSTGRES:
    from psycopg.types.json import Json

ROW = "ctid" if ON_POSTGRES else "rowid"
"""Where a row lies, whichever database it is."""
refuses_it = pytest.mark.skipif(ON_POSTGRES, reason="PostgreSQL holds no value that its type does not allow")

with specimens.declared():
    TABLES = [OpRow.__table__, Touched.__table__, *projected_tables()]
COLUMNS = [
    (table.name, column.name)
    for table in TABLES
    for column in table.columns
    if (table.name, column.name) != ("op", "n")  # the order in which ops came: nothing else tells it
]


def fill(node: Place, membership: str) -> Op:
    """Write something of everything, so that every column has something in it to be damaged."""
    by = Actor(node.node, node.person.handle, "a" * 52)
    for kind in sorted(KINDS):
        node.write(kind, "public", {"set": {}}, who=node.person.handle)
    values = {
        "title": "first", "body": "text", "summary": "s", "points": ["a"], "count": 3, "lang": "de", "date": 5,
        "credit": "Ann", "source": "list/1", "files": [{**FILE, "alt": "a", "caption": "b", "credit": "c"}],
    }  # fmt: skip
    page = node.write("testpage", "network", {"set": values}, by=by)
    copy = node.write("testpage", "public", {"set": {"title": "copy", "copied_from": page.id}})
    reply = node.write("testreply", "public", {"set": {"body": "reply"}}, root=copy.id, re=copy.id)
    node.write("testreply", "public", {"set": {"body": "answer"}}, root=copy.id, re=reply.id)
    node.write("edit", "network", {"set": {"title": "second"}}, ent=page.id, par=[page.id], mem=membership)
    node.write("mark", "network", {"mark": "tag", "subject": "music", "value": True}, ent=page.id, by=by)
    node.write("delete", "public", {"set": {"deleted": True}}, ent=reply.id, root=copy.id, par=[reply.id])
    return page


@pytest.fixture
def filled() -> Place:
    """A node with a row in every table."""
    world = World.of(2)
    here, other = world.places
    page = fill(here, world.membership)
    bare = forged(other.person, {"ent": page.id, "par": [page.id]}, {"set": {"summary": "to come"}})
    here.receive([bare.erased()])
    named = {"node": other.node.id, "name": "The barge", "reads": ["public"], "writes": ["public"]}
    spare = SigningKey.from_seed(b"s" * 32)
    for body in (
        *membership.revocations(world.network_key, world.network, 2, other.node.id, keep=[bare.id]),
        membership.document(world.network_key, world.network, 3, [], [named], spare.public),
    ):
        kind = "membership" if "stewards" in body["doc"] else "revoke"
        here.write(kind, "public", body, ent=world.network, par=[world.network])
    return here


def run(node: Place, statement: str, *values: object) -> list[tuple]:
    """Do something to the database behind the back of everything."""
    with node.engine.connect().execution_options(writes=True) as connection:
        done = connection.exec_driver_sql(statement.replace("?", "%s") if ON_POSTGRES else statement, values)
        rows = [tuple(row) for row in done] if done.returns_rows else []
        connection.commit()
    return rows


def wrong(node: Place) -> list[str]:
    """What `verify` says."""
    found = verify(node.session, node.node.id)
    node.session.rollback()
    return found


def flip(value: object) -> object:
    """A stored value with one bit the other way, as far as the database holds such a one."""
    if ON_POSTGRES and isinstance(value, bool):
        return not value
    if ON_POSTGRES and isinstance(value, list | dict):
        return Json([*value, 0] if isinstance(value, list) else {**value, "": 0})
    if isinstance(value, int):
        return value ^ 1 << 20
    if isinstance(value, bytes):
        return value[:-9] + bytes([value[-9] ^ 1]) + value[-8:]
    assert isinstance(value, str)
    return value[:-1] + chr(ord(value[-1]) ^ 1) if value else "x"


@pytest.mark.parametrize("table, column", COLUMNS)
def test_a_flipped_bit_is_found_and_its_table_and_row_named(filled, table, column):
    key = "id" if table == "op" else next(t.primary_key.columns[0].name for t in TABLES if t.name == table)
    length = f'length(cast("{column}" as text))' if ON_POSTGRES else f'length("{column}")'
    ((row, before, name),) = run(
        filled,
        f'select {ROW}, "{column}", "{key}" from "{table}" where "{column}" is not null '
        f"order by {length} desc, {ROW} desc limit 1",
    )
    after = flip(before)
    run(filled, f'update "{table}" set "{column}" = ? where {ROW} = ?', after, row)
    named = {f"{table} {name}", f"{table} {after}"}
    assert any(sentence.startswith(tuple(named)) for sentence in wrong(filled))


@refuses_it
def test_every_bit_of_a_truth_value_is_looked_at(filled):
    run(filled, "update entry set deleted = 2 where deleted = 1")
    assert any("deleted is not what the ops say" in sentence for sentence in wrong(filled))


def test_a_sound_node_has_nothing_wrong(filled):
    assert wrong(filled) == []


def test_nothing_is_wrong_with_an_empty_node(node):
    assert wrong(node) == []


def test_how_far_it_is_can_be_followed(filled):
    heard = []
    verify(filled.session, filled.node.id, lambda done, total: heard.append((done, total)))
    filled.session.rollback()
    assert heard == [(len(filled.ops()), len(filled.ops()))]


@pytest.mark.parametrize("table", sorted({table for table, _ in COLUMNS}))
def test_a_row_that_is_gone_is_missed(filled, table):
    order = ROW if table == "touched" else f"{ROW} desc"
    run(filled, f'delete from "{table}" where {ROW} = (select {ROW} from "{table}" order by {order} limit 1 offset 1)')
    run(filled, f'delete from "{table}" where (select count(*) from "{table}") = 1')
    assert wrong(filled)


def test_a_row_that_no_op_made_is_found(filled):
    run(
        filled,
        "insert into mark select 'x', entry, log, mark, 'dance', node, \"by\", partner, value, ts, heads from mark",
    )
    assert any(sentence == "mark x: no op says that this is there." for sentence in wrong(filled))


@refuses_it
@pytest.mark.parametrize("table, column", [("entry", "title"), ("entry", "setters"), ("mark", "subject")])
def test_a_value_that_cannot_even_be_read_is_found(filled, table, column):
    run(filled, f"update {table} set {column} = cast(x'22ff22' as text) where rowid = (select max(rowid) from {table})")
    assert any(sentence.startswith(f"{table} ") and "cannot be read" in sentence for sentence in wrong(filled))


def test_words_that_should_have_been_erased_are_found(filled):
    page = next(some for some in filled.ops().values() if some.kind == "testpage" and some.set.get("title"))
    filled.write("redact", "network", {}, ent=page.id, par=filled.entry(page.id)["heads"])
    assert wrong(filled) == []
    run(filled, "update op set body = ? where id = ?", page.body, page.id)
    assert f"op {page.id}: it was redacted, and its words are still here." in wrong(filled)


def test_an_op_that_its_node_did_not_sign_is_found(filled, other):
    made = forged(filled.person, {"kind": "testpage", "seq": 50}, {"set": {}})
    swapped = Op(made.id, made.head, made.body, other.person.node.key.sign(b"x"), made.h, made.b)
    filled.receive([swapped])
    assert any(sentence.startswith(f"op {made.id}: The signature") for sentence in wrong(filled))


def test_notes_may_be_thrown_away_from_the_oldest(filled):
    run(filled, "delete from touched where position <= 12")
    assert wrong(filled) == []


def test_what_waits_outside_is_checked_too(filled, other):
    made = forged(other.person, {"kind": "testpage"}, {"set": {}})
    later = orjson.loads(made.line)
    later["h"]["v"] = 9
    insert = f"insert into {Quarantined.__tablename__} (id, node, line, since) values (?, ?, ?, 1)"
    run(filled, insert, made.id, made.node, made.line)
    line = canonical.encode(later)
    run(filled, insert, canonical.to_base32(sha256(line).digest()), made.node, line)
    assert wrong(filled) == []
    run(filled, insert, "c" * 52, made.node, made.line)
    run(filled, insert, "d" * 52, made.node, b"{}")
    own = forged(filled.person, {"kind": "testpage", "seq": 60}, {"set": {}})
    run(filled, insert, own.id, own.node, own.line)
    listed = forged(other.person, {"kind": "membership", "ent": made.id, "par": [made.id]}, {"doc": {}, "by_key": ""})
    run(filled, insert, listed.id, listed.node, listed.line)
    assert [sentence.partition(":")[0] for sentence in wrong(filled)] == [
        f"quarantine {key}" for key in sorted(["c" * 52, "d" * 52, own.id, listed.id])
    ]


def test_a_list_without_end_is_cut_short(filled):
    columns = 'entry, log, mark, subject, node, "by", partner, value, ts, heads'
    numbers = "with recursive n(x) as (select 1 union all select x + 1 from n where x < 600)"
    run(filled, f"insert into mark (thing, {columns}) {numbers} select 'x' || n.x, {columns} from mark, n")
    found = wrong(filled)
    assert len(found) == 501 and found[-1].startswith("There is more")
