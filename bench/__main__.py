"""`python -m bench [NAME …] [--OPTION …]`: prints the tables of `docs/measured.md`, or those of the named parts."""

import sys
from importlib import import_module
from itertools import takewhile

PARTS = ("pages", "fossil", "append", "exchange", "start", "search", "words")

names = list(takewhile(lambda argument: not argument.startswith("-"), sys.argv[1:]))
options = sys.argv[1 + len(names) :]
for name in names or PARTS:
    import_module(f"bench.{name}").main(*options)
