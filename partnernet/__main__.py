"""`python -m partnernet` is the `partnernet` command."""

import sys

from partnernet.cli import main

sys.exit(main())
