"""Which passwords are accepted, and how they are kept."""

import pytest

from partnernet.core.errors import Invalid
from partnernet.people import passwords
from tests.factories import PASSWORD, hashed


@pytest.mark.parametrize(
    "password",
    ["", "short", "elevenchars", "passwordpassword", "PasswordPassword", "123456789012", "qwertyuiop12",
     "letmein12345", "aaaaaaaaaaaaaaaaaaa", "josie@example.org", "x" * 1_001],
)  # fmt: skip
def test_what_is_guessed_first_is_refused(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        passwords.check(password, "josie@example.org")
    assert "password" in refused.value.fields


@pytest.mark.parametrize(
    "password", [PASSWORD, "zwölf Zeichen", "пароль мой длинный", "  spaces count  ", "🎻🎺🥁🎷🎸🎹🎻🎺🥁🎷🎸🎹"]
)
def test_any_characters_do(password: str) -> None:
    passwords.check(password)


def test_sixty_four_characters_and_more_do() -> None:
    long = "a reasonably long sentence that nobody would think of, with a comma and an ox"
    passwords.check(long)
    assert passwords.matches(hashed(long), long)
    assert not passwords.matches(hashed(long), long[:-1])


def test_three_thousand_common_ones_are_known() -> None:
    assert len(passwords.common()) == 3_000
    assert all(word == word.casefold() for word in passwords.common())


def test_a_password_is_kept_as_argon2id_at_the_stated_cost() -> None:
    kept = hashed(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.hashed(PASSWORD) != kept
    assert not passwords.is_outdated(kept)


def test_only_the_right_password_matches() -> None:
    assert passwords.matches(hashed(PASSWORD), PASSWORD)
    assert not passwords.matches(hashed(PASSWORD), PASSWORD + " ")


def test_nobodys_password_is_never_right_and_is_compared_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []
    hasher = passwords._hasher()

    class Watched:
        def verify(self, kept: str, password: str) -> bool:
            compared.append(kept)
            return bool(hasher.verify(kept, password))

        def hash(self, password: str) -> str:
            return str(hasher.hash(password))

    monkeypatch.setattr(passwords, "_hasher", Watched)
    assert not passwords.matches("", PASSWORD)
    assert compared[0].startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_damaged_hash_matches_nothing() -> None:
    assert not passwords.matches("not a hash", "not a hash")
