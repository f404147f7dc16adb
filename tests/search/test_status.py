"""What is said of the index when somebody asks whether all is well."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from partnernet.search.folder import current_folder
from partnernet.search.status import disagreements, status
from tests.search.cast import discuss, generation, index, update


def test_an_index_that_agrees_or_lags_is_no_failure(app: Flask, session: Session) -> None:
    assert disagreements(app) == []
    discuss(session, "One heron")
    update()
    assert disagreements(app) == []
    discuss(session, "Two herons")
    assert disagreements(app) == []


def test_an_index_that_disagrees_at_its_own_position_is_one(app: Flask, session: Session) -> None:
    heron = discuss(session, "One heron")
    update()
    opened = generation()
    state = opened.refresh()
    opened.apply((), [heron.id], state.position, state.entity)
    (sentence,) = disagreements(app)
    assert heron.id[:12] in sentence


@pytest.mark.parametrize("pattern", ["*.seg", "*.toc", "state.json"])
def test_damage_is_described(app: Flask, session: Session, pattern: str) -> None:
    discuss(session, "One heron")
    update()
    next(iter(current_folder(index().folder).glob(pattern))).write_bytes(b"x")
    found = status(app)
    assert found.problem
    assert "made by the running server" in found.sentence
    assert disagreements(app) == []
