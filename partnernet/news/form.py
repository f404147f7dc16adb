"""The form of a news item."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session
from wtforms import BooleanField, FileField, HiddenField, StringField, ValidationError, validators

from partnernet.core.ledger.kinds import address
from partnernet.core.policy import Actor
from partnernet.core.words import _, lazy
from partnernet.entries import staging
from partnernet.entries.fields import WORDS_LIMIT, LinesField
from partnernet.entries.form import EntryForm, at_most, no_control, strip
from partnernet.news.model import POINT_LIMIT, POINTS_LIMIT, STANDFIRST_LIMIT


class NewsForm(EntryForm):
    """Tell some news."""

    standfirst = StringField(
        lazy("Standfirst"), [validators.Optional(), at_most(STANDFIRST_LIMIT), no_control], filters=[strip],
        description=lazy("The story in one or two sentences; it stands under the title."),
    )  # fmt: skip
    picture = FileField(
        lazy("Lead picture"), [validators.Optional()], description=lazy("A JPEG, PNG, WebP or GIF, up to 50 MB.")
    )
    picture_staged = HiddenField()
    picture_gone = BooleanField(lazy("Take the picture away"))
    picture_alt = StringField(
        lazy("What the picture shows"), [at_most(WORDS_LIMIT), no_control], filters=[strip],
        description=lazy("For people who cannot see it. Needed when there is a picture."),
    )  # fmt: skip
    picture_caption = StringField(
        lazy("Caption"), [validators.Optional(), at_most(WORDS_LIMIT), no_control], filters=[strip]
    )
    picture_credit = StringField(
        lazy("Who took it"), [validators.Optional(), at_most(WORDS_LIMIT), no_control], filters=[strip]
    )
    learning = LinesField(
        lazy("What we learned"), [validators.Optional()],
        description=lazy("What others can take from it, one point a line; up to %(limit)s.", limit=POINTS_LIMIT),
    )  # fmt: skip
    link = StringField(
        lazy("Where it was told first"), [validators.Optional(), at_most(2_000)], filters=[strip],
        description=lazy("The web address of the source, if there is one."),
    )  # fmt: skip

    first = ("title", "standfirst")
    outside = (
        *EntryForm.outside, "picture", "picture_staged", "picture_gone", "picture_alt", "picture_caption",
        "picture_credit",
    )  # fmt: skip

    picture_now: Mapping[str, Any] | None = None
    """The picture that stays, unless a new one takes its place."""

    def prepare(self, session: Session, actor: Actor | None, present: Mapping[str, Any] | None = None) -> None:
        """Remember the picture that is there, or the new one that waits."""
        super().prepare(session, actor, present)
        self.picture_now = ((present or {}).get("picture_now") or None) if not self.picture_gone.data else None
        if actor is not None and self.picture_staged.data and not self.picture_gone.data:
            waiting = staging.own(session, [self.picture_staged.data], by=actor).get(self.picture_staged.data)
            self.picture_now = waiting or self.picture_now

    def validate_learning(self, field: Any) -> None:
        """Not too many points, and none too long."""
        for point in field.data or ():
            if not point.isprintable():
                raise ValidationError(_("Please keep each point to a line of plain text."))
        if len(field.data or ()) > POINTS_LIMIT or any(len(point) > POINT_LIMIT for point in field.data or ()):
            raise ValidationError(
                _(
                    "Give at most %(points)s points, each of up to %(limit)s characters.",
                    points=POINTS_LIMIT,
                    limit=POINT_LIMIT,
                )
            )

    def validate_link(self, field: Any) -> None:
        """An address that is safe to link to."""
        if field.data and not address(field.data):
            raise ValidationError(_("Give a whole web address, such as https://example.org."))
