"""The languages that words are known in: how each is stemmed, and which of its words are too common to find by.

A language that is not here is kept as it is written. Stems are made of folded words, since people
leave accents out when they search; where a stemmer needs an accent to know an ending, it gets it back.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

LANGUAGES = ("en", "cy", "da", "de", "es", "fi", "fr", "hu", "it", "nl", "no", "pt", "ru", "sv")
DEFAULT = "en"

_MARK = re.compile("[\u0300-\u036f\u00ad\u200c\u200d\u2060]+")
"""Accents, and what is not seen inside a word: soft hyphens and joiners."""

_LETTERS = str.maketrans({
    "œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d",
    "ð": "d", "Ð": "d", "þ": "th", "Þ": "th", "ı": "i",
})  # fmt: skip
"""Letters with a stroke or a ligature, which no decomposition knows."""

_ENDINGS: dict[str, tuple[tuple[str, str], ...]] = {
    "es": (("cion", "ción"),),
    "fr": (("ees", "ées"), ("ee", "ée")),
    "pt": (("coes", "ção"), ("cao", "ção"), ("oes", "ão"), ("ao", "ão")),
}
"""Endings that a stemmer knows by their accents alone; in Portuguese a plural becomes its singular."""

_MORE = {
    "en": "eg ie etc ve ll re isn aren wasn weren hasn haven hadn doesn didn couldn wouldn shouldn mustn",
    "cy": """
        a ac ag ai am ambell an ar arall at ati atoch atom atyn bawb beth bod bu buodd bydd byddaf byddai byddan byddant
        byddi byddwch byddwn bydden cael caiff ceir chi chwi da dal dim dod does drwy dros dw dwi dy ei eich ein er
        eraill eto eu ewch fe fel felly fi fo fod fy gallu gan ganddi ganddo ganddyn gawn gennym gennyn ger gyda gydag
        heb hefyd hi hon honno hwn hwnnw hyn hynny i iawn ichi iddi iddo iddyn inni maen maent mae mai mewn mi mo mor na
        nac nad nawr neb neu nhw ni nid o oddi oedd oeddech oeddem oeddent oeddwn oes ond os pa pam pan pawb pe peth pob
        pryd pwy rhag rhai rhwng roedd roedden roeddem roeddwn rwy rwyf rydw rydych rydym sawl sef sut sy sydd ti trwy
        tua tuag un unrhyw wedi wedyn wnaeth wrth y ychydig ydi ydw ydy ydych ydym ydyn yma yn yna ynddi ynddo yno yr yw
    """,
}
_TELLING = {"fr": "été étés étée étées"}
"""Words of the stop lists by which things are found after all: a summer is more than a participle."""


@dataclass(frozen=True, slots=True)
class Language:
    """How words of one language become what is looked for."""

    stem: Callable[[str], str]
    common: frozenset[str]
    """Folded."""


def fold(text: str) -> str:
    """A text in small letters without accents."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    # Cyrillic й is a letter of its own, not an accented и.
    kept = apart.replace("и\u0306", "й").replace("И\u0306", "Й")
    return unicodedata.normalize("NFC", _MARK.sub("", kept)).casefold()


def language(code: str) -> Language:
    """The language of a code, with or without its region; one that is not known keeps words as they are."""
    code = (code or DEFAULT).lower().partition("-")[0]
    return Language(_stemmer(code), common_words(code))


def common_words(code: str) -> frozenset[str]:
    """The words that nearly every text of a language holds."""
    from whoosh.lang import stopwords_for_language

    words = set(_MORE.get(code, "").split())
    if code in LANGUAGES and code != "cy":
        words |= set(stopwords_for_language(code))
    return frozenset(map(fold, words - set(_TELLING.get(code, "").split())))


def _stemmer(code: str) -> Callable[[str], str]:
    from whoosh.lang import stemmer_for_language

    if code not in LANGUAGES or code == "cy":
        return str
    stem: Callable[[str], str] = stemmer_for_language(code)
    endings = _ENDINGS.get(code, ())

    def folded(word: str) -> str:
        for plain, accented in endings:
            if word.endswith(plain):
                word = word.removesuffix(plain) + accented
                break
        return fold(stem(word))

    return folded
