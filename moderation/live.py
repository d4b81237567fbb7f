"""Tell the moderators' screens, after the commit, that a case has changed; what it says they read anew."""

from forum.db.reading import keyed
from forum.db.work import After
from forum.kernel.events import Fact
from forum.live.bus import MODERATION, Bus

MOVED = "case.moved"


def announce(bus: Bus) -> After:
    """Return the listener after the commit that tells every process which case of which space and language has changed.

    A case that has moved to another text may have left the language of those who saw it: all of the space look again, and are not told
    which case it was.
    """

    async def tell_moderators(fact: Fact) -> None:
        case_id = str(fact.data["case"])
        found = [] if fact.kind == MOVED else await keyed("SELECT lang FROM cases WHERE id = ?", [case_id])
        named = {"case": case_id, "lang": str(found[0]["lang"])} if found else {}
        await bus.publish(MODERATION, {"space": fact.log, **named})

    return tell_moderators
