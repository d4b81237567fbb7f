"""Entries of the record as the templates show them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from forum.discussions.addresses import is_id
from forum.discussions.models import CommentState
from forum.kernel.actors import Capacity
from forum.kernel.clock import rfc3339
from forum.kernel.locales import direction, pick
from forum.record.browsing import Written
from forum.web.catalogue import gettext
from moderation.audit import words
from moderation.audit.queries import Known, Said, Space
from moderation.audit.telling import Data, Pair, Teller
from moderation.rules.scopes import Scope, handles
from moderation.views.shown import paragraphs

HASH = 12
"""Digits of a hash that are shown."""
PUBLIC = frozenset({CommentState.PUBLISHED.value, CommentState.REMOVED.value, CommentState.WITHDRAWN.value})


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
    """Shows entries to one reader in one language; `given` are the cases that the reader may open."""

    reader_id: str | None
    given: Scope
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
            pairs=Teller(self.lang, self.spaces, self.known).pairs(one.log_id, data),
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
        return f"/{self.lang}/moderation/cases/{case}" if self._may_open(one.log_id, case) else ""

    def _may_open(self, log_id: str, case: str) -> bool:
        """Tell whether a case is given to the reader: one of a space that they moderate, in a language that they have there."""
        return case in self.known.cases and handles(self.given, log_id, self.known.cases[case])

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

    def _letter(self, one: Written, data: Data) -> Letter | None:
        """Return the words of a decision to those who may open its case: of several alike, the ones of that moment.

        The author of the text reads them on a page of their own, without the note.
        """
        if one.kind != "case.decided" or not self._may_open(one.log_id, str(data.get("case"))):
            return None
        about = self.known.comments.get(one.subject or "")
        if about is not None and about.author_id == self.reader_id:
            return None
        found: Sequence[Said] = self.known.said.get(
            (str(data.get("case")), str(data.get("revision")), str(data.get("action"))), ()
        )
        said = min(found, key=lambda said: abs(said.at - one.at), default=None)
        if said is None or not (said.text or said.note or said.facts):
            return None
        written = [*paragraphs(said.facts), *paragraphs(said.text)]
        return Letter(written, said.lang, direction(said.lang), paragraphs(said.note))


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
