"""Archives of mail become discussions and replies."""

from base64 import b64encode
from pathlib import Path

import orjson
from sqlalchemy.orm import Session

from partnernet.core.entry import Attachment
from tests.load.conftest import Load, entries, only, ops, shared
from tests.load.documents import mail, mbox

LATER = "Wed, 4 Mar 2020 10:00:00 +0000"
LAST = "Thu, 5 Mar 2020 10:00:00 +0000"


def test_a_thread_becomes_a_discussion_and_its_replies(run: Load, tmp_path: Path) -> None:
    archive = mbox(
        tmp_path / "list.mbox",
        mail("Re: Van", "Me.", id="c@x", date=LAST, References="<a@x> <b@x>", sender="Gwen <gwen@x.example>"),
        mail("Van", "Who drives?", id="a@x"),
        mail("Re: Van", "Not me.", id="b@x", date=LATER, In_Reply_To="<a@x>"),
    )
    assert run("mail", archive)["new"] == {"discussion": 1, "reply": 2}
    talk = only("discussion")
    first, second = entries("reply")
    assert (talk.title, talk.credit, talk.source, talk.replies) == ("Van", "Josie Hale", "mail:a@x", 2)
    assert (first.root, first.parent) == (talk.id, None)
    assert (second.root, second.parent, second.credit) == (talk.id, first.id, "Gwen")


def test_subjects_thread_what_names_nobody(run: Load, tmp_path: Path) -> None:
    archive = mbox(
        tmp_path / "list.mbox",
        mail("Programme", "One.", id="a@x"),
        mail("[arts] RE: Aw: programme", "Two.", id="b@x", date=LATER),
        mail("Re: [arts] Re: Programme", "Three.", id="d@x", date=LAST),
        mail("Programme", "Another year.", id="c@x", date=LAST),
    )
    assert run("mail", archive)["new"] == {"discussion": 2, "reply": 2}


def test_loading_again_and_a_longer_archive_add_only_what_is_new(run: Load, tmp_path: Path) -> None:
    first = mail("Van", "Who drives?", id="a@x")
    archive = mbox(tmp_path / "list.mbox", first)
    run("mail", archive)
    before = ops()
    assert run("mail", archive)["same"] == 1
    assert ops() == before
    later = mbox(tmp_path / "march.mbox", mail("Re: Van", "Me.", id="b@x", date=LATER, References="<a@x>"))
    assert run("mail", later)["new"] == {"reply": 1}
    assert only("reply").root == only("discussion").id


def test_answers_to_a_message_that_nobody_kept_stay_together(run: Load, tmp_path: Path) -> None:
    archive = mbox(
        tmp_path / "list.mbox",
        mail("Re: Lost", "One.", id="a@x", References="<gone@x>"),
        mail("Re: Something else", "Two.", id="b@x", date=LATER, References="<gone@x>"),
    )
    assert run("mail", archive)["new"] == {"discussion": 1, "reply": 1}
    assert only("discussion").title == "Lost"


def test_messages_that_answer_each_other_are_still_loaded(run: Load, tmp_path: Path) -> None:
    archive = mbox(
        tmp_path / "list.mbox",
        mail("Egg", "One.", id="a@x", References="<b@x> <a@x>"),
        mail("Hen", "Two.", id="b@x", References="<a@x>", date=LATER),
        mail("Cock", "Three.", id="c@x", References="<c@x>", date=LATER),
    )
    assert sum(run("mail", archive)["new"].values()) == 3


def test_a_mail_without_an_id_is_known_again(run: Load, tmp_path: Path) -> None:
    archive = mbox(tmp_path / "list.mbox", mail("No id", "Here."), mail("No id either", "There."))
    assert run("mail", archive)["new"] == {"discussion": 2}
    assert run("mail", archive)["same"] == 2


def test_lines_that_begin_with_from_do_not_cut_a_mail(run: Load, tmp_path: Path) -> None:
    body = "Hello\n\nFrom my window I see the pier.\n\nFrom 1984 on: closed.\n"
    run("mail", mbox(tmp_path / "list.mbox", mail("Pier", body, id="a@x")))
    assert "From my window I see the pier." in only("discussion").body
    assert "From 1984 on: closed." in only("discussion").body


def test_a_folder_of_single_mails_is_read(run: Load, tmp_path: Path) -> None:
    (tmp_path / "mails").mkdir()
    (tmp_path / "mails" / "1.eml").write_bytes(mail("One", "1", id="a@x"))
    (tmp_path / "mails" / "2.eml").write_bytes(mail("Re: One", "2", id="b@x", In_Reply_To="<a@x>"))
    (tmp_path / "mails" / "3.eml").write_bytes(b"\x00\x01 nothing like a mail")
    report = run("mail", tmp_path / "mails")
    assert report["new"] == {"discussion": 1, "reply": 1}
    assert [bad["name"] for bad in report["bad"]] == ["mails/3.eml"]


def test_wrong_encodings_are_read_as_well_as_they_can_be(run: Load, tmp_path: Path) -> None:
    head = b"From: Sian <s@x>\nSubject: =?utf-99?q?Caf=E9?= caf\xe9\nMessage-ID: <a@x>\nMIME-Version: 1.0\n"
    content = b"Content-Type: text/plain; charset=no-such-thing\nContent-Transfer-Encoding: 8bit\n\nD\xe9j\xe0 vu\n"
    run("mail", mbox(tmp_path / "list.mbox", head + content))
    assert only("discussion").body == "Déjà vu"


def test_a_line_of_ten_megabytes_is_kept_as_a_file(run: Load, tmp_path: Path, session: Session) -> None:
    run("mail", mbox(tmp_path / "list.mbox", b"Subject: Long\nMessage-ID: <a@x>\n\n" + b"word " * 2_000_000 + b"\n"))
    talk = only("discussion")
    assert len(talk.body) <= 200_000
    assert max(row.size for row in session.query(Attachment).filter_by(entry=talk.id)) > 9_000_000


def test_files_in_a_mail_are_kept_and_html_is_read_where_there_is_no_text(
    run: Load, tmp_path: Path, session: Session
) -> None:
    message = (
        b"From: Sian <s@x>\nSubject: Poster\nMessage-ID: <a@x>\nMIME-Version: 1.0\n"
        b'Content-Type: multipart/mixed; boundary="B"\n\n--B\nContent-Type: text/html\n\n<p>See <b>this</b></p>\n'
        b'--B\nContent-Type: text/plain\nContent-Disposition: attachment; filename="../../plan.txt"\n\nThe plan\n'
        b'--B\nContent-Type: application/x-exe\nContent-Disposition: attachment; filename="run.exe"\n\nMZ\n--B--\n'
    )
    report = run("mail", mbox(tmp_path / "list.mbox", message))
    talk = only("discussion")
    assert talk.body == "See **this**"
    assert [row.name for row in session.query(Attachment).filter_by(entry=talk.id)] == ["plan.txt"]
    assert "run.exe" in report["bad"][0]["name"]


def test_a_mail_nested_without_end_does_no_harm(run: Load, tmp_path: Path) -> None:
    nested = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(3_000))
    archive = mbox(
        tmp_path / "list.mbox", b"Subject: Deep\nMessage-ID: <a@x>\n" + nested, mail("Fine", "Yes", id="b@x")
    )
    run("mail", archive)
    assert "Fine" in {talk.title for talk in entries("discussion")}


def test_the_real_archive_loads_once(run: Load) -> None:
    archive = shared("discussions-usenet/archive.mbox")
    report = run("mail", archive)
    assert (sum(report["new"].values()), report["bad"]) == (900, [])
    assert report["new"]["discussion"] == 747
    assert run("mail", archive)["same"] == 900


def test_a_message_that_claims_to_be_an_entry_is_held_to_what_it_says(run: Load, tmp_path: Path) -> None:
    def packed(**said: object) -> str:
        return b64encode(orjson.dumps(said)).decode()

    own = f"{'a' * 52}@pn.invalid"
    archive = mbox(
        tmp_path / "list.mbox",
        mail("Re: Van", "Mine.", id=own, X_PartnerNet=packed(id="a" * 52, kind="idea", title="Re: Van", tags=7)),
        mail("Van", "Theirs.", id="b@x"),
        mail("No", "Only mail.", id="c@x", X_PartnerNet="never base64"),
        mail("No 2", "Only mail.", id="d@x", X_PartnerNet=packed(id="short")),
        mail("No 3", "To nothing.", id="e@x", X_PartnerNet=packed(id="c" * 52, root="d" * 52)),
        mail("Answer", "From a mail program.", id="f@x", In_Reply_To=f"<{own}>", date=LAST),
    )
    report = run("mail", archive)
    assert report["new"] == {"discussion": 3, "idea": 1, "reply": 1}
    assert report["bad"] == [{"name": only_bad(report), "reason": "what it answers is not here"}]
    assert (only("idea").title, only("idea").source) == ("Re: Van", "entry:" + "a" * 52)
    assert only("reply").root == only("idea").id


def only_bad(report: dict[str, list[dict[str, str]]]) -> str:
    return report["bad"][0]["name"]
