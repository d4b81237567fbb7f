"""Entries of the record as the templates show them."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from forum.discussions.addresses import is_id
from forum.discussions.models import CommentState
from forum.kernel.actors import Actor, Capacity
from forum.kernel.clock import rfc3339
from forum.kernel.locales import ENDONYM, direction, is_lang, pick
from forum.record.browsing import Written
from forum.web.catalogue import gettext, lookup, ngettext
from forum.web.formats import formats
from moderation.audit import words
from moderation.audit.queries import Known, Said, Space
from moderation.reasons import BY_CODE

Data = Mapping[str, Any]
SILENT = frozenset({"revision", "digest", "case", "decision", "parent", "before", "after"})
"""What the data holds for machines, or what is shown in another way."""
HASH = 12
"""Digits of a hash that are shown."""
PUBLIC = frozenset({CommentState.PUBLISHED.value, CommentState.REMOVED.value, CommentState.WITHDRAWN.value})


@dataclass(frozen=True, slots=True)
class Pair:
    """One thing that an entry says; `code` marks what has no words."""

    term: str
    value: str
    before: str = ""
    code: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """What an entry is about; `url` is empty where there is no page."""

    text: str
    url: str = ""
    ltr: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """The words of a decision to the author, in their language, and the note that stays among moderators."""

    words: list[str]
    lang: str
    dir: str
    note: list[str]


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry in the list. `raw` is the whole of it as canonical JSON, `mark` the beginning of its hash."""

    seq: int
    at: datetime
    kind: str
    kind_text: str
    known_kind: bool
    actor_name: str
    capacity: str
    capacity_text: str
    subject: Link | None
    case_url: str
    place: Link
    place_lang: str
    pairs: list[Pair]
    letter: Letter | None
    raw: str
    mark: str
    before: str


@dataclass(frozen=True, slots=True)
class Shower:
    """Shows entries to one reader in one language."""

    actor: Actor
    lang: str
    spaces: Mapping[str, Space]
    known: Known

    def entry(self, one: Written, data: Data) -> Shown:
        place, place_lang = self._place(one.log_id)
        return Shown(
            seq=one.seq,
            at=one.at,
            kind=one.kind,
            kind_text=gettext(words.KINDS[one.kind]) if one.kind in words.KINDS else one.kind,
            known_kind=one.kind in words.KINDS,
            actor_name=self._actor(one),
            capacity=one.capacity,
            capacity_text=gettext(words.CAPACITIES.get(one.capacity, one.capacity)),
            subject=self._subject(one, data),
            case_url=self._case(one, data),
            place=place,
            place_lang=place_lang,
            pairs=self.pairs(data),
            letter=self._letter(one, data),
            raw=raw(one),
            mark=one.hash[:HASH],
            before=one.prev[:HASH],
        )

    def _place(self, log_id: str) -> tuple[Link, str]:
        space = self.spaces.get(log_id)
        if space is None:
            return Link(gettext("The forum itself")), self.lang
        title, lang = pick(space.title, self.lang)
        return Link(title or space.slug, f"/{self.lang}/spaces/{space.slug}"), lang

    def _actor(self, one: Written) -> str:
        if one.actor_id:
            return self.known.people.get(one.actor_id, one.actor_id[:8])
        return gettext("Command line") if one.capacity == Capacity.SECRETARIAT.value else ""

    def _case(self, one: Written, data: Data) -> str:
        case = data.get("case")
        if not isinstance(case, str) or not is_id(case):
            about = self.known.comments.get(one.subject or "")
            case = about.case if about else ""
        # Whoever does not moderate the space cannot open its cases.
        return f"/{self.lang}/moderation/cases/{case}" if case and self.actor.moderates(one.log_id) else ""

    def _subject(self, one: Written, data: Data) -> Link | None:
        if one.subject is None:
            return None
        about = self.known.comments.get(one.subject)
        if about is not None:
            space = self.spaces.get(about.space_id)
            public = space is not None and about.state in PUBLIC and bool(about.symbol)
            url = f"/{self.lang}/spaces/{space.slug}/comments/{one.subject}" if space and public else self._case(one, data)
            return Link(about.symbol or gettext("Comment"), url, bool(about.symbol))
        name = self.known.people.get(one.subject) or self.known.entities.get(one.subject)
        return Link(name) if name else None

    def pairs(self, data: Data) -> list[Pair]:
        """Return what the data of an entry says, in words; what is not known is shown as it is."""
        made = [self._change(data)] if "before" in data and "after" in data else []
        for name, value in data.items():
            if name not in SILENT and value not in (None, "", [], {}):
                made.append(self._pair(name, value))
        return made

    def _change(self, data: Data) -> Pair:
        before, after = str(data["before"]), str(data["after"])
        if after in words.STATES:
            return Pair(gettext("State"), gettext(words.STATES[after]), gettext(words.STATES.get(before, before)))
        moments = [_moment(text, self.lang, str(data.get("zone", "UTC"))) for text in (before, after)]
        if all(moments):
            return Pair(gettext("Deadline"), moments[1], moments[0])
        return Pair(gettext("Change"), after, before, code=True)

    def _pair(self, name: str, value: Any) -> Pair:
        term = gettext(words.TERMS[name]) if name in words.TERMS else name
        try:
            text = self._formats()[name](value)
        except (TypeError, KeyError):
            text = ""  # of another shape than ours, such as an older entry's
        return Pair(term, text) if text else Pair(term, _plain(value), code=True)

    def _formats(self) -> Mapping[str, Callable[[Any], str]]:
        """Return how each kind of value is worded; an empty text means that there are no words for it."""
        worded: dict[str, Callable[[Any], str]] = {
            "action": lambda value: _word(words.ACTIONS, value),
            "reason": _reason,
            "outcome": lambda value: _word(words.OUTCOMES, value),
            "kind": lambda value: _word(words.CASES, value),
            "waited": _duration,
            "role": lambda value: _word(words.ROLES, value),
            "space": self._space,
            "person": lambda value: self.known.people.get(value, ""),
            "entity": lambda value: self.known.entities.get(value, ""),
            "question": str,
            "number": str,
            "lang": lambda value: ENDONYM[value] if is_lang(value) else "",
            "holds": lambda value: " · ".join(lookup(str(hold["reason"])) for hold in value),
            "changed": lambda value: " · ".join(_word(words.SETTINGS, one) or str(one) for one in value),
            "until": lambda value: _moment(str(value), self.lang, "UTC"),
        }
        return worded

    def _space(self, space_id: Any) -> str:
        space = self.spaces.get(str(space_id))
        return (pick(space.title, self.lang)[0] or space.slug) if space else ""

    def _letter(self, one: Written, data: Data) -> Letter | None:
        """Return the words of the decision that a moderator of the space may read: of several alike, the one of that moment."""
        if one.kind != "case.decided" or not self.actor.moderates(one.log_id):
            return None
        found: Sequence[Said] = self.known.said.get(
            (str(data.get("case")), str(data.get("revision")), str(data.get("action"))), ()
        )
        said = min(found, key=lambda said: abs(said.at - one.at), default=None)
        if said is None or not (said.text or said.note):
            return None
        return Letter(_paragraphs(said.text), said.lang, direction(said.lang), _paragraphs(said.note))


def raw(one: Written) -> str:
    """Return an entry as JSON, with everything that its hash covers."""
    return json.dumps(plain(one), ensure_ascii=False, sort_keys=True, indent=1)


def plain(one: Written) -> dict[str, object]:
    """Return an entry under the names that its hash is made of; `data` stays text, as it is hashed."""
    return {
        "actor": one.actor_id,
        "at": rfc3339(one.at),
        "capacity": one.capacity,
        "data": one.data,
        "hash": one.hash,
        "kind": one.kind,
        "log": one.log_id,
        "prev": one.prev,
        "public_seq": one.public_seq,
        "seq": one.seq,
        "subject": one.subject,
    }


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _word(table: Mapping[str, str], value: Any) -> str:
    return gettext(table[value]) if isinstance(value, str) and value in table else ""


def _reason(value: Any) -> str:
    reason = BY_CODE.get(value) if isinstance(value, str) else None
    # A removed comment's stub has the name of its reason, which is a message itself; anything else says so in its own words.
    return gettext(reason.name) if reason else lookup(str(value))


def _duration(value: Any) -> str:
    if not isinstance(value, int):
        return ""
    minutes = value // 60
    if minutes < 60:
        return ngettext("%(num)s minute", "%(num)s minutes", minutes)
    if minutes < 48 * 60:
        return ngettext("%(num)s hour", "%(num)s hours", minutes // 60)
    return ngettext("%(num)s day", "%(num)s days", minutes // (24 * 60))


def _moment(text: str, lang: str, zone: str) -> str:
    """Return a time of the record in words, "" for what is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return formats(lang).datetime(found, zone)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
