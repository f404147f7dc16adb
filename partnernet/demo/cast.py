"""Who is in the invented network: partners and their people. None of them exists."""

from dataclasses import dataclass

NETWORK = "The Packhorse Network"
STRAPLINE = "Thirteen small arts organisations, from the coast to the fell"
CONTACT = "hello@packhorse.example"
PRINTED_BY = "Moira Lister, The Ink Room"
WELCOME = (
    "We are thirteen small arts organisations on coasts, islands and hillsides, and in three towns that the "
    "railway forgot. Nobody is in charge. Four times a year one of us hosts a **Forum**; in between we lend each "
    "other vans, people and nerve.\n\nThe old packhorse ways carried salt, wool and news between places that had "
    "little else in common. That is about right."
)


@dataclass(frozen=True, slots=True)
class Organisation:
    """A partner, as its card has it."""

    key: str
    name: str
    place: str
    region: str
    art_forms: tuple[str, ...]
    about: str
    offers: str
    seeks: str


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person of a partner; `account` says what they may do here, where they can sign in."""

    name: str
    partner: str
    about: str
    account: str = ""

    @property
    def first(self) -> str:
        return self.name.split()[0]

    @property
    def email(self) -> str:
        return f"{self.first.lower()}@{self.partner}.example"


PARTNERS = (
    Organisation(
        "quayside", "Quayside Hall", "Port Amble", "North East", ("theatre", "music", "community arts"),
        "A fishermen's hall of 1911 with a sprung floor, a good kitchen and a roof that we talk about a lot. Sixty "
        "events a year, half of them put on by the people of the town.",
        "A 140-seat hall for a week each February, with beds in people's houses. A van with a tail lift.",
        "Touring work for a Thursday night audience that is hard to fool. Somebody who understands slate.",
    ),
    Organisation(
        "fellside", "Fellside Youth Theatre", "Kirkby Harrow", "Cumbria", ("theatre", "young people"),
        "Eighty young people aged eight to twenty in four valleys, one minibus and no building. We rehearse in "
        "schools, barns and, for one whole winter, a closed bank.",
        "Young people who will tell you what they think of your show. Training in rehearsing with no room.",
        "Writers for a cast of thirty. Friendly lighting designers.",
    ),
    Organisation(
        "ybont", "Theatr y Bont", "Pont-y-Garreg", "North Wales", ("theatre", "Welsh language", "storytelling"),
        "Cwmni theatr Cymraeg yn gweithio mewn neuaddau pentref. A Welsh-language company of five that makes plays "
        "for village halls and takes them over the border when asked nicely.",
        "Help with working bilingually from the first day of rehearsal. Surtitles that fit in a rucksack.",
        "Partners neuadd-i-neuadd: halls that have never had Welsh on their stage.",
    ),
    Organisation(
        "inkroom", "The Ink Room", "Hebblesden", "Yorkshire", ("printmaking", "visual arts"),
        "An open-access print workshop in a former button factory: two Albion presses, one Columbian, forty members "
        "and a waiting list.",
        "Posters, properly printed. A portable press that fits in a hatchback, and Moira to go with it.",
        "Walls. Young printmakers from places without a workshop.",
    ),
    Organisation(
        "marram", "Marram Arts", "Saltby Staithe", "East of England", ("dance", "outdoor arts"),
        "We commission dance for beaches, sea walls and car parks in winter. Our office is a beach hut, and that is "
        "not a figure of speech.",
        "Everything we know about weather plans. Two hundred sheepskin-lined ponchos.",
        "Choreographers who like wind.",
    ),
    Organisation(
        "brack", "Brack Island Arts", "Isle of Brack", "Highlands and Islands", ("music", "Gaelic song", "festivals"),
        "Three ferries a week, six hundred people, one festival. We bring musicians in for a fortnight and send them "
        "home with songs.",
        "Residencies with a fire and no signal. Fiddle teachers by video.",
        "Bands who will stay on for the school. A spare generator.",
    ),
    Organisation(
        "foundry", "Foundry Street Commissions", "Tipford", "West Midlands", ("public art", "sculpture"),
        "We commission work for streets, canals and a hospital, and spend most of our time on the conversations "
        "before it.",
        "Contracts, insurance, planning permission: the dull bits, gladly. A crane driver's telephone number.",
        "Artists who have not done public work before. Rural sites for a travelling commission.",
    ),
    Organisation(
        "openfloor", "Open Floor Dance", "Ardcullen", "Northern Ireland", ("dance", "disabled-led work"),
        "An inclusive dance company of eleven, six of us disabled. We tour to libraries, which have level floors and "
        "good toilets.",
        "Workshops for mixed groups. An honest access audit of your building, in a day, with cake.",
        "Ferry-friendly tour dates. Musicians who can play quietly.",
    ),
    Organisation(
        "netloft", "The Old Net Loft", "Porthmellin", "Cornwall", ("visual arts", "residencies", "film"),
        "Four studios and a gallery above the harbour. In August we are full of visitors and in January we are full "
        "of artists.",
        "A studio with a bed in January and February. A good projector.",
        "Exhibitions that can come by train.",
    ),
    Organisation(
        "marches", "Marches Rural Touring", "Clunbridge", "Welsh Marches", ("touring", "theatre", "music"),
        "A touring scheme for fifty-two village halls on both sides of the border. Volunteers choose the shows, sell "
        "the tickets and make the soup.",
        "A menu that gets your show into village halls. Twenty years of box-office figures.",
        "Small shows with a short get-in. Anything for people under thirty.",
    ),
    Organisation(
        "canal", "Canal Quarter Commons", "Stanmere", "North West", ("community arts", "film", "digital"),
        "A launderette, a print shop and a community cinema in one row by the canal. The launderette pays for the "
        "cinema.",
        "A cinema in a box, with a licence and popcorn. Young film-makers.",
        "Stories from places that are not towns.",
    ),
    Organisation(
        "kestrel", "Kestrel Access Collective", "Deptford Reach", "London", ("access", "BSL", "audio description"),
        "Deaf and disabled consultants, describers and interpreters who would rather be asked in March than in "
        "September.",
        "An hour of advice for any partner, any time. Training in audio description.",
        "Work made accessible from its first idea. People who want to learn describing outside cities.",
    ),
    Organisation(
        "haggbank", "Hagg Bank Brass", "Hagg Bank", "County Durham", ("brass bands", "music", "young people"),
        "A championship-section band, a training band, and a band for people who stopped playing at sixteen and are "
        "sorry. Founded in 1874 and still rehearsing on Tuesdays.",
        "Forty loan instruments. A band for your opening, if there is a bus.",
        "New music for old instruments. A composer who will come on Tuesdays.",
    ),
)  # fmt: skip

PEOPLE = (
    Somebody("Josie Hale", "quayside", "Runs the hall. Came for a summer in 2009.", "steward"),
    Somebody("Colin Straker", "quayside", "Technician, van driver, knows about the roof."),
    Somebody("Amina Farouk", "fellside", "Artistic director. Writes lists.", "member"),
    Somebody("Tom Birkett", "fellside", "Youth worker and driver of the minibus."),
    Somebody("Nia Prydderch", "ybont", "Cyfarwyddwr artistig. Director and translator.", "steward"),
    Somebody("Gethin Rowlands", "ybont", "Producer, and the tall one at the back."),
    Somebody("Moira Lister", "inkroom", "Printmaker. Teaches anybody with sleeves to roll up.", "member"),
    Somebody("Dev Chauhan", "inkroom", "Keeps the workshop open and the books straight."),
    Somebody("Ruth Lubbock", "marram", "Producer of cold things."),
    Somebody("Ishaan Mistry", "marram", "Makes the maps and the weather plans."),
    Somebody("Catriona MacAskill", "brack", "Festival director, Gaelic singer, ferry watcher.", "member"),
    Somebody("Euan Gillies", "brack", "Sound, generators and the school choir."),
    Somebody("Denise Okafor", "foundry", "Commissions curator.", "member"),
    Somebody("Piotr Zielinski", "foundry", "Project manager; reads the contract to the end."),
    Somebody("Siobhan Devlin", "openfloor", "Dancer and co-director.", "member"),
    Somebody("Marcus Teague", "openfloor", "Dancer, wheelchair user, tour booker."),
    Somebody("Loveday Penrose", "netloft", "Looks after studios, artists and the stove."),
    Somebody("Kerensa Bolitho", "netloft", "Film programmer and gallery technician."),
    Somebody("Hilary Gough", "marches", "Director of the scheme; has eaten in every hall.", "member"),
    Somebody("Sam Preece", "marches", "Programmer. Under thirty, just."),
    Somebody("Yusra Rahman", "canal", "Film-maker, keeper of the cinema in a box."),
    Somebody("Lee Ashworth", "canal", "Community organiser; fixes dryers."),
    Somebody("Farida Iqbal", "kestrel", "Audio describer and trainer.", "member"),
    Somebody("Ben Costello", "kestrel", "BSL consultant. Deaf, and early for everything."),
    Somebody("Maureen Todd", "haggbank", "Secretary, second horn, holder of the keys."),
    Somebody("Jack Raine", "haggbank", "Conducts the training band."),
    Somebody("Peter Noakes", "marches", "Volunteer promoter until last winter."),
)
LEAVER = "Peter Noakes"
"""Who leaves in the course of the year, so that what they wrote is a former member's."""
