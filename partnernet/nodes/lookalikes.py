"""Names that look alike by letters of other alphabets: «Hаll» with a Cyrillic а is read as «Hall»."""

import unicodedata

_LATIN_BY_LOOKS = str.maketrans(
    "АВСЕНІЈКМОРЅТХУԚԜѴӀԌ" "асԁеһіјӏорѕухԛԝѵк" "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" "αικνορυχγ" "օոսհցզ" "ıɡ",
    "ABCEHIJKMOPSTXYQWVIG" "acdehijlopsyxqwvk" "ABEZHIKMNOPTYX" "aikvopuxy" "onuhgq" "ig",
)  # fmt: skip
"""Letters of Cyrillic, Greek, Armenian and other Latin that nobody can tell from a plain one: of the confusables of
Unicode's UTS 39 those that stand in names. Others that are only alike (1 and l) are left as they are."""


def looks(name: str) -> str:
    """How a name looks: two names that look the same are the same here."""
    return unicodedata.normalize("NFKC", name).translate(_LATIN_BY_LOOKS).casefold()


def is_plain(name: str) -> bool:
    """Whether a name is made of no letter that passes for another one."""
    return looks(name) == unicodedata.normalize("NFC", name).casefold()


def mixes_alphabets(name: str) -> bool:
    """Whether letters that pass for Latin ones stand in one word with Latin ones, as nobody writes them."""
    for word in name.split():
        latin = {letter for letter in word if unicodedata.name(letter, "").startswith("LATIN ")}
        if latin and any(ord(letter) in _LATIN_BY_LOOKS for letter in set(word) - latin):
            return True
    return False
