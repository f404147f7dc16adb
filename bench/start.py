"""From the command to the first page, beside importing Flask and SQLAlchemy; and memory when idle."""

import os
import statistics
import subprocess
import sys
import time

from bench.nodes import node_of
from bench.servers import product
from bench.table import Row, show

ROUNDS = 7
IMPORTS = "import flask, flask_sqlalchemy"
SETTLED = 5.0  # seconds after the first page, when the threads have done their first round


def main(size: int = 10_000) -> None:
    """Print the table."""
    served, imported, idle = [], [], []
    with node_of(size) as (data, token):
        for _ in range(ROUNDS):
            began = time.perf_counter()
            subprocess.run([sys.executable, "-c", IMPORTS], check=True, env=os.environ)
            imported.append(time.perf_counter() - began)
            began = time.perf_counter()
            server = product(data, token)
            server.ask("/discussions")
            served.append(time.perf_counter() - began)
            if not idle:
                for _ in range(20):
                    server.ask("/discussions")
                time.sleep(SETTLED)
                idle.append(server.pss())
            server.stop()
    base, first = statistics.median(imported), statistics.median(served)
    show("Starting: wall seconds", [
        Row("serve to its first page", first, first / base, "≤ 2 × the imports"),
        Row(IMPORTS, base, 1.0, ""),
    ])  # fmt: skip
    show("Idle, all threads running", [Row("PSS, MB", idle[0], idle[0] / 100, "≤ 100 MB")])


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
