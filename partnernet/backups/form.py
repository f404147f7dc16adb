"""The form of a backup: a compressed tar with a few exact names, and a manifest with their hashes at its end.

It is written and read as a stream, so that memory does not grow with the number of files. Nothing is ever
extracted by a name that the backup gives: each name is either one of a few, or that of a file after its hash.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from partnernet.core.dump import POSTGRES, SQLITE
from partnernet.core.errors import Refused

FORMAT = "partnernet-backup/1"
ENDING = ".backup.tar.gz"
TOP = "partnernet-backup/"

README, MANIFEST = "README.txt", "manifest.json"
DATABASES: Mapping[str, str] = {SQLITE: "database.db", POSTGRES: "database.dump"}
KEYS = ("node.key", "network.key", "network.key.next", "secret.key")
SETTINGS = "settings.json"
SMALL = {README: 64 << 10, **dict.fromkeys(KEYS, 4 << 10), SETTINGS: 64 << 10, MANIFEST: 1 << 20}
"""The small members, with the bytes that each may have."""

FILES = "files/"
is_file = re.compile(r"files/([0-9a-f]{2})/(\1[0-9a-f]{62})").fullmatch
"""Whether a member is an attachment, by its name."""


class Damaged(Refused):
    """A backup is not whole, or none at all."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself, at its end: whoever has read so far holds it against what came."""

    software: str
    created: int
    """Milliseconds since 1970."""
    node: str
    network: str
    """What the network is called."""
    database: Mapping[str, Any]
    """Which one it was, its revision, how many ops it holds, and the id of the newest."""
    members: Mapping[str, Mapping[str, Any]]
    """The size and hash of each small member and of the database."""
    files: Mapping[str, int]
    """How many attachments there are, and their bytes."""
    left_out: list[str] = field(default_factory=list)
    """Attachments whose content was not what their name says."""

    def write(self) -> bytes:
        """As it stands in a backup."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1, ensure_ascii=False).encode() + b"\n"

    @classmethod
    def read(cls, content: bytes) -> "Manifest":
        """Read it; raises Damaged, or Refused where a newer version wrote it."""
        try:
            given = json.loads(content)
            form = given.pop("format")
            manifest = cls(**{name: given[name] for name in cls.__dataclass_fields__})
            good = all(
                isinstance(getattr(manifest, name), kind)
                for name, kind in (("created", int), ("node", str), ("database", dict), ("members", dict),
                                   ("files", dict), ("network", str), ("left_out", list), ("software", str))
            )  # fmt: skip
            good = good and isinstance(manifest.database["kind"], str) and type(manifest.database["ops"]) is int
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise Damaged("The list at the end of this backup cannot be read: the file is damaged.") from error
        if form != FORMAT:
            raise Refused("This backup was made by a newer version of PartnerNet: update the program to restore it.")
        if not good:
            raise Damaged("The list at the end of this backup cannot be read: the file is damaged.")
        return manifest


def readme(name: str, node: str, when: str, software: str) -> str:
    """What a person reads who finds a backup and does not know what it is."""
    return f"""This is a backup of a PartnerNet server.

Network   {name}
Server    {node}
Made      {when}
By        PartnerNet {software}

What it is
  Everything that the server owns: its database, the attached files, and its keys. Whoever has this file
  can read everything, and can speak as that server. Keep it as you keep a key. It holds what was written
  up to the moment above, what was erased later included: throw it away after seven days.

How to restore it
  Install PartnerNet, set PARTNERNET_DATA to an empty folder, and run

      partnernet restore FILE

  then `partnernet serve`. People sign in again with the passwords they had. Stop the old server first, if
  it still runs: two servers with one key confuse the others.

How to look whether it is whole
      partnernet backup --rehearse FILE

What is in it
  database.db     the database, as SQLite wrote it (or database.dump, for pg_restore)
  files/          the attached files, each named after the SHA-256 of its content
  *.key           the server's own keys
  settings.json   the settings that were made outside the database
  manifest.json   what the above should be, with hashes
"""
