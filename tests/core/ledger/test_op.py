import orjson
import pytest

from partnernet.core.errors import BadBundle
from partnernet.core.ledger import canonical, op
from partnernet.core.ledger.node import SigningKey
from partnernet.core.ledger.op import UnknownVersion

KEY = SigningKey.from_seed(b"a" * 32)
OTHER = SigningKey.from_seed(b"b" * 32)
HEAD = {
    "node": KEY.public, "by": "p" + "a" * 26, "inc": "b" * 26, "seq": 1, "kind": "news", "log": "network",
    "ent": None, "root": None, "par": [], "ts": 1_780_000_000_000,
}  # fmt: skip
ENTITY, OTHER_ID = "c" * 51 + "a", "d" * 51 + "a"


def _write(head=None, body=None, key=KEY):
    return op.write({**HEAD, **(head or {})}, body or {"set": {"title": "Hello"}}, key.sign)


def _altered(change, rehash=False):
    line = orjson.loads(_write().line)
    change(line)
    if rehash:
        if line["b"] is not None:
            line["h"]["bh"] = canonical.to_base32(op.sha256(canonical.encode(line["b"])).digest())
        line["id"] = canonical.to_base32(op.sha256(canonical.encode(line["h"])).digest())
    return canonical.encode(line)


def test_what_is_written_is_read_and_its_signature_holds():
    written = _write()
    found = op.read(written.line)
    assert found == written
    op.check_signature(found)
    assert len(found.b["salt"]) == 26


def test_an_op_without_its_body_still_verifies():
    bare = op.read(_write().erased().line)
    op.check_signature(bare)
    assert bare.b is None and bare.set == {}


def _set_title(line):
    line["b"]["set"]["title"] = "Goodbye"


def _set_author(line):
    line["h"]["by"] = "p" + "c" * 26


def _set_log(line):
    line["h"]["log"] = "public"


def _set_stamp(line):
    line["h"]["ts"] += 1


def _set_node(line):
    line["h"]["node"] = OTHER.public


def _set_partner(line):
    line["h"]["for"] = ENTITY


def _swap_signature(line):
    line["sig"] = canonical.to_base32(_write({"seq": 2}).sig)


def _other_id(line):
    line["id"] = OTHER_ID


FORGERIES = [_set_title, _set_author, _set_log, _set_stamp, _set_node, _set_partner]


@pytest.mark.parametrize("change", [*FORGERIES, _other_id])
def test_an_altered_op_is_refused(change):
    with pytest.raises(BadBundle):
        op.read(_altered(change))


@pytest.mark.parametrize("change", [*FORGERIES, _swap_signature])
def test_an_altered_op_that_was_hashed_again_fails_its_signature(change):
    found = op.read(_altered(change, rehash=True))
    with pytest.raises(BadBundle, match="signature"):
        op.check_signature(found)


def test_every_flipped_bit_of_a_line_is_noticed():
    line = _write().line
    for at in range(len(line)):
        flipped = bytearray(line)
        flipped[at] ^= 1
        with pytest.raises(BadBundle):
            op.check_signature(op.read(bytes(flipped)))


@pytest.mark.parametrize("version", [2, 3, 1000])
def test_a_later_version_is_told_apart(version):
    with pytest.raises(UnknownVersion):
        op.read(_altered(lambda line: line["h"].update(v=version), rehash=True))


@pytest.mark.parametrize("version", [True, False, 0, -1, "1", None])
def test_a_version_that_is_none_is_refused(version):
    with pytest.raises(BadBundle) as refused:
        op.read(_altered(lambda line: line["h"].update(v=version), rehash=True))
    assert not isinstance(refused.value, UnknownVersion)


@pytest.mark.parametrize(
    "head",
    [
        {"node": "short"}, {"node": None}, {"by": "alice"}, {"by": "p" + "A" * 26}, {"inc": ""},
        {"kind": "News"}, {"kind": "a" * 33}, {"log": "secret"}, {"log": "circle:x"}, {"log": "public\n"},
        {"ent": "x"},
        {"ent": 0},
        {"root": False}, {"par": None}, {"par": [OTHER_ID, ENTITY], "ent": ENTITY},
        {"par": [ENTITY, ENTITY], "ent": ENTITY}, {"par": ["x"], "ent": ENTITY}, {"par": [ENTITY]},
        {"seq": 0},
        {"seq": True}, {"seq": "1"}, {"ts": -1}, {"ts": None}, {"for": "x"}, {"who": "alice"}, {"who": None},
        {"par": [f"{chr(97 + n // 26)}{chr(97 + n % 26)}" + "a" * 50 for n in range(65)], "ent": ENTITY},
    ],
)  # fmt: skip
def test_a_header_that_is_not_as_it_should_be_is_refused(head):
    with pytest.raises(BadBundle):
        op.read(_altered(lambda line: line["h"].update(head), rehash=True))


@pytest.mark.parametrize("name", [*HEAD, "v", "bh"])
def test_no_part_of_a_header_may_be_missing(name):
    with pytest.raises(BadBundle):
        op.read(_altered(lambda line: line["h"].pop(name)))


@pytest.mark.parametrize(
    "change",
    [
        lambda line: line.pop("sig"), lambda line: line.pop("b"), lambda line: line.update(more=1),
        lambda line: line.update(b=[]), lambda line: line.update(h=[]), lambda line: line.update(id=1),
        lambda line: line.update(sig=None), lambda line: line.update(sig="a"),
    ],
)  # fmt: skip
def test_a_line_with_other_parts_is_refused(change):
    with pytest.raises(BadBundle):
        op.read(_altered(change))


def test_unknown_fields_of_header_and_body_are_kept_byte_for_byte():
    written = _write({"later": {"deep": [1, None]}, "kind": "hologram"}, {"set": {}, "more": "x"})
    assert op.read(written.line).line == written.line


def test_what_is_too_long_for_a_line_is_not_written():
    with pytest.raises(BadBundle, match="split it"):
        _write(body={"set": {"body": "a" * canonical.LINE_LIMIT}})


def test_marks_of_one_person_share_a_register_and_others_do_not():
    def thing(head=None, **body):
        return _write({"kind": "mark", "ent": ENTITY, **(head or {})}, {"mark": "tag", **body}).thing

    first = thing(subject="music", value=True)
    assert first.startswith(ENTITY + "/")
    assert thing(subject="music", value=False) == first
    others = [
        thing(subject="dance"), thing(), thing({"by": "p" + "b" * 26}, subject="music"),
        thing({"for": OTHER_ID}, subject="music"), thing({"log": "public"}, subject="music"),
    ]  # fmt: skip
    assert len({first, *others}) == 6
    shared = thing({"for": OTHER_ID, "by": "p" + "b" * 26}, subject="music")
    assert shared == thing({"for": OTHER_ID}, subject="music")


@pytest.mark.parametrize("body", [{"mark": 1}, {"mark": "tag", "subject": ["x"]}, {"value": True}])
def test_a_mark_without_a_register_waits_aside(body):
    assert _write({"kind": "mark", "ent": ENTITY}, body).thing == f"{ENTITY}/?"


def test_a_mark_without_its_body_waits_aside():
    assert _write({"kind": "mark", "ent": ENTITY}, {"mark": "tag"}).erased().thing == f"{ENTITY}/?"


def test_salts_differ():
    assert _write().id != _write().id
