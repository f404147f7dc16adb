"""Which language a text is in: sentences as people write them here, long and short, with names in them."""

import pytest
from babel import Locale

from partnernet.core import languages
from partnernet.core.languages import LANGUAGES, common_words, guess, known_as

SENTENCES = {
    "en": [
        "We met in the old mill on Friday and talked about who could host the spring Forum.",
        "Can anyone lend us a projector for the weekend?",
        "Thank you all for coming. The notes will be up by Monday, and the pictures after that.",
        "Josie Calder of Wether Fell Youth Dance will lead the session with Will May and Ann Price.",
        "I think this is a great idea, and we would like to be part of it.",
        "What we learned from the residency: start small, pay people properly, and leave time to think.",
        "Our CPD programme for arts commissioners begins in March; book by e-mail.",
    ],
    "cy": [
        "Cawsom gyfarfod yn yr hen felin ddydd Gwener i drafod pwy allai gynnal y Fforwm yn y gwanwyn.",
        "Diolch yn fawr i bawb am ddod. Bydd y nodiadau ar gael erbyn dydd Llun.",
        "Mae Theatr y Glannau yn chwilio am bartneriaid ar gyfer prosiect dawns gyda phobl ifanc.",
        "Beth yw eich barn chi am hyn? Rydym ni'n awyddus i glywed gan bawb.",
        "Hoffwn i gymryd rhan yn y gweithgaredd hwn gyda chriw o Aberystwyth.",
        "Mae'r gweithdy wedi ei ohirio tan yr hydref.",
    ],
    "da": [
        "Vi mødtes i den gamle mølle i fredags og talte om, hvem der kunne være vært for forårets forum.",
        "Tak til alle for at komme. Referatet bliver lagt op inden mandag, og billederne kommer bagefter.",
        "Jeg synes, at det er en god idé, og vi vil gerne være med.",
        "Hvad har vi lært af opholdet? Man skal begynde i det små og betale folk ordentligt.",
    ],
    "no": [
        "Vi møttes i den gamle mølla på fredag og snakket om hvem som kunne være vert for vårens forum.",
        "Takk til alle som kom. Referatet blir lagt ut innen mandag, og bildene kommer etterpå.",
        "Jeg synes det er en god idé, og vi vil gjerne være med på dette.",
        "Hva har vi lært av oppholdet? Man bør begynne i det små og ikke la noen jobbe gratis.",
    ],
    "sv": [
        "Vi träffades i den gamla kvarnen i fredags och pratade om vem som kunde vara värd för vårens forum.",
        "Tack till alla som kom. Anteckningarna läggs upp på måndag och bilderna kommer efter det.",
        "Jag tycker att det är en bra idé, och vi vill gärna vara med.",
    ],
    "de": [
        "Wir haben uns am Freitag in der Mühle getroffen und besprochen, wer das Forum im Frühling ausrichten kann.",
        "Vielen Dank an alle, die gekommen sind. Das Protokoll steht bis Montag online.",
        "Ich finde das eine gute Idee, und wir würden gerne mitmachen.",
        "Kann uns jemand für das Wochenende einen Projektor leihen?",
    ],
    "nl": [
        "We kwamen vrijdag bijeen in de oude molen en spraken over wie het forum in het voorjaar kan organiseren.",
        "Bedankt allemaal voor het komen. Het verslag staat maandag online en de foto's komen daarna.",
        "Ik vind dit een goed idee en we willen er graag aan meedoen.",
    ],
    "fr": [
        "Nous nous sommes réunis vendredi au moulin pour parler de qui pourrait accueillir le forum au printemps.",
        "Merci à tous d'être venus. Le compte rendu sera en ligne lundi, et les photos après.",
        "Je trouve que c'est une bonne idée et nous aimerions y participer.",
        "Le Théâtre des Bouffes du Nord et la Scène nationale de Dunkerque cherchent des partenaires.",
    ],
    "es": [
        "Nos reunimos el viernes en el viejo molino para hablar de quién podría acoger el foro de primavera.",
        "Gracias a todos por venir. Las notas estarán disponibles el lunes y las fotos después.",
        "Creo que es una buena idea y nos gustaría participar en ella.",
    ],
    "pt": [
        "Reunimo-nos na sexta-feira no velho moinho para falar sobre quem poderia acolher o fórum da primavera.",
        "Obrigado a todos por terem vindo. As notas estarão disponíveis na segunda-feira e as fotos depois.",
        "Acho que é uma boa ideia e nós gostaríamos de participar.",
    ],
    "it": [
        "Ci siamo incontrati venerdì nel vecchio mulino per parlare di chi potrebbe ospitare il forum di primavera.",
        "Grazie a tutti per essere venuti. Il verbale sarà online lunedì e le foto dopo.",
        "Penso che sia una buona idea e ci piacerebbe partecipare.",
    ],
    "fi": [
        "Tapasimme perjantaina myllyssä ja puhuimme siitä, kuka voisi isännöidä kevään foorumia, ja se oli hyvä.",
        "Minusta tämä on hyvä idea, ja me haluaisimme olla siinä mukana.",
        "Kiitos kaikille, jotka tulivat. Muistio on verkossa maanantaina, ja kuvat tulevat sen jälkeen.",
    ],
    "hu": [
        "Pénteken találkoztunk a régi malomban, és arról beszélgettünk, hogy ki tudná megrendezni a tavaszi fórumot.",
        "Köszönjük mindenkinek, hogy eljött. A jegyzetek hétfőre felkerülnek, és a képek is, de csak azután.",
        "Szerintem ez egy jó ötlet, és mi is szeretnénk benne részt venni.",
    ],
    "ru": [
        "Мы встретились в пятницу в старой мельнице и говорили о том, кто мог бы принять весенний форум.",
        "Спасибо всем, что пришли. Протокол будет на сайте в понедельник, а фотографии после.",
        "Я думаю, что это хорошая идея, и мы хотели бы в ней участвовать.",
    ],
}

DOUBTFUL = [
    "Josie Calder, Wether Fell Youth Dance",
    "Théâtre des Bouffes du Nord",
    "OK",
    "",
    "+1",
    "Croeso!",
    "Merci !",
    "Programme 2026",
    "https://github.com/die/was/war",
    "Don Quijote de la Mancha",
    "La La Land, El Greco",
    "Die Hard, Das Boot",
    "東京 café",
    "123 456",
    "Anna Karenina, Pablo Neruda, Leo y Ana",
    "Tha sinn a' coimhead airson chom-pàirtichean anns na h-Eileanan an Iar",
    "Spotkaliśmy się w piątek w starym młynie i rozmawialiśmy o tym, kto mógłby zorganizować wiosenne forum.",
    "Ne-am întâlnit vineri la moara veche și am vorbit despre cine ar putea găzdui forumul de primăvară.",
    "Bhuaileamar le chéile Dé hAoine sa seanmhuileann agus labhair muid faoi cé a d'fhéadfadh an fóram a óstáil.",
    "Ens vam trobar divendres al vell molí per parlar de qui podria acollir el fòrum de primavera.",
]


@pytest.mark.parametrize(("lang", "text"), [(lang, text) for lang, texts in SENTENCES.items() for text in texts])
def test_a_sentence_tells_its_language(lang: str, text: str) -> None:
    assert guess(text) == lang


@pytest.mark.parametrize("text", DOUBTFUL)
def test_names_short_words_and_other_languages_tell_none(text: str) -> None:
    assert guess(text) == ""


def test_every_language_is_tried() -> None:
    assert SENTENCES.keys() == LANGUAGES.keys()


def test_a_quotation_does_not_make_a_text_another() -> None:
    welsh = SENTENCES["cy"][0]
    assert guess(f"Anna wrote to us: “{welsh}” What do you all think about that, and who of you could be there?") in (
        "en",
        "",
    )


def test_guesses_are_remembered_without_end_but_not_without_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "REMEMBERED", 3)
    for n in range(10):
        assert guess(f"This is the {n} of them and it will be here.") == "en"
        assert len(languages._guessed) <= 3


def test_languages_are_called_by_their_own_names() -> None:
    for code, name in LANGUAGES.items():
        own = Locale.parse(code).get_display_name(code)
        assert own is not None and own.casefold() == name.casefold()


def test_a_code_stands_for_a_language_that_is_known_or_for_the_one_that_all_others_share() -> None:
    codes = ("", "en", "fr-CA", "PT-br", "gd", "xx-yy", '"><')
    assert [known_as(code) for code in codes] == ["en", "en", "fr", "pt", "und", "und", "und"]


def test_common_words_of_unknown_languages_are_none() -> None:
    assert common_words("xx") == common_words("tr") == frozenset()
