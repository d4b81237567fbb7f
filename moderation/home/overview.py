"""Put the home together: for each space what waits and who is silent, for all of them what came and went."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from forum.db.reading import Row
from forum.discussions.models import SpaceState
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.locales import LANGS
from forum.objectives.countries import country
from forum.objectives.taxonomy import regions
from forum.people.models import EntityKind
from moderation.figures.durations import quantile
from moderation.figures.protecting import LEAST
from moderation.home import queries
from moderation.home.queries import CHART_DAYS, Moderating, Place, Unanswered, Voice
from moderation.home.stuck import stuck
from moderation.models import CaseKind
from moderation.sanctions.queries import appeals_waiting

GROUPS = {
    EntityKind.STATE.value: "member-state",
    EntityKind.OBSERVER.value: "observer",
    EntityKind.UN_BODY.value: "un-system",
}
"""Groups of `forum.objectives.stakeholders` that an entity's kind tells. The others are all organizations to the forum: ORGANIZATIONS."""
ORGANIZATIONS = "organizations"


@dataclass(frozen=True, slots=True)
class Desk:
    """What is to be done in one space, and who is silent in it. `days_left` is None without a deadline ahead.

    `stuck` are appeals that nobody in the space may decide. Regions and groups are slugs; languages without a moderator (`unmoderated`) or
    without a published contribution (`unheard`) are of those that the space accepts. The last four are told of open spaces alone.
    """

    place: Place
    waiting: int
    late: int
    seconds: int
    appeals: int
    stuck: int
    days_left: int | None
    regions: Sequence[str] = ()
    groups: Sequence[str] = ()
    unmoderated: Sequence[str] = ()
    unheard: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Day:
    """What began to wait on a day, and what was decided."""

    day: date
    arrived: int
    decided: int


@dataclass(frozen=True, slots=True)
class Home:
    """The whole page. `measures` are appeals against measures that wait; `median` is the number of seconds within which half of the
    decisions of the last 30 days were taken.
    """

    desks: list[Desk]
    more_spaces: bool
    threads: list[Unanswered]
    more_threads: bool
    days: list[Day]
    median: int | None
    measures: int


async def home(actor: Actor) -> Home:
    """Return the home of `actor`, in at most thirteen statements."""
    given, more_spaces = await queries.places(actor)
    everybody = await queries.moderating([one.id for one in given])
    threads, more_threads = await queries.unanswered(given)
    now = clock.now()
    # East of Greenwich it may be tomorrow already.
    today = max((now.astimezone(ZoneInfo(one.zone)).date() for one in given), default=now.date())
    counted = await queries.days([one.id for one in given], today - timedelta(days=CHART_DAYS))
    return Home(
        desks=await _desks(given, everybody),
        more_spaces=more_spaces,
        threads=threads,
        more_threads=more_threads,
        days=_days(counted, today),
        median=_median(counted),
        measures=await appeals_waiting(actor),
    )


async def _desks(given: Sequence[Place], everybody: Sequence[Moderating]) -> list[Desk]:
    waiting, appeals = Counter[str](), Counter[str]()
    for one in await queries.waiting(given):
        waiting[one["space_id"]] += int(one["n"])
        if one["kind"] == CaseKind.APPEAL.value:
            appeals[one["space_id"]] += int(one["n"])
    late, seconds = _by_space(await queries.late(given)), _by_space(await queries.seconds(given))
    nobody = await stuck(given, everybody)
    heard: dict[str, list[Voice]] = defaultdict(list)
    for voice in await queries.voices([one.id for one in given if one.state == SpaceState.OPEN.value]):
        heard[voice.space_id].append(voice)
    return [
        Desk(
            place=one,
            waiting=waiting[one.id],
            late=late.get(one.id, 0),
            seconds=seconds.get(one.id, 0),
            appeals=appeals[one.id],
            stuck=len(nobody.get(one.id, ())),
            days_left=_days_left(one),
            **(_silences(one, heard[one.id], everybody) if one.state == SpaceState.OPEN.value else {}),
        )
        for one in given
    ]


def _by_space(found: Iterable[Row]) -> dict[str, int]:
    return {one["space_id"]: int(one["n"]) for one in found}


def _days_left(place: Place) -> int | None:
    """Return the midnights until an open space closes, in its zone."""
    if place.state != SpaceState.OPEN.value or place.closes_at is None:
        return None
    zone = ZoneInfo(place.zone)
    return max(0, (place.closes_at.astimezone(zone).date() - clock.now().astimezone(zone).date()).days)


def _silences(place: Place, heard: Sequence[Voice], everybody: Sequence[Moderating]) -> dict[str, list[str]]:
    speaking = {region for voice in heard if (region := _region(voice.state))}
    kinds = {GROUPS.get(voice.kind, ORGANIZATIONS) for voice in heard if voice.kind}
    accepted = [lang for lang in LANGS if lang in place.languages]
    covered = {lang for one in everybody if one.space_id == place.id for lang in (one.languages or accepted)}
    used = {voice.lang for voice in heard}
    return {
        "regions": [one.slug for one in regions() if one.slug not in speaking],
        "groups": [group for group in (*GROUPS.values(), ORGANIZATIONS) if group not in kinds],
        "unmoderated": [lang for lang in accepted if lang not in covered],
        "unheard": [lang for lang in accepted if lang not in used],
    }


def _region(code: str) -> str:
    try:
        return country(code).region if code else ""
    except KeyError:
        return ""


def _days(counted: Iterable[Row], today: date) -> list[Day]:
    """Return each of the last 30 days, also those on which nothing happened."""
    sums = Counter[tuple[str, str]]()
    for one in counted:
        sums[one["day"], one["name"]] += int(one["n"])
    listed = [today - timedelta(days=back) for back in range(CHART_DAYS - 1, -1, -1)]
    return [Day(day, sums[day.isoformat(), "opened"], sums[day.isoformat(), "decided"]) for day in listed]


def _median(counted: Iterable[Row]) -> int | None:
    steps = Counter[int]()
    for one in counted:
        if one["name"] == "waited":
            steps[int(one["step"])] += int(one["n"])
    return quantile(steps, 0.5) if steps.total() >= LEAST else None
