"""The languages that texts are written in: their own names, their commonest words, and which one a text is in."""

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

LANGUAGES: Mapping[str, str] = {
    "en": "English", "cy": "Cymraeg", "da": "Dansk", "de": "Deutsch", "es": "Español", "fi": "Suomi",
    "fr": "Français", "hu": "Magyar", "it": "Italiano", "nl": "Nederlands", "no": "Norsk", "pt": "Português",
    "ru": "Русский", "sv": "Svenska",
}  # fmt: skip
"""Every language that search knows more of than its letters, by its own name."""

DEFAULT = "en"
OTHER = "und"
"""Whatever is none of them: its words are kept as they are written."""

READ = 600
"""Characters of a text that a guess is made from."""
FULL = 60
"""What a word tells that only one language has; others tell a part of it."""
LEAST, SHARE, LEAD = 2 * FULL, 0.2, 1.2
"""A guess needs so much evidence, in so large a part of the words, and so much more than the next language has."""
REMEMBERED = 20_000

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
_TELLING = {"cy": "mai", "fr": "été étés étée étées"}
"""Common words by which things are found after all: the month of May, and the summer."""

_SIGNS = {
    "da": (
        "mødtes af hvad hvem hvor mig dig efter nu gerne gennem kan kun meget mere fra ud uge måske tage talte lidt idé"
    ),
    "en": "may us also would could",
    "pt": "obrigado obrigada também vindo nós falar mais muito boa",
    "es": "gracias también hablar más mucho buena",
    "no": (
        "av hva hvem hvor meg deg etter nå gjerne gjennom kan kun "
        "mye mer fra ut uke kanskje ta snakket litt lært dette begge"
    ),
}
"""Further words to know a language by."""

_guessed: dict[int, str] = {}


def known_as(code: str) -> str:
    """The one of LANGUAGES, whatever its region, that a code stands for; the default for none, OTHER for others."""
    plain = code.lower().partition("-")[0] or DEFAULT
    return plain if plain in LANGUAGES else OTHER


def common_words(code: str) -> frozenset[str]:
    """The words that nearly every text of a language holds, as they are written."""
    from whoosh.lang.stopwords import stoplists

    words = set(_MORE.get(code, "").split()) | set(stoplists.get(code, ()) if code in LANGUAGES else ())
    return frozenset(words - set(_TELLING.get(code, "").split()))


def guess(text: str) -> str:
    """The language of a text, by the common words in it; empty where that is doubtful."""
    beginning = text[:READ]
    # Remembered by its hash: no copy of anybody's words stays behind.
    key = hash(beginning)
    known = _guessed.get(key)
    if known is None:
        if len(_guessed) >= REMEMBERED:
            _guessed.clear()
        known = _guessed[key] = _guess(beginning)
    return known


def _guess(text: str) -> str:
    # Common words seldom touch other punctuation than an apostrophe: splitting at spaces is enough, and quick.
    words = text.lower().replace("’", " ").replace("'", " ").split()
    evidence: dict[str, int] = {}
    matched: dict[str, int] = {}
    for shared, times in Counter(map(_signs().get, words)).items():
        codes = shared.split() if shared else []
        for code in codes:
            evidence[code] = evidence.get(code, 0) + times * FULL // len(codes)
            matched[code] = matched.get(code, 0) + times
    rival, most = sorted((0, 0, *evidence.values()))[-2:]
    first = max(evidence, key=evidence.__getitem__, default="")
    is_clear = most >= max(LEAST, LEAD * rival) and matched[first] >= SHARE * len(words)
    return first if is_clear else ""


@lru_cache(maxsize=1)
def _signs() -> Mapping[str, str]:
    """The codes of the languages that have a word, with spaces between."""
    signs: dict[str, str] = {}
    for code in LANGUAGES:
        for word in {*common_words(code), *_SIGNS.get(code, "").split()}:
            signs[word] = f"{signs.get(word, '')} {code}"
    return signs
