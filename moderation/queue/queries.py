"""Read the queue: a constant number of statements, whatever the number of cases and whatever is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from forum.db.fields import json_value
from forum.db.reading import moment, row, rows
from forum.kernel import clock
from forum.kernel.actors import Actor
from moderation.models import CaseState
from moderation.queries import Waiting, columns, waiting
from moderation.queue.filters import LATE, TODAY, QueueFilter
from moderation.queue.recusal import recused
from moderation.queue.strands import Desk, DeskSpace, Slot, statement, strands
from moderation.rules.scopes import scope_of
from moderation.rules.settings import GOAL_DAYS

MOST_COUNTED = 1000
"""What no write keeps count of is counted so far, and then said to be more."""
SLOT = "space_id, question_number, lang, region, kind"


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Cases in their order; `next` is the cursor of the rest, None at the end."""

    items: list[Waiting]
    next: str | None


async def desk_of(actor: Actor) -> Desk:
    """Return what `actor` moderates now, in two statements."""
    held = await scope_of(actor)
    if not held:
        return Desk(actor, (), clock.now())
    marks = ", ".join("?" for _ in held)
    found = await rows(
        "SELECT s.id, s.slug, s.title, s.zone, d.goal_days FROM spaces s LEFT JOIN desk_settings d ON d.space_id = s.id"
        f" WHERE s.id IN ({marks}) ORDER BY s.slug",
        list(held),
    )
    spaces = [
        DeskSpace(one["id"], one["slug"], json_value(one["title"]), one["zone"], one["goal_days"] or GOAL_DAYS, held[one["id"]])
        for one in found
    ]
    return Desk(actor, tuple(spaces), clock.now())


async def slots_of(desk: Desk) -> list[Slot]:
    """Return how many cases wait where, as the writes keep it: of what is given to the moderator alone."""
    if not desk.spaces:
        return []
    marks = ", ".join("?" for _ in desk.spaces)
    sql = f"SELECT {SLOT}, n FROM case_counts WHERE space_id IN ({marks}) AND n > 0"
    sees = {space.id: space.sees for space in desk.spaces}
    found = [Slot(**one) for one in await rows(sql, [space.id for space in desk.spaces])]
    return [one for one in found if sees[one.space_id](one.lang)]


async def page(desk: Desk, wanted: QueueFilter, slots: Sequence[Slot], lang: str, limit: int = 50) -> QueuePage:
    """Return the wanted cases that are given to the moderator: oldest first, longest late first when lateness is asked for, newest
    first when that is asked for."""
    found = strands(desk, wanted, slots, limit + 1)
    if not found:
        return QueuePage([], None)
    order: Sequence[str] = ("due_at", "id") if wanted.due else ("-id",) if wanted.newest else ("id",)
    beyond: list[object] = [wanted.after] if wanted.after else []
    if wanted.due and wanted.after:
        due_at = await _due_at(wanted.after)
        if due_at is None:
            return QueuePage([], None)
        beyond.insert(0, due_at)
    ids = [one["id"] for one in await rows(*statement(found, "k.id, k.due_at", order, limit + 1, beyond))]
    if not ids:
        return QueuePage([], None)
    # By the ids themselves: so many tables are joined that a database would read all of them before it asks which cases are meant.
    read = await rows(f"{columns(lang)} WHERE k.id IN ({', '.join('?' for _ in ids)})", ids)
    cases = {one["id"]: waiting(one) for one in read}
    items = [cases[one] for one in ids if one in cases]
    return QueuePage(items[:limit], items[limit - 1].id if len(items) > limit else None)


async def _due_at(case_id: str) -> object:
    found = await row("SELECT due_at FROM cases WHERE id = ?", [case_id])
    return moment(found["due_at"]) if found else None


async def queue(actor: Actor, wanted: QueueFilter, lang: str, limit: int = 50) -> QueuePage:
    """Return a page of the queue to whoever needs nothing more of it."""
    desk = await desk_of(actor)
    return await page(desk, wanted, await slots_of(desk), lang, limit)


async def flag_counts(desk: Desk, wanted: QueueFilter, slots: Sequence[Slot]) -> dict[str, int]:
    """Return how many cases are late, due today, claimed by the moderator and waiting for a second one, under the other choices.

    Counted up to one more than MOST_COUNTED.
    """
    asked = {
        LATE: replace(wanted, due=LATE),
        TODAY: replace(wanted, due=TODAY),
        "mine": replace(wanted, mine=True),
        "second": replace(wanted, second=True),
    }
    parts, values = [], list[object]()
    for name, one in asked.items():
        found = strands(desk, replace(one, after="", state=CaseState.OPEN.value), slots, MOST_COUNTED + 1)
        if found:
            sql, given = statement(found, "k.id, k.due_at", ("due_at", "id") if one.due else ("id",), MOST_COUNTED + 1)
            parts.append(f"SELECT '{name}' AS flag, COUNT(*) AS n FROM ({sql}) AS {name}_cases")
            values += given
    counted = {one["flag"]: int(one["n"]) for one in await rows(" UNION ALL ".join(parts), values)} if parts else {}
    return {name: counted.get(name, 0) for name in asked}


async def flagged_slots(desk: Desk, wanted: QueueFilter, slots: Sequence[Slot]) -> tuple[list[Slot], bool]:
    """Return (how many cases wait where that have what is asked for beside the kept counts, whether that is all of them)."""
    asked = QueueFilter(due=wanted.due, mine=wanted.mine, second=wanted.second, may=wanted.may)
    found = strands(desk, asked, slots, MOST_COUNTED + 1)
    if not found:
        return [], True
    order = ("due_at", "id") if asked.due else ("id",)
    listed = ", ".join(f"k.{name}" for name in SLOT.split(", "))
    sql, values = statement(found, f"k.id, k.due_at, {listed}", order, MOST_COUNTED + 1)
    grouped = await rows(f"SELECT {SLOT}, COUNT(*) AS n FROM ({sql}) AS flagged GROUP BY {SLOT}", values)
    counted = [Slot(**one) for one in grouped]
    return counted, sum(one.n for one in counted) <= MOST_COUNTED


async def chosen(desk: Desk, case_ids: Sequence[str], lang: str) -> dict[str, tuple[Waiting, str]]:
    """Return those of these cases that are given to the moderator, by id, each with the key that says why to leave it to another."""
    if not case_ids or not desk.spaces:
        return {}
    marks = ", ".join("?" for _ in case_ids)
    found = {one.id: one for one in map(waiting, await rows(f"{columns(lang)} WHERE k.id IN ({marks})", case_ids))}
    why = await reasons_to_leave(desk.actor, list(found))
    sees = {space.id: space.sees for space in desk.spaces}
    return {id: (one, why[id]) for id, one in found.items() if one.space_id in sees and sees[one.space_id](one.lang)}


async def reasons_to_leave(actor: Actor, case_ids: Sequence[str]) -> dict[str, str]:
    """Return for each of these cases the key that says why `actor` must leave it to another, "" where nothing does; one statement."""
    if not case_ids:
        return {}
    assert actor.person_id
    why, given = recused(actor.person_id)
    marks = ", ".join("?" for _ in case_ids)
    found = await rows(f"SELECT k.id, {why} AS why FROM cases k WHERE k.id IN ({marks})", [*given, *case_ids])
    return {one["id"]: one["why"] for one in found}
