"""`python -m bench [NAME …]`: prints the tables of `docs/measured.md`, or those of the named parts."""

import sys
from importlib import import_module

PARTS = ("pages", "fossil", "append", "exchange", "start", "search", "words")

for name in sys.argv[1:] or PARTS:
    import_module(f"bench.{name}").main()
