"""What may stand in each field of each kind, and in each mark (section “Fields”)."""

import re
from datetime import date

from .lines import whole

CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def line(limit, empty=True):
    def good(value):
        return (
            isinstance(value, str) and len(value) <= limit and not CONTROL.search(value)
            and (empty or value.strip() != "")
        )  # fmt: skip

    return good


def text(limit):
    return lambda value: isinstance(value, str) and len(value) <= limit


def lines(limit, each):
    return lambda value: isinstance(value, list) and len(value) <= limit and all(map(line(each, False), value))


def moment(value):
    return whole(value) and -62_135_596_800_000 <= value <= 253_402_300_799_999


def flag(value):
    return isinstance(value, bool)


def reference(value):
    return isinstance(value, str) and (value == "" or re.fullmatch("[a-z2-7]{52}", value) is not None)


def day(value):
    if not isinstance(value, str) or (value and not re.fullmatch("[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}", value)):
        return False
    try:
        return value == "" or bool(date.fromisoformat(value))
    except ValueError:
        return False


def address(value):
    if not isinstance(value, str) or len(value) > 2_000 or CONTROL.search(value) or " " in value:
        return False
    return value == "" or value.lower().startswith(("http://", "https://"))


def file(value):
    if not isinstance(value, dict) or not all(isinstance(value.get(name), str) for name in ("sha256", "name", "type")):
        return False
    words = [value.get(name, "") for name in ("alt", "caption", "credit")]
    return (
        re.fullmatch("[0-9a-f]{64}", value["sha256"]) is not None
        and line(255)(value["name"]) and value["name"] != "" and not re.search(r"[/\\]", value["name"])
        and re.fullmatch("[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,80}", value["type"]) is not None
        and whole(value.get("size")) and 0 <= value["size"] <= 2**40
        and all(isinstance(some, str) and len(some) <= 1_000 for some in words)
    )  # fmt: skip


def files(value):
    return (
        isinstance(value, list) and len(value) <= 50 and all(map(file, value))
        and len({one["sha256"] for one in value}) == len(value)
    )  # fmt: skip


def picture(value):
    return value is None or (file(value) and value["type"].startswith("image/"))


def one_of(*words):
    return lambda value: isinstance(value, str) and value in words


def tag(value):
    return (
        isinstance(value, str) and len(value) <= 60 and value == value.lower()
        and re.fullmatch(r"[^\s,]+(?: [^\s,]+)*", value) is not None
    )  # fmt: skip


TITLE, BODY = line(300, empty=False), text(200_000)
STAGES = ("discover", "define", "develop", "deliver", "do_more")

EVERY = {"date": moment, "credit": line(200), "source": line(500), "copied_from": reference, "lang": line(12)}

KINDS = {
    "discussion": {"title": TITLE, "body": BODY, "files": files, "summary": text(8_000)},
    "idea": {"title": TITLE, "body": BODY, "files": files, "stage": one_of(*STAGES)},
    "network": {
        "name": line(100, False), "welcome": text(20_000), "accent": line(60), "strapline": line(140),
        "picture": picture,
    },
    "news": {
        "title": TITLE, "standfirst": line(500), "body": BODY, "picture": picture, "learning": lines(12, 300),
        "link": address, "files": files,
    },
    "note": {
        "title": TITLE, "held": day, "host": reference, "place": line(200), "body": BODY, "files": files,
    },
    "page": {"slug": line(60, False), "title": TITLE, "body": BODY},
    "partner": {
        "name": line(200, False), "place": line(200), "region": line(200), "art_forms": lines(20, 60),
        "offers": text(4_000), "seeks": text(4_000), "website": address, "about": text(20_000), "picture": picture,
    },
    "person": {"name": line(100, False), "partner": reference, "about": text(4_000)},
    "reply": {"body": BODY, "files": files},
    "term": {"title": line(100, False), "also": lines(12, 100), "body": text(4_000), "said_by": line(100)},
}  # fmt: skip

SHARED = {
    "discussion": {"summary"},
    "idea": {"stage"},
    "page": {"title", "body"},
    "partner": {"name", "place", "region", "art_forms", "offers", "seeks", "website", "about", "picture"},
    "term": {"title", "also", "body", "said_by"},
}  # fmt: skip


def nothing(value):
    return value is None


MARKS = {
    "tag": (flag, tag),
    "count_in": (flag, nothing),
    "watching": (flag, nothing),
    "can_host": (flag, nothing),
    "came_from": (flag, lambda value: value != "" and reference(value)),
}
"""For each mark, what its value and its subject may be."""
