"""`python -m tests.looks.then MOMENT COMMAND …`: the `partnernet` command, at another time."""

import sys
from datetime import datetime

import time_machine

from partnernet.cli import main

time_machine.travel(datetime.fromisoformat(sys.argv.pop(1))).start()
main()
