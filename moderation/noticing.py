"""Who is told of which fact of moderation: all of it inside the transaction of the fact, so nothing is told that did not happen."""

from moderation.notices import of_measures, to_authors, to_moderators, to_reporters
from moderation.notices.kinds import KINDS

__all__ = ["KINDS", "LISTENERS"]

LISTENERS = (
    ("case.decided", to_authors.tell_decision),
    ("case.decided", to_reporters.tell_outcome),
    ("case.decided", to_moderators.appeal_waits_no_more),
    ("case.closed", to_reporters.tell_outcome),
    ("case.closed", to_moderators.appeal_waits_no_more),
    ("case.appealed", to_authors.tell_appeal),
    ("case.appealed", to_moderators.ask_for_appeal),
    ("case.appeal_decided", to_authors.tell_outcome),
    ("comment.flagged", to_reporters.tell_receipt),
    ("case.proposed", to_moderators.ask_for_second),
    ("case.seconded", to_moderators.ask_no_more),
    ("case.seconded", to_moderators.tell_proposer),
    ("case.unseconded", to_moderators.ask_no_more),
    ("case.unseconded", to_moderators.tell_proposer),
    ("case.undone", to_moderators.ask_no_more),
    ("case.lapsed", to_moderators.ask_no_more),
    ("case.taken_over", to_moderators.tell_former_holder),
    ("sanction.imposed", of_measures.tell_measure),
    ("sanction.lifted", of_measures.tell_measure),
    ("sanction.appealed", of_measures.tell_appeal),
    ("sanction.appeal_decided", of_measures.tell_outcome),
)
"""(Beginning of the fact's kind, listener), in the order in which they hear. No kind here is the beginning of another one's."""
