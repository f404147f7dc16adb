"""What a page says first after something was done: a sentence, and where it can be, a way to take it back."""

from collections.abc import Mapping
from typing import Any

from flask import flash, session


def done(sentence: str, *, undo: str | None = None, fields: Mapping[str, str] | None = None) -> None:
    """Say on the next page that something was done. `undo` is an address that takes it back when sent `fields`."""
    if undo is None:
        flash(sentence, "success")
    else:
        notice: Any = {"sentence": sentence, "undo": undo, "fields": dict(fields or {})}  # any JSON may be flashed
        flash(notice, "success")


def is_waiting() -> bool:
    """Whether the next page will say something: then it is not the page that a browser keeps."""
    return "_flashes" in session
