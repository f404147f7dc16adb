"""Benchmarks: ratios taken in one run, never timed tests. `python -m bench` prints the tables of `docs/measured.md`."""
