"""Sessions: rows on the server; the browser or client carries a secret whose hash is the row's id."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from forum.db.reading import Row, keyed, moment, row
from forum.kernel import clock
from forum.kernel.actors import MODERATING, Actor, Role
from forum.kernel.ids import new_secret
from forum.people.events import change
from forum.people.models import Person, Session, SessionKind, suspended

IDLE = {False: timedelta(days=7), True: timedelta(hours=4)}
ABSOLUTE = {False: timedelta(days=30), True: timedelta(hours=12)}
"""How long a session lives unused, and at all; True is staff: moderators and the secretariat."""
TOUCH = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Found:
    """A session that holds: its actor, and whether the browser must get a new secret (a role has changed)."""

    actor: Actor
    session_id: str
    rotate: bool


def session_id(secret: str) -> str:
    """Return the id of the row that `secret` opens."""
    return hashlib.sha256(secret.encode()).hexdigest()


async def open_session(person: Person, kind: SessionKind) -> str:
    """Start a session for `person` and return the secret that carries it."""
    secret, now = new_secret(), clock.now()
    staff = person.is_secretariat or await _moderates(person.id)
    await Session.create(
        id=session_id(secret),
        person_id=person.id,
        kind=kind.value,
        created_at=now,
        seen_at=now,
        expires_at=now + ABSOLUTE[staff],
    )
    return secret


async def _moderates(person_id: str) -> bool:
    sql = "SELECT 1 AS x FROM space_roles WHERE person_id = ? AND role IN ('moderator', 'facilitator') LIMIT 1"
    return await row(sql, [person_id]) is not None


async def resolve(secret: str) -> Found | None:
    """Return who carries `secret`, or None when there is no such session, it has run out or the person is suspended."""
    return await _find(session_id(secret))


async def actor_of_session(sid: str) -> Actor | None:
    """Return whose session `sid` is, with the rights of this moment; None when it holds no more."""
    found = await _find(sid)
    return found.actor if found else None


async def _find(sid: str) -> Found | None:
    # One statement for every request of whoever is signed in: a row for each role held and each space suspended from, one at least.
    found = await keyed(
        "SELECT s.person_id, s.seen_at, s.expires_at, s.rotate, p.name, p.lang, p.is_secretariat, p.suspended_at, p.suspended_until,"
        " r.space_id, r.role, x.space_id AS barred_id, x.until AS barred_until"
        " FROM sessions s JOIN persons p ON p.id = s.person_id LEFT JOIN space_roles r ON r.person_id = p.id"
        " LEFT JOIN restrictions x ON x.person_id = p.id AND x.kind = 'suspended' AND x.lifted_at IS NULL WHERE s.id = ?",
        [sid],
    )
    if not found or suspended(moment(found[0]["suspended_at"]), moment(found[0]["suspended_until"])):
        return None
    first, now = found[0], clock.now()
    # Who is suspended as a moderator somewhere lives no longer for it.
    staff = bool(first["is_secretariat"]) or any(one["role"] in MODERATING for one in found)
    seen = moment(first["seen_at"])
    if moment(first["expires_at"]) <= now or seen + IDLE[staff] <= now:
        await Session.filter(id=sid).delete()
        return None
    if now - seen > TOUCH:
        await Session.filter(id=sid).update(seen_at=now)
    return Found(_actor(found, sid), sid, bool(first["rotate"]))


def _actor(found: Sequence[Row], sid: str) -> Actor:
    barred = frozenset(one["barred_id"] for one in found if one["barred_id"] and _lasts(one["barred_until"]))
    held: dict[str, set[Role]] = {}
    for one in found:
        if one["space_id"] is not None and one["space_id"] not in barred:
            held.setdefault(one["space_id"], set()).add(Role(one["role"]))
    return Actor(
        person_id=found[0]["person_id"],
        name=found[0]["name"],
        lang=found[0]["lang"],
        is_secretariat=bool(found[0]["is_secretariat"]),
        roles={space: frozenset(names) for space, names in held.items()},
        session_id=sid,
        barred=barred,
    )


def _lasts(until: object) -> bool:
    end = moment(until)
    return end is None or end > clock.now()


async def rotate(sid: str) -> str | None:
    """Give the session a new secret and return it; the old one opens nothing any more. None if it is gone."""
    session = await Session.get_or_none(id=sid)
    if session is None:
        return None
    secret = new_secret()
    # Insert and delete, not update: the id is the key. Of two requests that rotate at once one finds the row gone.
    if not await Session.filter(id=sid).delete():
        return None
    await Session.create(
        id=session_id(secret),
        person_id=session.person_id,
        kind=session.kind,
        created_at=session.created_at,
        seen_at=clock.now(),
        expires_at=session.expires_at,
    )
    return secret


async def close(sid: str) -> None:
    """End one session."""
    await Session.filter(id=sid).delete()


async def sweep() -> int:
    """Delete the sessions that have run out and return how many there were."""
    run_out = Session.filter(expires_at__lte=clock.now())
    if not await run_out.exists():
        return 0
    # Under the lock, like every change of several sessions at once: two that take the same rows in two orders would block each other.
    async with change() as work:
        return await run_out.using_db(work.connection).delete()
