"""The pages in a bundle for people without PartnerNet."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from partnernet.core import text
from partnernet.core.db import commit, write
from partnernet.core.entry import Entry
from partnernet.core.ledger import verbs
from partnernet.entries.model import Rendering
from partnernet.exchange.outgoing import readable
from partnernet.exchange.outgoing.selection import Selection
from partnernet.exchange.outgoing.writer import Export
from tests.exchange.places import Place
from tests.exchange.zips import replaced, rewritten

XSS = "<script>alert(1)</script> <img src=x onerror=alert(2)> [a](javascript:alert(3)) ![b](https://evil.example/b.png)"


def pages(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith(".html")]
        return {name.partition("/")[2]: archive.read(name).decode() for name in names}


def page(place: Place, selection: Selection | None = None, **more: str) -> str:
    found = pages(place.export("out.pn.zip", selection, **more))
    assert list(found) == ["data/readable.html"]
    return found["data/readable.html"]


def test_the_words_can_be_read_newest_first_with_their_answers(hall: Place) -> None:
    shown = page(hall, note="For the <archive>")
    order = ["For the &lt;archive&gt;", "Open to all", "A poster for spring", "By Friday, please.", "A lantern"]
    assert [shown.index(words) for words in order] == sorted(shown.index(words) for words in order)
    assert "Josie Calder" in shown and "What shall be on it? By Friday" in shown
    assert "canary" not in shown and "said by mistake" not in shown


def test_nothing_in_it_runs_or_is_loaded_from_elsewhere(hall: Place) -> None:
    josie = hall.person("<img src=y onerror=alert(4)>")
    hall.write(josie, "<script>alert(5)</script>", body=XSS)
    shown = page(hall, note="<script>alert(6)</script>")
    assert (
        "<script" not in shown
        and "onerror=" not in re.sub(r"&lt;.*?&gt;", "", shown)
        and "javascript:" not in ("".join(re.findall(r'href="[^"]*"', shown)))
    )
    assert "default-src 'none'" in shown and not re.findall(r"<(?:img|link|iframe|form|base)\b", shown)
    assert not re.findall(r'(?:src|href)="/', shown)


def test_files_are_linked_where_they_lie(hall: Place) -> None:
    sha256 = hall.attach()["sha256"]
    josie = hall.person("Ash Ferreira")
    hall.write(
        josie, "Look", body=f"![The poster](/files/{sha256}) and [there](/ideas/abcdefghijkl-x) or [home](/about)"
    )
    shown = page(hall)
    assert f'<a href="blobs/{sha256}" download="poster.png">poster.png</a>' in shown
    assert f'<img src="blobs/{sha256}" alt="The poster">' in shown
    assert 'href="#e-abcdefghijkl"' in shown and "<a" in shown and 'href="/' not in shown
    without = page(hall, Selection(with_files=False))
    assert "blobs/" + sha256 not in without and "poster.png (not in this bundle)" in without


def test_mentions_are_names(hall: Place) -> None:
    josie = hall.person("Ash Ferreira")
    hall.write(josie, "Who else", body=f"Ask @[{josie.handle}], please.")
    assert 'Ask <span class="mention">Ash Ferreira</span>, please.' in page(hall)


def test_it_shows_what_the_bundle_is_about_and_no_more(hall: Place, barge: Place) -> None:
    public = page(hall, Selection(logs=("public",)))
    assert "Everybody may read this." in public and "poster" not in public and "Wren Achebe" not in public
    barge.take(hall.export("first.pn.zip"))
    talk = hall.write(hall.person("Ash Ferreira"), "Later", body="This is new.")
    newer = page(hall, Selection(since=barge.have()))
    assert "This is new." in newer and "Everybody may read this." not in newer
    hall.reply(hall.person("Bo Lindqvist"), talk, "So it is.")
    assert "So it is." in page(hall, Selection(root=talk.id)) and "spring" not in page(hall, Selection(root=talk.id))


def test_what_is_rendered_already_is_not_rendered_again(hall: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    talk = hall.write(hall.person("Ash Ferreira"), "Kept", body="As *written*.")
    keep(hall, talk.id, text.RENDERER, "<p>As it was kept.</p>")
    assert "As it was kept." in page(hall)
    keep(hall, talk.id, text.RENDERER - 1, "<p>As it was kept.</p>")
    assert "As <em>written</em>." in page(hall)


def keep(place: Place, entry: str, version: int, html: str) -> None:
    write(place.session)
    place.session.execute(delete(Rendering).where(Rendering.entry == entry))
    place.session.add(Rendering(entry=entry, field="body", version=version, html=html))
    commit(place.session)


def test_very_much_is_put_on_several_pages(hall: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readable, "PAGE", 2_000)
    josie = hall.person("Ash Ferreira")
    talk = hall.write(josie, "A long talk", body="Begin. " * 50)
    for number in range(12):
        hall.reply(josie, talk, f"Answer {number}. " + "And so on. " * 30)
    found = pages(hall.export("out.pn.zip"))
    names = list(found)
    assert len(names) > 3 and names[1] == "data/readable-2.html"
    for number, name in enumerate(names):
        assert (">Older</a>" in found[name]) == (number < len(names) - 1)
        assert found[name].count("<article") == found[name].count("</article>")
    whole = "".join(found.values())
    assert [number for number in range(12) if f"Answer {number}." not in whole] == []


def test_a_server_takes_it_in_unopened_and_only_as_it_was_made(
    hall: Place, barge: Place, place: Callable[[str], Place]
) -> None:
    from partnernet.core.errors import BadBundle

    out = hall.export("out.pn.zip")
    changed = rewritten(out, replaced("readable.html", lambda content: content.replace(b"poster", b"placard")))
    with pytest.raises(BadBundle, match=r"data/readable\.html is damaged"):
        barge.stage(changed)
    barge.take(out)
    held = [path.read_bytes() for path in barge.folder.rglob("*") if path.is_file()]
    assert not [content for content in held if b"Content-Security-Policy" in content]


def test_it_goes_with_everything_that_was_asked_for_in_bounded_room(hall: Place) -> None:
    josie = hall.person("Ash Ferreira")
    for number in range(5):
        hall.write(josie, f"Long {number}", body=f"{number} " * 40_000)
    given = Export(hall.session, hall.node, hall.files, Selection())
    put: dict[str, bytes] = {}

    def keep_page(name: str, content: bytes) -> int:
        put[name] = content
        return len(content)

    from partnernet.exchange.outgoing.writer import Tally

    readable.write_readable(given, Tally(), set(), keep_page, room=200_000)
    assert sum(map(len, put.values())) <= 200_000
    assert b"There is more in data/ops.jsonl" in list(put.values())[-1]


def test_a_rendering_of_a_former_version_stays_out(hall: Place) -> None:
    talk = hall.write(hall.person("Ash Ferreira"), "Removed", body="No longer here.")
    write(hall.session)
    hall.session.execute(update(Rendering).values(version=0))
    commit(hall.session)
    verbs.delete(hall.session, hall.person("Ash the second"), hall.entry(talk.id))
    commit(hall.session)
    assert "No longer here." not in page(hall)


def test_the_cards_of_partners_and_people_come_last_by_name(hall: Place) -> None:
    wren = hall.person("Anna Wren")
    said = {
        "name": "Salt House", "place": "Saltby", "art_forms": ["dance"], "website": "https://salt.example/",
        "about": f"A *hall*. Ask @[{wren.handle}].", "offers": "A floor.", "seeks": "<script>alert(7)</script>",
    }  # fmt: skip
    partner = verbs.create(hall.session, wren, "partner", "public", said)
    commit(hall.session)
    shown = page(hall)
    order = ["A poster for spring", "Salt House", "Saltby, dance", "They offer", "They seek", ">Anna Wren</h2>"]
    assert [shown.index(words) for words in order] == sorted(shown.index(words) for words in order)
    assert '<a href="https://salt.example/" rel="noopener noreferrer">' in shown and "<script" not in shown
    assert 'A <em>hall</em>. Ask <span class="mention">Anna Wren</span>' in shown
    public = page(hall, Selection(logs=("public",)))
    assert "Salt House" in public and "Anna Wren" not in public
    hall.redact(wren, partner.id)
    assert "Salt House" not in page(hall)


def test_only_the_cards_that_go_along_are_shown(hall: Place, barge: Place) -> None:
    barge.take(hall.export("first.pn.zip"))
    hall.write(hall.person("Bo Lindqvist"), "Later")
    newer = page(hall, Selection(since=barge.have()))
    assert ">Bo Lindqvist</h2>" in newer and ">Josie Calder</h2>" not in newer
    talk = hall.session.scalars(select(Entry.id).where(Entry.title == "Later")).one()
    one = page(hall, Selection(root=talk))
    assert ">Bo Lindqvist</h2>" in one and ">Josie Calder</h2>" not in one
