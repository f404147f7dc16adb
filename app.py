"""`app` for a WSGI server; `python app.py` serves."""

import sys

from partnernet import create_app
from partnernet.cli import main

if __name__ == "__main__":
    sys.exit(main(["serve", *sys.argv[1:]]))

app = create_app()
