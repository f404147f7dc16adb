"""Every module that declares tables or kinds, for those who need all of them at once."""

from importlib import import_module
from pathlib import Path


def load_all() -> None:
    """Import each `model.py` of the house."""
    import_module("partnernet.core.ledger.tables")
    import_module("partnernet.core.entry")
    import_module("partnernet.core.file_text")
    for path in sorted(Path(__file__).parent.glob("*/model.py")):
        import_module(f"partnernet.{path.parent.name}.model")
