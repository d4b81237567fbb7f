"""The kinds of notices of moderation and their words."""

from forum.kernel.messages import N_
from forum.notices.kinds import Kind

KINDS: dict[str, Kind] = {
    "decision.published": Kind(
        N_("Your comment has been published"),
        N_("The moderators have published your comment; whoever may read the space can now read it."),
        says_public=True,
    ),
    "decision.returned": Kind(
        N_("Your comment has been returned to you for a change"),
        N_("The moderators ask you to change your comment before it is published; their reasons are among your contributions."),
    ),
    "decision.rejected": Kind(
        N_("Your comment has not been published"),
        N_("The moderators have decided not to publish your comment; their reasons are among your contributions."),
    ),
    "decision.removed": Kind(
        N_("Your comment has been removed"),
        N_("The moderators have removed your published comment; their reasons are among your contributions."),
    ),
    "decision.restored": Kind(
        N_("Your comment has been restored"),
        N_("The moderators have restored your comment; it can be read again where it stood."),
        says_public=True,
    ),
    "decision.moved": Kind(
        N_("Your comment has been moved"),
        N_("The moderators have moved your comment to another place in the discussion; its text has not been changed."),
        says_public=True,
    ),
    "decision.kept": Kind(
        N_("Your comment stays published"),
        N_("Your comment was reported to the moderators; they have examined it, and it stays as it is."),
        says_public=True,
    ),
    "edit.published": Kind(
        N_("Your edit has been published"),
        N_("The moderators have published the new text of your comment in place of the former one."),
        says_public=True,
    ),
    "edit.returned": Kind(
        N_("Your edit has been returned to you for a change"),
        N_("The moderators ask you to change the new text of your comment; until then the former one stays published."),
    ),
    "edit.rejected": Kind(
        N_("Your edit has not been published"),
        N_("The moderators have decided not to publish the new text of your comment; the former one stays published."),
    ),
    "appeal.received": Kind(
        N_("Your appeal has been received"),
        N_("A moderator who had no part in the decision will examine your appeal; you will be told the outcome."),
    ),
    "appeal.upheld": Kind(
        N_("Your appeal: the decision stands"),
        N_("Another moderator has examined your appeal and upheld the decision; the reasons are among your contributions."),
    ),
    "appeal.overturned": Kind(
        N_("Your appeal: the decision has been overturned"),
        N_("Another moderator has examined your appeal and overturned the decision; the reasons are among your contributions."),
    ),
    "report.received": Kind(
        N_("Your report has been received"),
        N_("The moderators will examine the comment that you reported; you will be told the outcome."),
    ),
    "report.kept": Kind(
        N_("Your report: the comment stays published"),
        N_("The moderators have examined the comment that you reported; it stays as it is."),
    ),
    "report.removed": Kind(
        N_("Your report: the comment has been removed"),
        N_("The moderators have examined the comment that you reported and have removed it."),
    ),
    "report.restored": Kind(
        N_("Your report: the comment is shown again"),
        N_("The moderators have examined the comment that you reported once more; after its removal it has been restored."),
    ),
    "report.closed": Kind(
        N_("Your report: the comment has been withdrawn"),
        N_("The author has withdrawn the comment that you reported; there is nothing left to decide."),
    ),
    "sanction.imposed": Kind(
        N_("A measure has been taken that concerns you"),
        N_("The page named here says what it is, until when it lasts, for what reasons it was taken, and how to appeal."),
        to_suspended=True,
    ),
    "sanction.lifted": Kind(
        N_("A measure that concerned you has been lifted"),
        N_("The measure has ended before its time; the page named here says more."),
        to_suspended=True,
    ),
    "sanction.appeal_received": Kind(
        N_("Your appeal against a measure has been received"),
        N_("Somebody who had no part in the measure will examine your appeal; you will be told the outcome."),
        to_suspended=True,
    ),
    "sanction.appeal_upheld": Kind(
        N_("Your appeal: the measure stands"),
        N_("Another person has examined your appeal and upheld the measure that concerns you."),
        to_suspended=True,
    ),
    "sanction.appeal_overturned": Kind(
        N_("Your appeal: the measure has been lifted"),
        N_("Another person has examined your appeal and lifted the measure that concerned you."),
        to_suspended=True,
    ),
    "desk.second_needed": Kind(
        N_("A decision waits for a second moderator"),
        N_("A moderator has proposed a decision that takes effect only once a second moderator agrees."),
        to_moderators=True,
    ),
    "desk.appeal_waiting": Kind(
        N_("An appeal waits for a moderator"),
        N_("An author has appealed against a decision; somebody who had no part in it is to examine the appeal."),
        to_moderators=True,
    ),
    "desk.seconded": Kind(
        N_("A second moderator agreed with you"),
        N_("The decision that you proposed has been carried out with the agreement of a second moderator."),
        to_moderators=True,
    ),
    "desk.unseconded": Kind(
        N_("A second moderator did not agree with you"),
        N_("The decision that you proposed has not been carried out; the case is open again."),
        to_moderators=True,
    ),
    "desk.taken_over": Kind(
        N_("A case of yours has been taken over"),
        N_("Another moderator has taken over the case that you held; the reason is among the notes on the case."),
        to_moderators=True,
    ),
    "desk.measure_appealed": Kind(
        N_("An appeal against a measure waits"),
        N_("A participant has appealed against a measure; somebody who had no part in it is to examine the appeal."),
        to_moderators=True,
    ),
}
"""The kinds of notices of moderation: a title and one sentence, without names of moderators and without anybody's words."""
