"""The forms of people and accounts: their shape is checked here, their truth in the models."""

from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    Form,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from partnernet.core.errors import Invalid
from partnernet.core.policy import MEMBER, NETWORK, PUBLIC, STEWARD
from partnernet.core.words import lazy
from partnernet.entries.fields import ProseField
from partnernet.entries.form import Blamed, at_most, no_control, no_nul, required, strip, unix_lines
from partnernet.people import accounts, passwords
from partnernet.people.model import NAME_LIMIT

ABOUT_LIMIT = 4_000

ROLES = [
    SelectChoice(MEMBER, lazy("Member")),
    SelectChoice(STEWARD, lazy("Steward: also looks after accounts, pages and the exchange with others")),
]
CARD_READERS = [
    SelectChoice(NETWORK, lazy("The network: everybody who is signed in, at every partner")),
    SelectChoice(PUBLIC, lazy("Everybody: the whole world may read it")),
]


def whole_email(form: Form, field: Any) -> None:
    """It could be an e-mail address."""
    try:
        accounts.plain(field.data or "")
    except Invalid as error:
        raise ValidationError(error.sentence) from error


def strong(form: Form, field: Any) -> None:
    """It is not easily guessed."""
    known = [form[name].data or "" for name in ("email", "name") if name in form]
    try:
        passwords.check(field.data or "", *known)
    except Invalid as error:
        raise ValidationError(error.sentence) from error


def email_field(label: str = lazy("E-mail address"), **given: Any) -> EmailField:
    """An e-mail address."""
    return EmailField(
        label, [required(lazy("Give an e-mail address.")), whole_email], filters=[strip],
        render_kw={"autocomplete": "username", "maxlength": accounts.EMAIL_LIMIT}, **given,
    )  # fmt: skip


def name_field() -> StringField:
    """A person's name."""
    return StringField(
        lazy("Your name"), [required(lazy("Give your name.")), at_most(NAME_LIMIT), no_control], filters=[strip],
        description=lazy("As others in the network know you."), render_kw={"autocomplete": "name"},
    )  # fmt: skip


def new_password_field(label: str = lazy("A password")) -> PasswordField:
    """A password that is being chosen."""
    return PasswordField(
        label, [required(lazy("Choose a password.")), strong],
        description=lazy("12 characters or more. A few words in a row are easy to keep in mind and hard to guess."),
        render_kw={"autocomplete": "new-password", "data-reveal": True},
    )  # fmt: skip


def present_password_field(label: str) -> PasswordField:
    """A password that is known."""
    return PasswordField(
        label,
        [required(lazy("Give your password."))],
        render_kw={"autocomplete": "current-password", "data-reveal": True},
    )


def partner_field(label: str = lazy("Your partner organisation")) -> SelectField:
    """One of the partners, or none."""
    return SelectField(
        label,
        [Optional()],
        default="",
        description=lazy("Choose none if it is not here yet; this can be changed at any time."),
    )


class LoginForm(Blamed):
    """Sign in."""

    email = EmailField(
        lazy("E-mail address"), [required(lazy("Give your e-mail address.")), no_nul], filters=[strip],
        render_kw={"autocomplete": "username"},
    )  # fmt: skip
    password = present_password_field(lazy("Password"))
    next = HiddenField()


class JoinForm(Blamed):
    """Come in by an invitation."""

    name = name_field()
    email = email_field(
        description=lazy("You sign in with it. It is kept on this server and shown to its stewards only.")
    )
    partner = partner_field()
    password = new_password_field()


class PasswordForm(Blamed):
    """Choose a password, by a link."""

    password = new_password_field(lazy("A new password"))


class ChangePasswordForm(Blamed):
    """Change the password."""

    present = present_password_field(lazy("Your password as it is now"))
    password = new_password_field(lazy("A new password"))


class CardForm(Blamed):
    """What one's own card says."""

    name = name_field()
    partner = partner_field()
    about = ProseField(
        lazy("A few words about you"), [Optional(), at_most(ABOUT_LIMIT), no_nul], filters=[unix_lines],
        description=lazy("What you do, and what people may ask you about."),
    )  # fmt: skip
    visibility = RadioField(
        lazy("Who may read your card"), choices=CARD_READERS, default=NETWORK,
        description=lazy("Outside the network, what you write for everybody is signed with your partner’s name "
        "unless your card is open to everybody."),
        validators=[required(lazy("Choose who may read it."))],
    )  # fmt: skip


class LeaveForm(Blamed):
    """Leave the network at this server."""

    password = present_password_field(lazy("Your password"))
    sure = BooleanField(
        lazy("Erase my card and my account"), [required(lazy("Tick this if you are sure; it cannot be undone."))]
    )


class InvitationForm(Blamed):
    """Invite somebody."""

    name = StringField(
        lazy("Their name"), [Optional(), at_most(NAME_LIMIT), no_control], filters=[strip],
        description=lazy("Helps you to tell invitations apart. They can change it."),
        render_kw={"autocomplete": "off"},
    )  # fmt: skip
    email = EmailField(
        lazy("Their e-mail address"), [Optional()], filters=[strip],
        description=lazy("It only fills in the form for them; nothing is sent."),
        render_kw={"autocomplete": "off"},
    )  # fmt: skip
    partner = partner_field(lazy("Their partner organisation"))
    role = RadioField(lazy("What they will be"), choices=ROLES, default=MEMBER)

    def validate_email(self, field: Any) -> None:
        """Empty, or a whole address."""
        if field.data:
            whole_email(self, field)
