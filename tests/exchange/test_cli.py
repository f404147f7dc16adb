"""The commands: export, inspect, import and have."""

import json
import random
from collections.abc import Callable

import pytest
from sqlalchemy import select

from partnernet.core.db import commit, db
from partnernet.core.errors import Invalid, Refused
from partnernet.core.ledger import canonical
from partnernet.core.time import DAY, from_ms, now_ms
from partnernet.exchange.model import Handover, ImportBatch
from partnernet.exchange.outgoing.selection import FIRST, Selection
from partnernet.nodes import known
from tests.exchange.nodes import Server
from tests.exchange.places import FORMS, Place, lines_of


@pytest.mark.parametrize("form", FORMS)
def test_import_with_yes_admits_and_takes_in(hall: Place, pier: Server, form: str) -> None:
    out = hall.export(f"out{form}")
    result = pier.run("import", str(out), "--yes")
    assert result.exit_code == 0 and "9 statements taken in." in result.stdout
    assert "New people: Josie Calder, Wren Achebe." in result.stderr
    assert json.loads(pier.run("have").stdout) == hall.have()
    again = pier.run("import", str(out), "--yes")
    assert again.exit_code == 0 and "is here already; nothing was changed." in again.stdout


def test_import_without_yes_leaves_unknown_servers_outside(hall: Place, pier: Server) -> None:
    result = pier.run("import", str(hall.export("out.pn.zip")))
    assert result.exit_code == 0 and "9 statements waiting for a steward." in result.stdout
    assert pier.run("have").stdout == "{}\n"


def test_import_with_yes_lets_in_what_waited_outside(hall: Place, pier: Server) -> None:
    out = str(hall.export("out.pn.zip"))
    pier.run("import", out)
    assert "is here already; nothing was changed." in pier.run("import", out).stdout
    assert "9 statements taken in." in pier.run("import", out, "--yes").stdout
    assert json.loads(pier.run("have").stdout) == hall.have()
    assert "is here already; nothing was changed." in pier.run("import", out, "--yes").stdout


def test_import_says_what_it_did_for_programs(hall: Place, pier: Server) -> None:
    said = json.loads(pier.run("import", str(hall.export("out.pn.zip")), "--yes", "--json").stdout)
    assert said["state"] == "applied" and said["sender"] == hall.node.id
    assert said["receipt"]["ops"] == 9 and said["receipt"]["files"] == 1
    assert said["preview"]["people"]["count"] == 2


def test_a_bad_file_is_refused_in_one_sentence(hall: Place, pier: Server) -> None:
    path = hall.export("out.pn.jsonl")
    path.write_bytes(path.read_bytes().replace(b"Friday", b"Sunday"))
    for command in ("import", "inspect"):
        result = pier.run(command, str(path))
        assert result.exit_code and isinstance(result.exception, Refused)
        assert "ine 6 is bad. The text of a statement has been altered." in result.exception.sentence
    assert pier.run("have").stdout == "{}\n"


def test_a_name_of_no_bundle_is_refused(hall: Place, pier: Server) -> None:
    other = hall.export("out.pn.zip").rename(hall.folder / "minutes.docx")
    result = pier.run("import", str(other), "--yes")
    assert isinstance(result.exception, Refused) and "minutes.docx" in result.exception.sentence


def test_a_file_that_is_not_there_is_said_so(pier: Server) -> None:
    result = pier.run("import", "nowhere.pn.zip")
    assert isinstance(result.exception, Refused) and "nowhere.pn.zip" in result.exception.sentence


def test_a_pipe_carries_what_the_other_lacks(hall: Place, pier: Server, server: Callable[[str], Server]) -> None:
    pier.run("import", str(hall.export("out.pn.zip")), "--yes")
    other = server("other")
    have = pier.folder / "have.json"
    have.write_bytes(other.run("have").stdout_bytes)
    lines = pier.run("export", "--since-have", str(have)).stdout_bytes
    assert lines.splitlines() == lines_of(hall.folder / "out.pn.zip")
    assert other.run("import", "-", "--yes", stdin=lines).exit_code == 0
    have.write_bytes(other.run("have").stdout_bytes)
    nothing_new = pier.run("export", "--since-have", str(have))
    assert nothing_new.exit_code == 0 and only_what_always_goes(nothing_new.stdout_bytes)
    assert other.run("import", "-", "--yes", stdin=nothing_new.stdout_bytes).exit_code == 0
    assert other.run("import", "-", "--yes", stdin=b"").exit_code == 0


def test_the_have_of_a_bundle_serves_as_well(hall: Place, pier: Server) -> None:
    out = hall.export("out.pn.zip")
    pier.run("import", str(out), "--yes")
    assert only_what_always_goes(pier.run("export", "--since-have", str(out)).stdout_bytes)


def only_what_always_goes(lines: bytes) -> bool:
    """Whether there are lines, and all are of kinds that go along whatever the other server holds."""
    kinds = {canonical.decode(line)["h"]["kind"] for line in lines.splitlines()}
    return bool(kinds) and kinds <= set(FIRST)


@pytest.mark.parametrize("form", FORMS)
def test_the_name_decides_the_form(hall: Place, pier: Server, form: str) -> None:
    pier.run("import", str(hall.export("in.pn.zip")), "--yes")
    out = pier.folder / f"out{form}"
    result = pier.run("export", "--out", str(out), "--note", "For Wren")
    assert result.exit_code == 0 and "Left out: accounts" in result.stderr
    assert lines_of(out) == lines_of(hall.folder / "in.pn.zip")
    assert not list(pier.folder.glob("*.part"))


def test_export_says_what_it_has_written(hall: Place, pier: Server) -> None:
    pier.run("import", str(hall.export("in.pn.zip")), "--yes")
    out = pier.folder / "out.pn.zip"
    held = len(lines_of(hall.folder / "in.pn.zip"))
    assert f"out.pn.zip is written: {held} statements." in pier.run("export", "--out", str(out)).stderr
    for more, name in (((), "out.pn.zip"), (("--max-size", "2M"), "out-part-1-of-1.pn.zip")):
        said = json.loads(pier.run("export", "--out", str(out), *more, "--json").stdout)
        assert said["files"] == [str(pier.folder / name)] and said["counts"]["ops"] == held
        assert said["left_out"][0]["why"] == "they never leave a server"
    piped = pier.run("export", "--json")
    assert isinstance(piped.exception, Invalid) and "--out" in piped.exception.sentence


def test_a_folder_that_is_not_there_is_named(pier: Server) -> None:
    nowhere = pier.run("export", "--out", str(pier.folder / "nowhere/out.pn.zip"))
    assert isinstance(nowhere.exception, Refused) and "nowhere: make it first" in nowhere.exception.sentence


def test_export_takes_one_log_or_one_entry(hall: Place, pier: Server) -> None:
    pier.run("import", str(hall.export("in.pn.zip")), "--yes")
    public = pier.run("export", "--log", "public").stdout_bytes.splitlines()
    assert len(public) == 1 and b"Open to all" in public[0]
    root = canonical.decode(public[0])["id"]
    assert public[0] in pier.run("export", "--root", root[:12]).stdout_bytes.splitlines()
    assert pier.run("export", "--log", "nobody").exit_code == 2
    wrong = pier.run("export", "--root", "zzz")
    assert isinstance(wrong.exception, Refused) and "no entry" in wrong.exception.sentence


def test_a_name_of_no_form_is_refused_before_anything_is_written(pier: Server) -> None:
    result = pier.run("export", "--out", str(pier.folder / "network.docx"))
    assert isinstance(result.exception, Refused) and not (pier.folder / "network.docx").exists()


def test_inspect_says_what_is_in_it_and_stores_nothing(hall: Place, pier: Server) -> None:
    out = hall.export("out.pn.zip", note="For the archive")
    said = pier.run("inspect", str(out)).stdout
    assert "It holds 9 statements by 1 server" in said and "Note: For the archive" in said
    found = json.loads(pier.run("inspect", str(out), "--json").stdout)
    assert found["ops"] == 9 and found["sender"] == hall.node.id and found["files"] == 1
    assert found["by_kind"]["person"] == 2 and found["redactions"] == 1
    assert pier.run("have").stdout == "{}\n"


def test_have_is_the_canonical_map_and_nothing_else(hall: Place, pier: Server) -> None:
    pier.run("import", str(hall.export("out.pn.zip")), "--yes")
    said = pier.run("have").stdout_bytes
    assert said == canonical.encode(json.loads(said)) + b"\n"


def test_export_takes_one_kind_or_a_period(hall: Place, pier: Server) -> None:
    pier.run("import", str(hall.export("in.pn.zip")), "--yes")
    tomorrow, yesterday = (f"{from_ms(now_ms() + days * DAY):%Y-%m-%d}" for days in (1, -1))
    for wish in (["--kind", "discussion"], ["--from", yesterday, "--until", tomorrow]):
        lines = pier.run("export", *wish).stdout_bytes
        assert b"A poster for spring" in lines and b"Open to all" in lines
    for wish in (["--kind", "idea"], ["--from", tomorrow], ["--until", yesterday]):
        assert b"A poster for spring" not in pier.run("export", *wish).stdout_bytes
    wrong = pier.run("export", "--kind", "poem")
    assert isinstance(wrong.exception, Refused) and "discussion" in wrong.exception.sentence


def test_export_divides_what_is_too_large_for_a_mail(hall: Place, pier: Server) -> None:
    josie = hall.person("Bo Lindqvist")
    for number in range(8):
        hall.write(josie, f"Long {number}", body=random.Random(number).randbytes(95_000).hex())
    pier.run("import", str(hall.export("in.pn.zip")), "--yes")
    result = pier.run("export", "--out", str(pier.folder / "all.pn.zip"), "--max-size", "1M")
    parts = sorted(pier.folder.glob("all-*"))
    assert len(parts) > 1 and all(part.stat().st_size <= 1_000_000 for part in parts)
    names = [f"all-part-{number}-of-{len(parts)}.pn.zip" for number in range(1, len(parts) + 1)]
    assert [part.name for part in parts] == names
    assert result.exit_code == 0 and f"from {names[0]} to {names[-1]}" in result.stderr
    for wrong in (["--max-size", "1M"], ["--max-size", "1M", "--out", "a.pn.json"], ["--max-size", "9"]):
        assert isinstance(pier.run("export", *wrong).exception, Refused)


def test_export_for_a_server_is_beyond_what_it_said_it_holds(hall: Place, pier: Server) -> None:
    pier.run("import", str(hall.export("in.pn.zip")), "--yes")
    hall.write(hall.person("Bo Lindqvist"), "Later")
    pier.run("import", str(hall.export("more.pn.zip", Selection(since=hall.have()))), "--yes")
    assert only_what_always_goes(pier.run("export", "--to", hall.node.id[:12]).stdout_bytes)
    stranger = pier.run("export", "--to", "nobody known")
    assert isinstance(stranger.exception, Refused) and "nobody known" in stranger.exception.sentence
    assert pier.inside(lambda: db.session.scalars(select(Handover.to)).all()) == [hall.node.id]


def test_a_server_that_is_not_let_in_is_given_what_is_public_alone(hall: Place, pier: Server) -> None:
    pier.run("import", str(hall.export("in.pn.zip")), "--yes")
    key = "b" * 52
    pier.inside(lambda: hear(key))
    result = pier.run("export", "--to", key)
    assert b"Open to all" in result.stdout_bytes and b"A poster for spring" not in result.stdout_bytes
    assert "the other server may not be given it" in result.stderr


def hear(key: str) -> None:
    known.hear_of(db.session(), [key])
    commit(db.session())


def test_many_erasures_of_others_are_asked_for_by_their_number(hall: Place, barge: Place, pier: Server) -> None:
    josie, bo = hall.person("Josie Calder"), barge.person("Bo Lindqvist")
    said = [hall.write(josie, f"Said {number}").id for number in range(51)]
    pier.run("import", str(hall.export("in.pn.zip")), "--yes")
    barge.take(hall.folder / "in.pn.zip")
    for entry in said:
        barge.redact(bo, entry)
    out = str(barge.export("erasing.pn.zip"))
    before = pier.run("have").stdout
    for number in ([], ["--erase", "50"]):
        refused = pier.run("import", out, "--yes", *number)
        assert isinstance(refused.exception, Refused) and "--erase 51" in refused.exception.sentence
    assert pier.run("have").stdout == before
    assert pier.run("import", out, "--yes", "--erase", "51").exit_code == 0
    assert json.loads(pier.run("have").stdout) == barge.have()


def test_what_was_refused_stands_in_the_log(hall: Place, pier: Server) -> None:
    path = hall.export("out.pn.jsonl")
    path.write_bytes(path.read_bytes().replace(b"Friday", b"Sunday"))
    pier.run("import", str(path))
    (refused,) = pier.inside(lambda: db.session.scalars(select(ImportBatch)).all())
    assert refused.state == "refused" and "has been altered" in refused.hold and refused.name == path.name


def test_the_log_says_in_words_what_was_handed_over(hall: Place, pier: Server) -> None:
    pier.run("import", str(hall.export("in.pn.zip")), "--yes")
    pier.run("export", "--to", hall.node.id, "--out", str(pier.folder / "out.pn.zip"))
    said = pier.run("log").stdout.splitlines()
    assert "(no name yet): 1 thing" in said[0] and "Brought in by the command line" in said[1]
    assert len(json.loads(pier.run("log", "--json", "--limit", "1", "--server", hall.node.id[:12]).stdout)) == 1
    assert isinstance(pier.run("log", "--server", "nobody known").exception, Refused)
