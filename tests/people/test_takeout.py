"""One's own data: everything that is kept about one, and nothing about anybody else."""

import io
import json
import zipfile

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.core.db import Base, commit, upsert
from partnernet.core.entry import Entry
from partnernet.core.ledger import verbs
from partnernet.entries.model import Draft
from partnernet.models import load_all
from partnernet.people import takeout
from tests.factories import PASSWORD, actor_of, hashed, make_account, sign_in


def test_every_table_about_persons_is_exported_or_left_out_by_name() -> None:
    load_all()
    personal = {
        table.name
        for table in Base.metadata.sorted_tables
        if any(column in table.c for column in takeout.PERSONAL_COLUMNS)
    }
    unnamed = personal - {*takeout.EXPORTED, *takeout.LEFT_OUT}
    assert not unnamed, f"say in people/takeout.py whether {unnamed} is exported"
    assert {*takeout.EXPORTED, *takeout.LEFT_OUT} <= Base.metadata.tables.keys()


def test_the_file_holds_ones_own_words_and_nothing_that_lets_anybody_in(client: FlaskClient, session: Session) -> None:
    josie, samira = (
        make_account(session, about="Dances"),
        make_account(session, "Samira Khan", about="A secret of hers"),
    )
    own, hers = actor_of(session, josie), actor_of(session, samira)
    talk = verbs.create(session, own, "discussion", "network", {"title": "My talk", "body": f"Ask @[{hers.handle}]"})
    verbs.create(session, hers, "reply", "network", {"body": "Her answer"}, under=session.get_one(Entry, talk.id))
    verbs.mark(session, own, session.get_one(Entry, talk.id), "tag", True, "touring")
    for person, words in ((josie, "My draft"), (samira, "Her draft")):
        row = {"account": person.id, "form": "new-discussion", "values": json.dumps({"body": words}), "saved": 1}
        upsert(session, Draft.__table__, [row])
    commit(session)
    sign_in(client, josie, session)
    answer = client.get("/account/data")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "attachment" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    assert files.keys() == {"README.txt", "data.json", "files.json", "my-words.html"}
    data, everything = json.loads(files["data.json"]), "".join(files.values())
    assert data["account"][0]["email"] == josie.email
    assert [row["about"] for row in data["person"]] == ["Dances"]
    assert {row["title"] for row in data["entry"] if row["kind"] == "discussion"} == {"My talk"}
    assert data["mark"][0]["subject"] == "touring"
    assert "My draft" in data["draft"][0]["values"]
    assert len(data["session"]) == 1 and "key" not in data["session"][0]
    assert "Ask" in files["my-words.html"] and "Samira Khan" in files["my-words.html"]
    for secret in ("Her answer", "Her draft", "A secret of hers", samira.email, hashed(PASSWORD)):
        assert secret not in everything


def test_a_title_with_markup_stays_text_in_the_page(client: FlaskClient, session: Session) -> None:
    josie = make_account(session)
    values = {"title": "<script>alert(1)</script>", "body": "<img src=x onerror=alert(1)>"}
    verbs.create(session, actor_of(session, josie), "discussion", "network", values)
    commit(session)
    with zipfile.ZipFile(io.BytesIO(sign_in(client, josie, session).get("/account/data").data)) as archive:
        page = archive.read("my-words.html").decode()
    assert "<script" not in page and "<img" not in page
