"""The catalogues: every sentence of the code is in each, translated, and nothing else is."""

import re

import pytest
from babel.messages.catalog import Catalog, Message

from partnernet.web.language import LANGUAGES
from tests.catalogue import FOLDER, catalogue, compiled, extracted, is_translated, languages

PLACES = re.compile(r"%\(\w+\)s|\{\w+\}|</?[a-z]+")

SENTENCES = extracted()


def messages(catalog: Catalog) -> dict[object, Message]:
    return {message.id: message for message in catalog if message.id}


def forms(value: object) -> list[str]:
    return [str(form) for form in value] if isinstance(value, list | tuple) else [str(value)]


def test_the_code_holds_sentences() -> None:
    assert len(messages(SENTENCES)) > 400


def test_every_language_but_the_first_has_a_catalogue() -> None:
    assert languages() == sorted(LANGUAGES.keys() - {"en"})


@pytest.mark.parametrize("language", languages())
def test_a_catalogue_holds_every_sentence_and_no_other(language: str) -> None:
    written, kept = messages(SENTENCES).keys(), messages(catalogue(language)).keys()
    assert written == kept, f"run `make words`, then translate: {list(written ^ kept)[:20]}"


@pytest.mark.parametrize("language", languages())
def test_every_sentence_is_translated(language: str) -> None:
    assert not [message.id for message in messages(catalogue(language)).values() if not is_translated(message)]


@pytest.mark.parametrize("language", languages())
def test_a_translation_has_the_places_and_tags_of_its_sentence(language: str) -> None:
    wrong = []
    for message in messages(catalogue(language)).values():
        wanted = {frozenset(PLACES.findall(form)) for form in forms(message.id)}
        for form in forms(message.string):
            if frozenset(PLACES.findall(form)) not in wanted:
                wrong.append((message.id, form))
    assert not wrong


@pytest.mark.parametrize("language", languages())
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    kept = (FOLDER / language / "LC_MESSAGES" / "messages.mo").read_bytes()
    assert kept == compiled(catalogue(language)), "run `make words`"
