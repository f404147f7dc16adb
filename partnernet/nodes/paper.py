"""The network's key on paper: a file that says in plain words what it is, with 24 words to type in again.

The words are the 32 secret bytes and a check of 8 bits, as BIP-39 has it: any tool for that finds the same bytes.
"""

import re
from hashlib import sha256

from partnernet.core.errors import Invalid
from partnernet.core.ledger.node import SigningKey
from partnernet.core.words import _
from partnernet.nodes import wordlist

WORDS = 24
SEED_BYTES = 32
PAPER_LIMIT = 64 << 10

_NUMBERED = re.compile(r"\b(\d{1,2})\.\s+([A-Za-z]+)")

TEXT = """THE KEY OF THE NETWORK {name}

What this is

    Whoever holds these words can say, for the whole network, which servers
    belong to it, who its stewards are, and whose words are hidden. They open
    no mail and no account; but who may name servers can name one of their
    own, and read there what the network says among itself.

Where to keep it

    Like the deeds of a house: on paper, in an envelope, at one or two
    partners whom everybody trusts. Not in an e-mail, not in a shared folder,
    and not in PartnerNet. When it is printed, delete this file.

When it is needed

    When the server that keeps the key is lost. Bring this file, or the words
    typed into a new file, to a server of the network and run:

        partnernet network-key restore FILE

    If somebody has seen it who should not have, make a new key where the old
    one is kept, and print that; this paper is worth nothing from then on:

        partnernet network-key rotate

The words

{words}

For people who want to be sure it is the right one

    The network:    {network}
    Its public key: {public}
    Written on:     {day}
"""


def write_paper(seed: bytes, *, public: str, name: str, network: str, day: str) -> str:
    """The paper of a key, given as its 32 secret bytes."""
    check = sha256(seed).digest()[0]
    said = wordlist.spell(int.from_bytes(seed, "big") << 8 | check, WORDS)
    rows = [said[start : start + 4] for start in range(0, WORDS, 4)]
    lines = [
        "    " + "".join(f"{4 * row + place + 1:>2}. {word:<12}" for place, word in enumerate(four)).rstrip()
        for row, four in enumerate(rows)
    ]
    named = f"“{name}”" if name else ""
    return TEXT.format(name=named, words="\n".join(lines), network=network, public=public, day=day)


def read_paper(text: str) -> bytes:
    """The 32 secret bytes of a paper, or of its 24 words alone; raises Invalid for anything else."""
    numbered = _NUMBERED.findall(text[:PAPER_LIMIT])
    said = [word for _number, word in numbered] if numbered else text[:PAPER_LIMIT].split()
    if numbered and [int(number) for number, _word in numbered] != list(range(1, WORDS + 1)):
        raise Invalid(_("The words are not numbered from 1 to 24: look whether one is missing."))
    if len(said) != WORDS:
        raise Invalid(_("There are %(count)s words here, not 24: look whether one is missing.", count=len(said)))
    number = wordlist.read(said)
    seed = (number >> 8).to_bytes(SEED_BYTES, "big")
    if sha256(seed).digest()[0] != number & 0xFF:
        raise Invalid(_("The 24 words do not belong together: look for one that is wrong or in the wrong place."))
    return seed


def key_of(text: str) -> SigningKey:
    """The key that a paper holds."""
    return SigningKey.from_seed(read_paper(text))
