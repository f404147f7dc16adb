"""The few named errors of the domain; only `web/errors.py` and the command line turn them into answers."""

from collections.abc import Mapping

from partnernet.core.words import _


class Refused(Exception):
    """Something cannot be done; the message is one plain sentence that says what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Invalid(Refused):
    """What was given cannot be accepted; `fields` names what is wrong with each."""

    def __init__(self, sentence: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.fields = dict(fields or {})


class SignInNeeded(Refused):
    """Nobody is signed in, and this is for people who are."""


class Forbidden(Refused):
    """The person may see the thing, but not do this to it."""


class NotFound(Refused):
    """There is nothing here that this person may see."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or _("There is nothing at this address."))


class Gone(Refused):
    """It was here and has been erased for good."""


class Conflict(Refused):
    """Somebody else changed it in between."""


class TooLarge(Refused):
    """It is over a stated limit."""


class TooSoon(Refused):
    """It was tried too often; `seconds` says how long to wait."""

    def __init__(self, sentence: str, seconds: int) -> None:
        super().__init__(sentence)
        self.seconds = seconds


class BadBundle(Invalid):
    """A bundle, or one op in it, is not what it should be."""


class StorageFull(Refused):
    """The disk is full: reading goes on, writing waits."""
