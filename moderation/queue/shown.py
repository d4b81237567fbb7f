"""The queue as its templates show it: rows, and filters with what they would find."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from forum.kernel.actors import Actor
from forum.kernel.errors import Problem
from forum.kernel.locales import ENDONYM, LANGS, pick
from forum.kernel.messages import N_
from forum.objectives import taxonomy
from forum.web.catalogue import current, gettext, ngettext, refusal_text
from forum.web.formats import formats
from moderation.conflicts import ACTED
from moderation.models import CaseState
from moderation.queries import Decided, Proposed, Waiting
from moderation.queue.bulk import BulkAction
from moderation.queue.facets import Count, Facets
from moderation.queue.filters import ANY, LATE, NO_REGION, TODAY, QueueFilter
from moderation.queue.strands import Desk, DeskSpace
from moderation.views.shown import DECIDED_WORDS, KIND_WORDS, STATE_WORDS, ShownCase, shown_case
from moderation.views.spans import span as units

DUE_WORDS = {LATE: N_("Late"), TODAY: N_("Due today")}
FLAG_WORDS = {
    "mine": N_("Claimed by me"),
    "second": N_("Waits for a second moderator"),
    "may": N_("Only what I may decide on"),
}
BULK_WORDS = {
    BulkAction.PUBLISH: N_("Publish"),
    BulkAction.RETURN: N_("Return to the author"),
    BulkAction.REJECT: N_("Reject"),
    BulkAction.KEEP: N_("Keep"),
    BulkAction.CLAIM: N_("Take these cases"),
    BulkAction.RELEASE: N_("Give these cases back"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A case in the queue. `value` names it and its version to the form of bulk decisions; "" where there is nothing to say."""

    case: ShownCase
    value: str
    waiting: str
    late: str
    region: str
    proposal: str
    decided: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter and, in words, how many cases it has; `lang` is the language of `text` where it is not the page's."""

    value: str
    text: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Select:
    """A filter with its values."""

    name: str
    label: str
    value: str
    choices: Sequence[Choice]

    @property
    def options(self) -> list[dict[str, str]]:
        """Return the values as the form's macro takes them."""
        return [asdict(one) for one in self.choices]


def span(length: timedelta) -> str:
    """Return a length of time in its two largest units: "1 day 6 hours"."""
    return units(int(length.total_seconds()), current())


def shown_row(case: Waiting, actor: Actor, lang: str, now: datetime, decided: Decided | None = None) -> Row:
    """Return a case for the queue, in the current language; `decided` is what was last decided on it."""
    waits = case.state == CaseState.OPEN.value
    late = waits and case.due_at is not None and case.due_at < now
    return Row(
        case=shown_case(case, actor, lang),
        value=f"{case.id}.{case.version}" if waits else "",
        waiting=gettext("Waiting time: %(time)s", time=span(now - case.opened_at)) if waits else "",
        late=gettext("Late: %(time)s", time=span(now - case.due_at)) if late and case.due_at else "",
        region=region_name(case.region),
        proposal=proposal_text(case.proposal, now) if case.proposal else "",
        decided=gettext(DECIDED_WORDS[decided.action]) if decided and not waits else "",
        decided_by=decided.by if decided and not waits else "",
    )


def region_name(slug: str) -> str:
    """Return the name of a region in the current language, "" for none."""
    return next((one.name(current()).text for one in taxonomy.regions() if one.slug == slug), "")


def proposal_text(proposal: Proposed, now: datetime) -> str:
    """Return who proposed what, and what it waits for."""
    said = {"name": f"\u2068{proposal.by}\u2069", "action": gettext(ACTED[proposal.action])}
    if proposal.due_at is None:
        return gettext("%(name)s: %(action)s. Waits for a second moderator.", **said)
    left = max(0, round((proposal.due_at - now).total_seconds()))
    return ngettext(
        "%(name)s: %(action)s. Can be undone for %(num)s second.",
        "%(name)s: %(action)s. Can be undone for %(num)s seconds.",
        left,
        **said,
    )


def problem_text(problem: Problem) -> str:
    """Return what stands in the way, in the current language."""
    return refusal_text(problem.key, problem.params)


def count_text(count: Count) -> str:
    """Return a count in figures: "1,234", "1,000+" for more than is counted, "≤ 1,234" for no more than that."""
    text = formats(current()).number(count.n)
    if count.at_least:
        return f"{text}+"
    return f"≤ {text}" if count.at_most and count.n else text


def selects(desk: Desk, wanted: QueueFilter, known: Facets | None) -> list[Select]:
    """Return the filters that have values; `known` is None where nothing is counted."""
    spaces = [one for one in desk.spaces if wanted.space in ("", one.slug)]
    made = []

    def add(name: str, label: str, value: str, anything: str, listed: Iterable[tuple[str, str, str]]) -> None:
        made.append(_select(Select(name, label, value, [Choice("", anything)]), listed, known))

    if len(desk.spaces) > 1 or wanted.space:
        add("space", gettext("Space"), wanted.space, gettext("All spaces"), _spaces(desk))
    if len(spaces) == 1 or wanted.question:
        number = str(wanted.question or "")
        add("question", gettext("Question"), number, gettext("All questions"), _questions(wanted, known))
    languages = [(lang, ENDONYM[lang], lang) for lang in LANGS if any(space.sees(lang) for space in spaces)]
    add("text_lang", gettext("Language"), wanted.lang, gettext("All languages"), languages)
    add("region", gettext("Region"), wanted.region, gettext("All regions"), _regions(wanted, known))
    kinds = [(kind, gettext(words), "") for kind, words in KIND_WORDS.items()]
    add("kind", gettext("Kind"), wanted.kind, gettext("All kinds"), kinds)
    return [*made, *_of_time(wanted, known)]


def _of_time(wanted: QueueFilter, known: Facets | None) -> list[Select]:
    due = [Choice("", gettext("Any"))]
    for value, words in DUE_WORDS.items():
        due.append(Choice(value, _counted(gettext(words), known.flags[value] if known else None)))
    states = [*((state, gettext(words)) for state, words in STATE_WORDS.items()), (ANY, gettext("All cases"))]
    shown_states = [Choice(*one) for one in states]
    return [
        Select("due", gettext("Service goal"), wanted.due, due),
        Select("state", gettext("Show"), wanted.state or ANY, shown_states),
    ]


def _select(empty: Select, listed: Iterable[tuple[str, str, str]], known: Facets | None) -> Select:
    """Return a filter with its values after the one that lets everything through."""
    facet = "lang" if empty.name == "text_lang" else empty.name
    choices = [*empty.choices, *(Choice(*one) for one in listed)]
    counted = [Choice(one.value, _counted(one.text, known.of(facet, one.value) if known else None), one.lang) for one in choices]
    return Select(empty.name, empty.label, empty.value, counted)


def _counted(text: str, count: Count | None) -> str:
    return text if count is None else gettext("%(value)s (%(count)s)", value=text, count=count_text(count))


def _spaces(desk: Desk) -> list[tuple[str, str, str]]:
    titles = [(space.slug, *pick(space.title, current())) for space in desk.spaces]
    return [(slug, title, "" if lang == current() else lang) for slug, title, lang in titles]


def _questions(wanted: QueueFilter, known: Facets | None) -> list[tuple[str, str, str]]:
    numbers = {int(value) for value in (known.values["question"] if known else ()) if value} | ({wanted.question} - {0})
    return [(str(number), gettext("Question %(number)s", number=number), "") for number in sorted(numbers)]


def _regions(wanted: QueueFilter, known: Facets | None) -> list[tuple[str, str, str]]:
    present = set(known.values["region"]) if known else set()
    named = [
        (one.slug, one.name(current()).text, "") for one in taxonomy.regions() if one.slug in present or one.slug == wanted.region
    ]
    none = [(NO_REGION, gettext("No region"), "")] if NO_REGION in present or wanted.region == NO_REGION else []
    return named + none


def flags(wanted: QueueFilter, known: Facets | None) -> list[dict[str, object]]:
    """Return the filters that are on or off."""
    counts: Mapping[str, Count] = known.flags if known else {}
    return [
        {"name": name, "text": _counted(gettext(words), counts.get(name)), "on": bool(getattr(wanted, name))}
        for name, words in FLAG_WORDS.items()
    ]


def goals(spaces: Sequence[DeskSpace]) -> list[dict[str, str]]:
    """Return the service goal of each space in words; its pages are found by `slug`."""
    made = []
    for space in spaces:
        title, lang = pick(space.title, current())
        text = ngettext("%(num)s working day", "%(num)s working days", space.goal_days)
        made.append({"slug": space.slug, "title": title, "lang": "" if lang == current() else lang, "text": text})
    return made


def summary(known: Facets, filtered: bool) -> dict[str, str]:
    """Return how many wait, under a filter how many of them fit it, and how many are late, in words; no words where none is."""
    total, late = known.total, known.flags[LATE]
    count = count_text(total)
    if filtered:
        waiting = ngettext("%(count)s case fits your choice.", "%(count)s cases fit your choice.", total.n, count=count)
    else:
        waiting = ngettext("%(count)s case waits.", "%(count)s cases wait.", total.n, count=count)
    said = ngettext("%(count)s is late.", "%(count)s are late.", late.n, count=count_text(late)) if late.n else ""
    return {"waiting": waiting, "late": said}
