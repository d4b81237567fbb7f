"""The record in words: kinds, capacities, settings and the names of what an entry's data says. All are translated where they are shown."""

from collections.abc import Mapping

from forum.discussions.opening import STATE_NAMES
from forum.kernel.actors import Capacity, Role
from forum.kernel.messages import N_
from moderation.models import Action
from moderation.rules.views import NUMBERS, SWITCHES
from moderation.views.shown import KIND_WORDS

KINDS: Mapping[str, str] = {
    "comment.received": N_("Comment received"),
    "comment.revised": N_("Waiting comment rewritten by its author"),
    "comment.resubmitted": N_("Comment sent again"),
    "comment.edit_received": N_("Edit received"),
    "comment.published": N_("Comment published"),
    "comment.edited": N_("Edit published"),
    "comment.returned": N_("Comment returned to its author"),
    "comment.rejected": N_("Comment rejected"),
    "comment.edit_returned": N_("Edit returned to its author"),
    "comment.edit_rejected": N_("Edit rejected"),
    "comment.removed": N_("Comment removed"),
    "comment.restored": N_("Comment restored"),
    "comment.withdrawn": N_("Comment withdrawn by its author"),
    "comment.retracted": N_("Waiting comment withdrawn by its author"),
    "comment.flagged": N_("Comment reported"),
    "comment.moved": N_("Comment moved to another question"),
    "comment.merged": N_("Comment merged into a thread"),
    "case.opened": N_("Case opened"),
    "case.moved": N_("Case moved to a newer text"),
    "case.closed": N_("Case closed without a decision"),
    "case.claimed": N_("Case claimed"),
    "case.released": N_("Case released"),
    "case.taken_over": N_("Case taken over"),
    "case.noted": N_("Note added to the case"),
    "case.proposed": N_("Decision proposed"),
    "case.undone": N_("Proposed decision undone"),
    "case.lapsed": N_("Proposed decision lapsed"),
    "case.seconded": N_("Proposed decision seconded"),
    "case.unseconded": N_("Proposed decision not seconded"),
    "case.decided": N_("Case decided"),
    "case.appealed": N_("Appeal lodged"),
    "case.appeal_decided": N_("Appeal decided"),
    "sanction.imposed": N_("Measure taken"),
    "sanction.lifted": N_("Measure lifted"),
    "sanction.appealed": N_("Appeal against a measure lodged"),
    "sanction.appeal_decided": N_("Appeal against a measure decided"),
    "desk.changed": N_("Settings of moderation changed"),
    "audit.exported": N_("Record exported"),
    "space.founded": N_("Space founded"),
    "space.rewritten": N_("Texts or settings of the space changed"),
    "space.announced": N_("Space announced"),
    "space.opened": N_("Space opened"),
    "space.extended": N_("Deadline extended"),
    "space.closed": N_("Space closed"),
    "space.summarised": N_("Space summarised"),
    "space.archived": N_("Space archived"),
    "question.added": N_("Question added"),
    "question.rewritten": N_("Question rewritten"),
    "question.dropped": N_("Question dropped"),
    "summary.published": N_("Summary published"),
    "role.granted": N_("Role given"),
    "role.revoked": N_("Role taken back"),
    "person.joined": N_("Account opened"),
    "person.restricted": N_("Rights of a person restricted"),
    "person.unrestricted": N_("Restriction of a person lifted"),
    "person.suspended": N_("Account suspended"),
    "person.restored": N_("Account restored"),
    "affiliation.declared": N_("Affiliation declared"),
    "affiliation.verified": N_("Affiliation verified"),
    "affiliation.refused": N_("Affiliation refused"),
    "affiliation.ended": N_("Affiliation ended"),
    "entity.added": N_("Entity added"),
}
"""What each kind of entry tells; a kind that is missing here is shown as its code."""

GROUPS: Mapping[str, str] = {
    "comment": N_("Comments"),
    "case": N_("Cases"),
    "sanction": N_("Measures"),
    "space": N_("Spaces, questions and summaries"),
    "desk": N_("Settings and exports"),
    "role": N_("Roles"),
    "person": N_("Accounts, affiliations and entities"),
}
FORUM_ONLY = frozenset({"role", "person"})
"""Groups that only the forum's own log has."""

CAPACITIES: Mapping[str, str] = {
    Capacity.MEMBER.value: N_("Member"),
    Capacity.MODERATOR.value: N_("Moderator"),
    Capacity.SECRETARIAT.value: N_("Secretariat"),
    Capacity.SYSTEM.value: N_("System"),
}

ROLES: Mapping[str, str] = {
    Role.MODERATOR.value: N_("Moderator"),
    Role.FACILITATOR.value: N_("Facilitator"),
    Role.MEMBER.value: N_("Member"),
    "secretariat": N_("Secretariat"),
}

ACTIONS: Mapping[str, str] = {
    Action.PUBLISH.value: N_("Publish"),
    Action.RETURN.value: N_("Return for revision"),
    Action.REJECT.value: N_("Reject"),
    Action.REMOVE.value: N_("Remove"),
    Action.RESTORE.value: N_("Restore"),
    Action.KEEP.value: N_("Keep"),
    Action.MOVE.value: N_("Move to another question"),
    Action.MERGE.value: N_("Merge into a thread"),
    Action.UPHOLD.value: N_("Uphold the decision"),
    Action.OVERTURN.value: N_("Overturn the decision"),
}

RESTRICTIONS: Mapping[str, str] = {
    "warn": N_("Warning"),
    "slow": N_("Slower posting"),
    "hold": N_("Everything is held"),
    "suspend": N_("Suspension"),
    "suspended": N_("Suspension"),
}
"""What somebody can be limited to, by the names that sanctions and restrictions have in the record."""

VALUES: Mapping[str, Mapping[str, str]] = {
    "action": ACTIONS,
    "outcome": {"upheld": N_("Decision upheld"), "overturned": N_("Decision overturned")},
    "kind": {**KIND_WORDS, **RESTRICTIONS},
    "role": ROLES,
    "needs": {"second": N_("The agreement of a second moderator"), "time": N_("The time in which it can be undone")},
    "what": {
        "settings": N_("Settings"),
        "reason": N_("Reason"),
        "phrase": N_("Phrase"),
        "scope": N_("What a moderator is given"),
        "screening": N_("Screening"),
    },
    "act": {
        "added": N_("Added"),
        "changed": N_("Changed"),
        "retired": N_("No longer offered"),
        "dropped": N_("Deleted"),
    },
}
"""Values that are codes, by the name that they have in the data of an entry."""

STATES: Mapping[str, str] = STATE_NAMES

SETTINGS: Mapping[str, str] = {
    "slug": N_("Address"),
    "title": N_("Title"),
    "note": N_("Background note"),
    "policy": N_("Moderation policy"),
    "edition": N_("Year of the forum"),
    "round_table": N_("Round table"),
    "symbol": N_("Symbol for citations"),
    "principles": N_("Guiding principles"),
    "languages": N_("Languages accepted"),
    "visibility": N_("Who can read"),
    "premoderation": N_("Pre-moderation"),
    "zone": N_("Time zone"),
    "opens_at": N_("Opens"),
    "closes_at": N_("Closes"),
    "clause": N_("Clause of the policy"),
    "place": N_("Place in the list"),
    "second": N_("A second moderator must agree before anything is rejected or removed for this reason."),
    "name": N_("Short name"),
    "text": N_("What it tells the author"),
    "nationality": N_("National of"),
    **NUMBERS,
    **SWITCHES,
}
"""What the settings of a space and of its moderation are called."""

TERMS: Mapping[str, str] = {
    "what": N_("Subject"),
    "act": N_("What was done"),
    "action": N_("Action"),
    "reason": N_("Reason"),
    "needs": N_("Waits for"),
    "outcome": N_("Outcome"),
    "kind": N_("Kind"),
    "waited": N_("Waited"),
    "role": N_("Role"),
    "space": N_("Space"),
    "person": N_("Person"),
    "from": N_("Taken over from"),
    "entity": N_("Entity"),
    "question": N_("Question"),
    "number": N_("Question"),
    "symbol": N_("Symbol"),
    "lang": N_("Language"),
    "languages": N_("Languages"),
    "holds": N_("Held because"),
    "changed": N_("What was changed"),
    "slug": N_("Address"),
    "code": N_("Code"),
    "format": N_("Format"),
    "filters": N_("Filters"),
    "until": N_("Until"),
    "zone": N_("Time zone"),
}
"""What the data of an entry is called, in the order in which it is shown; a name that is missing here is shown as it is."""

FAULTS: Mapping[str, str] = {
    "missing": N_("This entry is missing."),
    "changed": N_("This entry is not what was written: its content and its hash do not fit together."),
    "public number out of order": N_("The public number of this entry is out of order."),
    "cut off": N_("The record ends before this entry, though its head tells of it."),
    "added": N_("This entry stands behind the head of the record: it was added from outside."),
    "the head tells otherwise": N_("The head of the record does not fit its last entry: the record was rewritten."),
}
"""Why a record is not whole, by what `record.chain.verify` says."""
