"""The stories of the vectors: each is a set of ops that says one thing about merging."""

import rfc8785

from tests.vectors.writing import Key, Writer

STORIES = {}


def story(says):
    """Note a story under the name of its function."""

    def note(tell):
        STORIES[tell.__name__.replace("_", "-")] = (says, tell)
        return tell

    return note


def cast():
    """Two nodes with a person each: Ada at the first, Ben at the second."""
    return Writer("north", "Ada"), Writer("south", "Ben")


def founded():
    """A network by the first node, whose steward is Ben of the second; all that follows is made in it."""
    key, north = Key("network"), Writer("north")
    network = north.op("network", "public", {"set": {"name": "Invented Places"}}, net=key.public)
    ada, ben = north.colleague("Ada"), Writer("south", "Ben")
    ada.network = ben.network = network["id"]
    return key, north, network, ada, ben


def membership(writer, signing, network, version, stewards, **more):
    doc = {"network": network["id"], "version": version, "stewards": sorted(stewards), **more}
    return by_network(writer, signing, network, "membership", b"partnernet-membership-v1\n", doc)


def revocation(writer, key, network, version, node, keep=(), revoked=True):
    keep = sorted(op["id"][:26] for op in keep)
    doc = {"network": network["id"], "version": version, "node": node, "revoked": revoked, "keep": keep}
    return by_network(writer, key, network, "revoke", b"partnernet-revocation-v1\n", doc)


def by_network(writer, key, network, kind, prefix, doc):
    body = {"doc": doc, "by_key": key.sign(prefix + rfc8785.dumps(doc))}
    return writer.op(kind, "public", body, ent=network["id"], par=[network["id"]])


@story("An edit that was made having seen another replaces it, field by field; what it does not set stays.")
def edits_one_after_another():
    ada, _ = cast()
    made = ada.make("discussion", title="Rooms", body="Where do we meet?")
    first = ada.edit(made, title="Rooms for May")
    second = ada.edit(made, first, body="Where do we meet in May?")
    return [made, first, second]


@story("Two edits that had not seen each other are a conflict: the greatest (ts, id) is shown, both are kept.")
def edits_side_by_side():
    ada, _ = cast()
    made = ada.make("discussion", title="Rooms", body="Where?")
    left, right = ada.edit(made, title="Halls"), ada.edit(made, title="Barns")
    return [made, left, right]


@story("Two edits side by side that agree are no conflict, and edits of different fields are none either.")
def edits_that_agree():
    ada, _ = cast()
    made = ada.make("idea", title="Lanterns", body="Many", stage="discover")
    both = [ada.edit(made, title="A hundred lanterns"), ada.edit(made, title="A hundred lanterns")]
    return [made, *both, ada.edit(made, body="Very many")]


@story("Of edits side by side with the same time, the greater id is shown.")
def edits_at_one_moment():
    ada, _ = cast()
    made = ada.make("discussion", title="Rooms", body="")
    seen = {"ent": made["id"], "root": None, "par": [made["id"]], "ts": made["h"]["ts"] + 1}
    return [made, *(ada.op("edit", "network", {"set": {"title": word}}, **seen) for word in ("One", "Two", "Three"))]


@story("An edit that had seen both sides of a conflict settles it.")
def a_conflict_that_is_settled():
    made, left, right = edits_side_by_side()
    ada, _ = cast()
    ada.numbers["network"] = 3
    return [made, left, right, ada.edit(made, left, right, title="Halls and barns")]


@story("Having seen X beats X, whatever the clocks say: the last edit here is dated 31 years before the others.")
def causes_before_clocks():
    ada, _ = cast()
    made = ada.make("discussion", title="Rooms", body="")
    first = ada.edit(made, title="Rooms in May")
    early = {"ent": made["id"], "root": None, "par": [first["id"]], "ts": made["h"]["ts"] - 978_000_000_000}
    return [made, first, ada.op("edit", "network", {"set": {"title": "Rooms in June"}}, **early)]


@story("A delete hides and can be undone; an edit beside it stands.")
def removed_and_brought_back():
    ada, _ = cast()
    made, other = ada.make("note", title="Minutes", body="…", held="2026-05-20"), ada.make("note", title="Doodle")
    gone = ada.edit(made, kind="delete", deleted=True)
    back = ada.edit(made, gone, kind="delete", deleted=False)
    return [
        made,
        gone,
        ada.edit(made, title="Minutes of May"),
        back,
        other,
        ada.edit(other, kind="delete", deleted=True),
    ]


@story("Another node's edit counts for the fields that the network keeps together, and for no other.")
def fields_kept_together():
    ada, ben = cast()
    made = ada.make("discussion", title="Rooms", body="Where?", summary="")
    edit = ben.edit(made, title="Ben was here", summary="We meet in the barn.")
    return [made, edit, ben.edit(made, edit, kind="delete", deleted=True)]


@story("A value of another type or over its limit is as if it were not there, and loses to nothing.")
def values_that_do_not_fit():
    ada, _ = cast()
    made = ada.make("news", title="Open day", body="At noon", link="https://example.org/", learning=["One"])
    wrong = {
        "title": "Two\nlines", "body": 7, "link": "javascript:alert(1)", "learning": ["a"] * 13,
        "files": [{"sha256": "x"}], "picture": [], "credit": "c" * 201, "date": "yesterday",
    }  # fmt: skip
    return [made, ada.edit(made, **wrong), ada.edit(made, title=""), ada.edit(made, unknown={"deep": [1]}, lang="cy")]


@story("A redact erases all words of its entity, and those that were written beside it or come later.")
def erased_for_good():
    ada, ben = cast()
    made = ada.make("discussion", title="A name that should not be here", body="…")
    edit = ada.edit(made, title="A name")
    beside = ada.edit(made, title="The name again")
    redact = ada.edit(made, edit, kind="redact")
    late = ada.edit(made, redact, title="And again")
    kept = ben.mark(made, "tag", True, subject="music")
    return [made, edit, beside, redact, late, kept, ben.edit(made, kind="redact")]


@story("A redact with `ops` erases the bodies that it names, a mark's among them; the versions before stand again.")
def one_version_erased():
    ada, _ = cast()
    made = ada.make("idea", title="Lanterns", body="Ask 07700 900123")
    edit, tag = ada.edit(made, body="Ask Ada"), ada.mark(made, "tag", True, subject="secret")
    slip = ada.edit(made, edit, title="Lanterns (private)")
    named = {"ent": made["id"], "root": None, "par": [slip["id"]], "ops": sorted([slip["id"], tag["id"], "x"])}
    return [made, edit, tag, slip, ada.op("redact", "network", {}, **named)]


@story("A redact by another node counts only from a steward who relies on a membership that names them.")
def stewards_and_strangers():
    key, north, network, ada, ben = founded()
    cleo, dan = Writer("east", "Cleo"), Writer("south", "Dan")
    mem = membership(north, key, network, 1, [[ben.key.public, ben.by]])
    none = membership(north, key, network, 2, [])
    forged = membership(cleo, Key("east"), network, 3, [[cleo.key.public, cleo.by]])
    own_key = Key("other network")
    own = cleo.op("network", "public", {"set": {"name": "Cleo's"}}, net=own_key.public)
    elsewhere = membership(cleo, own_key, own, 1, [[cleo.key.public, cleo.by]])
    made = [ada.make("discussion", title=f"Number {n}", body="…") for n in range(5)]
    acts = [
        ben.edit(made[0], kind="redact", mem=mem),  # counts, also under version 2, which names nobody
        cleo.edit(made[1], kind="redact", mem=mem),
        cleo.edit(made[1], kind="redact", mem=forged),
        cleo.edit(made[2], kind="redact", mem=elsewhere),
        dan.edit(made[3], kind="delete", mem=mem, deleted=True),
        ben.edit(made[4], mem=mem, title="Put right by a steward"),
    ]
    return [network, mem, none, forged, own, elsewhere, *made, *acts]


@story(
    "What a revoked node wrote counts no more in its network, but for what is kept; revocations of one version add up."
)
def a_node_revoked():
    key, north, network, ada, ben = founded()
    kept, made, gone = (ben.make("idea", title=title, stage="define") for title in ("Kept", "Edit kept", "Gone"))
    edits = ben.edit(made, title="This edit is kept"), ben.edit(made, title="This is not")
    own = ada.make("discussion", title="Rooms", summary="")
    summary, vote = ben.edit(own, summary="By Ben"), ben.mark(own, "tag", True, subject="ben")
    loose = Writer("south", "Ben").make("idea", title="Made in no network", stage="deliver")
    first = revocation(north, key, network, 1, ben.key.public, [kept, made])
    second = revocation(north, key, network, 1, ben.key.public, [edits[0]])
    forged = revocation(north, Key("east"), network, 9, ada.key.public)
    return [network, kept, made, gone, *edits, own, summary, vote, loose, first, second, forged]


@story("A revocation is taken back by one of a later version; an older one that arrives late changes nothing.")
def a_revocation_taken_back():
    key, north, network, ada, ben = founded()
    made = ben.make("idea", title="Lanterns", stage="define")
    back = revocation(north, key, network, 3, ben.key.public, revoked=False)
    return [network, made, revocation(north, key, network, 2, ben.key.public), back, ada.edit(made, stage="deliver")]


@story(
    "A membership can hand the network over to a new key, which signs from the next version on; the old one no more."
)
def a_key_handed_over():
    key, north, network, ada, ben = founded()
    new, people = Key("other network"), [[ben.key.public, ben.by]]
    rights = {"node": ben.key.public, "name": "South", "reads": ["network", "public"], "writes": ["public"]}
    over = membership(north, key, network, 1, [], key=new.public, nodes=[rights])
    old = membership(north, key, network, 2, people)
    good = membership(north, new, network, 2, people)
    early = membership(north, new, network, 1, people)
    made = [ada.make("discussion", title=f"Number {n}") for n in range(3)]
    acts = [ben.edit(some, mem=mem, title="By Ben") for some, mem in zip(made, (old, good, early), strict=True)]
    return [network, over, old, good, early, *made, *acts]


@story("An op in another log than its entity's has no effect.")
def in_another_log():
    ada, _ = cast()
    made = ada.make("discussion", "network", title="Within", body="…")
    out = {"ent": made["id"], "root": None, "par": [made["id"]]}
    shout = ada.op("edit", "public", {"set": {"title": "Without"}}, **out)
    return [
        made,
        shout,
        ada.op("redact", "public", {}, **out),
        ada.mark(made, "tag", True, subject="loud", log="public"),
    ]


@story(
    "What an entry is a copy of stands in its create; an edit takes it back at most, so two never replace each other."
)
def a_copy_in_another_log():
    ada, _ = cast()
    made = ada.make("discussion", "network", title="Within")
    copy = ada.make("discussion", "public", title="For all", copied_from=made["id"])
    back = ada.edit(made, copied_from=copy["id"])
    return [made, copy, back, ada.edit(copy, copied_from="")]


@story("A mark is a register of its speaker: a person, or the partner for whom they speak.")
def marks_and_registers():
    ada, ben = cast()
    partner = ada.make("partner", "public", name="Northside Dance")
    made = ada.make("idea", title="Lanterns", body="…", stage="discover")
    zoe, yan = (ada.colleague(name, partner["id"]) for name in ("Zoe", "Yan"))
    yes = zoe.mark(made, "count_in", True)
    tag = ben.mark(made, "tag", True, subject="music")
    return [
        partner, made, yes, yan.mark(made, "count_in", False, yes), ben.mark(made, "count_in", True), tag,
        ben.mark(made, "tag", False, tag, subject="music"), ada.mark(made, "tag", True, subject="places to go"),
        ada.mark(made, "tag", True, subject="Not A Tag"), ada.mark(made, "tag", "yes", subject="dance"),
        ada.mark(made, "applause", True), ada.mark(made, "watching", True), ada.mark(made, "watching", False),
    ]  # fmt: skip


@story("An unknown kind is kept and passed on, nothing of it is shown, and it can be erased like any other.")
def kinds_of_later_versions():
    ada, ben = cast()
    made = ada.make("weather", sky="grey")
    edit = ada.edit(made, sky="blue")
    other = ben.op("weather", body={"set": {"sky": "red"}}, later={"anything": [1, None, True]})
    return [made, edit, ada.edit(made, edit, kind="redact"), other, ben.edit(other, kind="forecast", sky="pink")]


@story("Erasing a person takes the words of their card; what they wrote elsewhere stays.")
def a_person_erased():
    ada, ben = cast()
    card = ada.op("person", "network", {"set": {"name": "Ada Brook", "about": "Dances."}}, who=ada.by)
    made = ada.make("discussion", title="Rooms", body="Where?")
    reply = ben.op("reply", "network", {"set": {"body": "In the barn."}}, root=made["id"])
    return [card, made, reply, ada.edit(card, kind="erase_person"), ben.edit(made, kind="erase_person")]


@story("What comes without its body, or without the op it follows, is shown as far as it is known.")
def with_gaps():
    ada, _ = cast()
    made = ada.make("discussion", title="Rooms", body="Where?")
    lost = ada.edit(made, title="Lost on the way")
    after = ada.edit(made, lost, body="Where, and when?")
    bare = {**ada.edit(made, after, title="Withheld"), "b": None}
    nowhere = ada.op("edit", "network", {"set": {"title": "?"}}, ent="a" * 52, par=["a" * 52])
    return [made, after, bare, nowhere]


@story("Two ops under one number come of a restored or copied server: both are kept, and the digest tells.")
def one_number_twice():
    ada, _ = cast()
    made = ada.make("discussion", title="Rooms", body="Where?")
    ada.numbers["network"] = 0
    return [made, ada.make("discussion", title="Written after the restore", body="…"), ada.make("idea", title="Third")]
