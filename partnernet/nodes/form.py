"""The forms about other servers: their cards, what they may do, and what they are called."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import (
    BooleanField,
    FileField,
    Form,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import NumberRange, Optional

from partnernet.core.errors import Refused
from partnernet.core.ledger.kinds import address
from partnernet.core.words import _, lazy, lazy_choices
from partnernet.entries.form import Blamed, at_most, no_control, no_nul, required, strip
from partnernet.nodes import quotas
from partnernet.nodes.card import CARD_LIMIT, NAME_LIMIT
from partnernet.nodes.sentences import EVERYTHING, LOGS, READS, WRITES
from partnernet.sync.address import read as read_address

ADDRESS_LIMIT = 300
LIMIT = 1 << 40
_SIZES = {
    "megabytes_a_day": quotas.BYTES_A_DAY, "megabytes": quotas.BYTES,
    "files_a_day": quotas.FILES_A_DAY, "files": quotas.FILES,
}  # fmt: skip
"""The fields of limits in megabytes."""


OFTEN = {
    "0": lazy("Only when somebody asks"),
    "15": lazy("Every quarter of an hour"),
    "60": lazy("Every hour"),
    "1440": lazy("Once a day"),
    "10080": lazy("Once a week"),
}
"""Minutes between two exchanges."""


def whole_address(form: Form, field: Any) -> None:
    """The plain web address of a server, with its scheme; where it leads is looked at when it is asked."""
    if not address(field.data) or not field.data.lower().startswith(("https://", "http://")):
        raise ValidationError(_("Give the whole address, beginning with https://."))
    try:
        read_address(field.data)
    except Refused as error:
        raise ValidationError(error.sentence) from error


def address_field(**given: Any) -> StringField:
    """Where a server can be reached."""
    return StringField(
        lazy("Its address"), [Optional(), at_most(ADDRESS_LIMIT), no_control, whole_address], filters=[strip],
        render_kw={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}, **given,
    )  # fmt: skip


def private_field() -> BooleanField:
    """A steward means an address that is not on the internet."""
    return BooleanField(
        lazy("The address is on our own network, I mean it"),
        description=lazy("Addresses inside a house or an office are refused otherwise, since they lead to machines "
        "that are meant for nobody else."),
    )  # fmt: skip


def name_field(label: str) -> StringField:
    """What a server is called."""
    return StringField(
        label, [Optional(), at_most(NAME_LIMIT), no_control], filters=[strip], render_kw={"autocomplete": "off"},
        description=lazy("As people know it: “Northside Dance”."),
    )  # fmt: skip


class CardForm(Blamed):
    """Meet another server by its card."""

    card = FileField(lazy("The file of its card"), [Optional()])
    text = TextAreaField(
        lazy("Or its card as text"), [Optional(), at_most(CARD_LIMIT), no_nul],
        description=lazy("As it came in an e-mail, with the curly brackets."), render_kw={"spellcheck": "false"},
    )  # fmt: skip
    address = address_field(description=lazy("If it is on the internet, the card is fetched from there."))
    private = private_field()


class RightsForm(Blamed):
    """What another server may do here."""

    reads = RadioField(
        lazy("What it may be given over the internet"), choices=lazy_choices(READS), default=EVERYTHING,
        validators=[required(lazy("Choose what it may be given."))],
    )  # fmt: skip
    writes = RadioField(
        lazy("What of it is let in here"), choices=lazy_choices(WRITES), default=EVERYTHING,
        validators=[required(lazy("Choose what is let in."))],
    )  # fmt: skip

    @property
    def read_logs(self) -> Sequence[str]:
        """The logs that it may be given."""
        return LOGS[self.reads.data]

    @property
    def written_logs(self) -> Sequence[str]:
        """The logs in which it is let in."""
        return LOGS[self.writes.data]


class WordsForm(RightsForm):
    """Two people have compared the words."""

    met = StringField(
        lazy("With whom did you compare them?"),
        [required(lazy("Give the name of the person there.")), at_most(NAME_LIMIT), no_control], filters=[strip],
        description=lazy("Somebody whom you know by voice or by face."), render_kw={"autocomplete": "off"},
    )  # fmt: skip


class ServerForm(RightsForm):
    """What another server is called, where it is, and what it may do."""

    name = name_field(lazy("What you call it"))
    address = address_field(description=lazy("Leave it empty where only sticks and e-mails go there."))
    private = private_field()
    every = SelectField(
        lazy("How often the two servers exchange by themselves"), choices=lazy_choices(OFTEN), default="0",
        description=lazy("Only where an address is given. A steward can do it at any time by a button."),
    )  # fmt: skip


def number_field(label: str, description: str) -> IntegerField:
    """A limit of a server; empty where the one for all holds."""
    return IntegerField(
        label, [Optional(), NumberRange(1, LIMIT, lazy("Give a number above zero."))], description=description,
        render_kw={"inputmode": "numeric", "min": 1},
    )  # fmt: skip


def _empty(limit: str) -> str:
    return lazy("Empty: %(count)s.", count=quotas.DEFAULTS[limit] >> 20)


def _left_out(limit: str) -> str:
    return lazy("Empty: %(count)s. Files over it are left out, and come later.", count=quotas.DEFAULTS[limit] >> 20)


class QuotaForm(Blamed):
    """How much another server may send."""

    ops_a_day = number_field(lazy("Statements in a day"), lazy("Empty: %(count)s.", count=quotas.DEFAULTS["ops_a_day"]))
    megabytes_a_day = number_field(lazy("Megabytes of text in a day"), _empty(quotas.BYTES_A_DAY))
    files_a_day = number_field(lazy("Megabytes of files in a day"), _left_out(quotas.FILES_A_DAY))
    ops = number_field(lazy("Statements in all"), lazy("Empty: %(count)s.", count=quotas.DEFAULTS["ops"]))
    megabytes = number_field(lazy("Megabytes of text in all"), _empty(quotas.BYTES))
    files = number_field(lazy("Megabytes of files in all"), _left_out(quotas.FILES))

    @property
    def quota(self) -> dict[str, int]:
        """The limits that were given."""
        given = {quotas.OPS_A_DAY: self.ops_a_day.data, quotas.OPS: self.ops.data}
        given |= {limit: (self[name].data or 0) << 20 for name, limit in _SIZES.items()}
        return {name: limit for name, limit in given.items() if limit}

    @staticmethod
    def shown(quota: Mapping[str, int]) -> dict[str, int | None]:
        """Limits as the form shows them."""
        shown = {"ops_a_day": quota.get(quotas.OPS_A_DAY), "ops": quota.get(quotas.OPS)}
        sizes = {name: quota.get(limit) for name, limit in _SIZES.items()}
        return shown | {name: size >> 20 if size else None for name, size in sizes.items()}


class KeyForm(Blamed):
    """Take a copy of the network's key."""

    password = PasswordField(
        lazy("Your password"), [required(lazy("Give your password."))],
        render_kw={"autocomplete": "current-password", "data-reveal": True},
    )  # fmt: skip


class OwnForm(Blamed):
    """What this server is called."""

    name = name_field(lazy("What this server is called"))
