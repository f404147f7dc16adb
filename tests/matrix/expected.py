"""What should come of a request, derived from the permission that its route declares and from the policy alone."""

from enum import Enum
from typing import Any

from partnernet.core import policy
from partnernet.core.ledger.node import Node, SigningKey
from partnernet.core.policy import Actor
from partnernet.web.guard import SAFE_METHODS
from tests.matrix.parameters import Case


class Outcome(Enum):
    """How the server answers; the values are the statuses that may say so."""

    OPEN = (200, 204, 302, 303, 304)
    DONE = (200, 204, 303, 400, 409, 410, 422, 429)
    """A change was asked for by somebody who may: it is made, or refused for what was sent."""
    GONE = (200, 303, 404, 410, 422)
    """It is read or changed by somebody who may, and was removed or erased."""
    SIGN_IN = (303, 401)
    FORBIDDEN = (403,)
    MISSING = (404,)

    @property
    def is_refusal(self) -> bool:
        return self in (Outcome.SIGN_IN, Outcome.FORBIDDEN, Outcome.MISSING)


def outcome(permission: str, actor: Actor | None, case: Case, method: str, has_parameters: bool) -> Outcome:
    """What the policy says of a request."""
    if permission == "peer":
        return Outcome.MISSING
    is_open_to_all = permission == "anyone" or permission.endswith(".read")
    if actor is None and not is_open_to_all:
        return Outcome.MISSING if has_parameters and method in SAFE_METHODS else Outcome.SIGN_IN
    is_of_people = _asks_nothing_of_a_thing(permission)
    if is_of_people and not policy.can(permission, actor):
        return Outcome.FORBIDDEN
    if not case.is_there_for(actor):
        return Outcome.MISSING
    if case.thing is None or is_of_people:
        return _granted(case.thing, method)
    if not policy.can("entry.read", actor, case.thing):
        return Outcome.MISSING
    if not policy.can(f"{case.thing.kind}.{permission.partition('.')[2]}", actor, case.thing):
        return Outcome.FORBIDDEN
    if permission == "entry.move" and case.thing.kind == "reply":
        return Outcome.DONE  # it goes where its thread goes, and whoever may change it is told so
    return _granted(case.thing, method)


def _asks_nothing_of_a_thing(permission: str) -> bool:
    """Whether a steward, for whom every predicate is asked in full, is judged without any thing at all."""
    somebody = Actor(Node(SigningKey.from_seed(bytes(32)), "i"), "p", "", "Somebody", policy.STEWARD, 1)
    try:
        policy.can(permission, somebody)
    except AttributeError:
        return False
    return True


def _granted(thing: Any, method: str) -> Outcome:
    if thing is not None and (thing.deleted or thing.redacted):
        return Outcome.GONE
    return Outcome.OPEN if method in SAFE_METHODS else Outcome.DONE
