"""What fuzzing drives: one bundle, read, staged and taken in, and all of it taken back again."""

from pathlib import Path

from sqlalchemy import event

from partnernet.core.db import write
from partnernet.core.errors import Refused
from partnernet.exchange.incoming.apply import apply, put_files
from partnernet.exchange.incoming.reader import open_bundle
from partnernet.exchange.incoming.stage import drop, stage
from partnernet.exchange.incoming.survey import survey
from partnernet.nodes.admit import admit
from tests.exchange.places import Place


def take(place: Place, form: str, content: bytes) -> bool:
    """Bring a bundle in and take it back; whether it was taken. Anything but a refusal is raised."""
    path = place.folder / f"given{form}"
    path.write_bytes(content)
    try:
        with open_bundle(path) as bundle:
            batch = stage(place.session, bundle, place.node, place.files, name="given", by="node")
            batch_id, waiting = batch.id, list(batch.preview["waiting"])
            try:
                put_files(bundle, place.files, bundle.blobs)
                write(place.session)
                if waiting:
                    admit(place.session, [node for node in waiting if node != place.node.id])
                apply(place.session, batch_id, place.node)
            finally:
                place.session.rollback()
                drop(place.session, batch_id)
    except Refused as error:
        assert error.sentence.strip()
        return False
    finally:
        place.session.rollback()
        for file in place.files.folder.rglob("*"):
            if file.is_file():
                file.unlink()  # put in place before any row, where a sweep would find them in a day
    return True


def look(place: Place, form: str, content: bytes) -> bool:
    """Read a bundle without a ledger; whether it is good. Anything but a refusal is raised."""
    path = place.folder / f"looked-at{form}"
    path.write_bytes(content)
    try:
        with open_bundle(path) as bundle:
            survey(bundle)
    except Refused:
        return False
    return True


def fresh(folder: Path) -> Place:
    """A server that has something of its own to lose."""
    place = Place(folder)
    if place.engine.dialect.name == "sqlite":  # nothing here need outlive a power cut
        event.listen(place.engine, "connect", lambda connection, _record: connection.execute("pragma synchronous=off"))
        place.engine.dispose()
    josie = place.person("Josie Calder")
    place.edit(josie, place.write(josie, "A poster for spring", body="What shall be on it?").id, body="A lantern")
    return place
