"""The routes of an app, worked out once in each process for all apps that have the same ones."""

from collections.abc import Hashable
from copy import copy
from operator import attrgetter
from typing import Any

from werkzeug.routing import Map, Rule, RuleFactory


class Routes(Map):
    """A map that reads its rules when it is first asked, and takes them over where an app before had the same.

    Half of what an app costs is the reading of its rules. One that gets a rule of its own later reads all of them anew.
    """

    _read: dict[Hashable, tuple[Any, dict[Any, list[Rule]]]] = {}

    def __init__(self, *args: Any, **options: Any) -> None:
        self._given: list[Rule] = []
        self._options = repr((args, options))
        super().__init__(*args, **options)

    def add(self, rulefactory: RuleFactory) -> None:
        """Remember a rule, or several."""
        self._given.extend(rulefactory.get_rules(self))
        self._remap = True

    def update(self) -> None:
        """Have all rules that were given."""
        if not self._remap:
            return
        converters = tuple(sorted((name, id(kind)) for name, kind in self.converters.items()))
        key = self._options, converters, tuple(_likeness(rule) for rule in self._given)
        if key not in self._read:
            made = Map()
            made.__dict__ |= {name: value for name, value in self.__dict__.items() if name in _SETTINGS}
            for rule in self._given:
                made.add(copy(rule))  # the one that was given stays free
            made.update()
            self._read[key] = made._matcher, made._rules_by_endpoint
        self._matcher, self._rules_by_endpoint = self._read[key]
        self._remap = False


_SETTINGS = (
    "default_subdomain", "strict_slashes", "redirect_defaults", "host_matching", "converters", "sort_parameters",
    "sort_key",
)  # fmt: skip

_told = attrgetter(
    "rule", "endpoint", "provide_automatic_options", "subdomain", "host", "redirect_to", "build_only", "alias",
    "websocket", "strict_slashes", "merge_slashes",
)  # fmt: skip


def _likeness(rule: Rule) -> Hashable:
    """What two rules have in common that stand for one another."""
    return _told(rule), frozenset(rule.methods or ()), repr(rule.defaults)
