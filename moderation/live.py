"""Tell the moderators' screens, after the commit, that a case has changed; what it says they read anew."""

from forum.db.work import After
from forum.kernel.events import Fact
from forum.live.bus import MODERATION, Bus


def announce(bus: Bus) -> After:
    """Return the listener after the commit that tells every process which case of which space has changed."""

    async def tell_moderators(fact: Fact) -> None:
        await bus.publish(MODERATION, {"case": str(fact.data["case"]), "space": fact.log})

    return tell_moderators
