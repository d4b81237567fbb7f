"""Reasons: why a moderator returns, rejects or removes a comment. Codes are stable; the texts are translated where shown."""

from dataclasses import dataclass

from forum.kernel.messages import N_


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason with its short name (also shown on the stub of a removed comment), what it tells the author, and the clause it rests on."""

    code: str
    name: str
    text: str
    clause: str = ""


REASONS: tuple[Reason, ...] = (
    Reason(
        "personal-data",
        N_("personal data"),
        N_("The text contains details by which a person could be recognized. Please leave them out and send it again."),
    ),
    Reason(
        "off-question",
        N_("does not answer the question"),
        N_("The text does not answer the guiding question. Please relate it to the question, or post it under another one."),
    ),
    Reason(
        "accusation",
        N_("accusation against a named State or person"),
        N_("The text accuses a named State or person. Please criticize policies and describe practices instead."),
    ),
    Reason(
        "hate",
        N_("hatred or insult"),
        N_("The text insults people or incites hatred against them. This is not published here."),
    ),
    Reason(
        "advertising",
        N_("advertising"),
        N_("The text advertises a product, a service or an organization without contributing to the discussion."),
    ),
    Reason(
        "duplicate",
        N_("repetition"),
        N_("The same text has been posted already. One publication is enough for it to be taken into account."),
    ),
    Reason(
        "unclear",
        N_("cannot be understood"),
        N_("The text cannot be understood as it stands. Please say it more clearly, in any of the accepted languages."),
    ),
    Reason(
        "other",
        N_("another reason"),
        N_("The moderators explain their reason below."),
    ),
)

OTHER = "other"
"""The code of the reason under which anything can be said, in words."""
BY_CODE = {reason.code: reason for reason in REASONS}


def resolve(given: str) -> tuple[str, str]:
    """Return (code, free text) for what a client sent as the reason: a code, or words of its own under "other"."""
    cleaned = given.strip()
    return (cleaned, "") if cleaned in BY_CODE else (OTHER, cleaned)
