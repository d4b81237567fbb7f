"""What the data of an entry says, in words: each name with its value, and what it was before."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from forum.kernel.locales import ENDONYM, is_lang, pick
from forum.web.catalogue import gettext, lookup
from forum.web.formats import formats
from moderation.audit import words
from moderation.audit.queries import Known, Space
from moderation.reasons import BY_CODE
from moderation.views.spans import span

Data = Mapping[str, Any]
SILENT = frozenset(
    {"revision", "digest", "case", "decision", "parent", "before", "after", "note", "flag", "sanction", "phrase", "version"}
)
"""What the data holds for machines, or what is shown in another way."""


_ORDER = {name: place for place, name in enumerate(words.TERMS)}


@dataclass(frozen=True, slots=True)
class Pair:
    """One thing that an entry says; `code` marks what has no words."""

    term: str
    value: str
    before: str = ""
    code: bool = False


@dataclass(frozen=True, slots=True)
class Teller:
    """Says what entries hold, to a reader in one language."""

    lang: str
    spaces: Mapping[str, Space]
    known: Known

    def pairs(self, log_id: str, data: Data) -> list[Pair]:
        """Return what the data of an entry in this log says; what is not known is shown as it is."""
        made = [self._change(data)] if "before" in data and "after" in data else []
        for name, value in sorted(data.items(), key=_rank):
            if name in SILENT or value in (None, "", [], {}):
                continue
            if name == "changed" and isinstance(value, Mapping):
                made += [self._setting(one, change) for one, change in value.items()]
            elif name == "reason" or (name == "code" and data.get("what") == "reason"):
                made.append(Pair(_term("reason"), self._reason(log_id, value, data.get("decision"))))
            elif name == "question" and isinstance(data.get("before"), int):
                made.append(Pair(_term(name), str(value), str(data["before"])))
            else:
                made.append(self._pair(name, value))
        return made

    def _change(self, data: Data) -> Pair:
        if isinstance(data["after"], list) and isinstance(data["before"], list):
            return Pair(_term("languages"), _languages(data["after"]), _languages(data["before"]))
        before, after = str(data["before"]), str(data["after"])
        if after in words.STATES:
            return Pair(gettext("Status"), gettext(words.STATES[after]), gettext(words.STATES.get(before, before)))
        moments = [moment_text(text, self.lang, str(data.get("zone", "UTC"))) for text in (before, after)]
        if all(moments):
            return Pair(gettext("Deadline"), moments[1], moments[0])
        return Pair(_term("changed"), after, before, code=True)

    def _setting(self, name: str, change: Any) -> Pair:
        """Return what a setting was and is now, one of those that a space's rules are made of; "text.fr" is the French one of its texts."""
        head, _, lang = name.partition(".")
        term = gettext(words.SETTINGS[head]) if head in words.SETTINGS else name
        if is_lang(lang):
            term = f"{term} – {ENDONYM[lang]}"
        if isinstance(change, Mapping) and {"before", "after"} <= set(change):
            return Pair(term, _value(change["after"]), _value(change["before"]))
        return Pair(term, _plain(change), code=True)

    def _pair(self, name: str, value: Any) -> Pair:
        term = _term(name)
        try:
            text = self._formats()[name](value)
        except (TypeError, KeyError):
            text = ""  # of another shape than ours, such as an older entry's
        return Pair(term, text) if text else Pair(term, _plain(value), code=True)

    def _formats(self) -> Mapping[str, Callable[[Any], str]]:
        """Return how each kind of value is worded; an empty text means that there are no words for it."""
        worded: dict[str, Callable[[Any], str]] = {
            "waited": lambda value: span(value, self.lang),
            "space": self._space,
            "person": self._person,
            "from": self._person,
            "entity": lambda value: self.known.entities.get(value, ""),
            "question": str,
            "number": str,
            "lang": lambda value: ENDONYM[value] if is_lang(value) else "",
            "holds": lambda value: " · ".join(lookup(str(hold["reason"])) for hold in value),
            "changed": lambda value: " · ".join(_word(words.SETTINGS, one) or str(one) for one in value),
            "until": lambda value: moment_text(str(value), self.lang, "UTC"),
        }
        return worded | {name: _worded(table) for name, table in words.VALUES.items()}

    def _person(self, person_id: Any) -> str:
        return self.known.people.get(person_id, "") if isinstance(person_id, str) else ""

    def _space(self, space_id: Any) -> str:
        space = self.spaces.get(str(space_id))
        return (pick(space.title, self.lang)[0] or space.slug) if space else ""

    def _reason(self, log_id: str, value: Any, decision: Any) -> str:
        """Return the words of a reason: as a decision gave it, as the space has it now, the usual ones, or what was said itself."""
        if isinstance(value, Mapping):
            return pick({str(lang): str(text) for lang, text in value.items()}, self.lang)[0]
        own = self.known.named.get(str(decision)) or self.known.reasons.get((log_id, str(value)))
        if own:
            return pick(own, self.lang)[0]
        usual = BY_CODE.get(value) if isinstance(value, str) else None
        # A removed comment's stub had the name of its reason once, which is a message itself; anything else says so in its own words.
        return gettext(usual.name) if usual else lookup(_plain(value))


def _rank(item: tuple[str, Any]) -> tuple[int, str]:
    """Return where a name stands: in the order of the terms, what has none last."""
    return _ORDER.get(item[0], len(_ORDER)), item[0]


def _term(name: str) -> str:
    return gettext(words.TERMS[name]) if name in words.TERMS else name


def _worded(table: Mapping[str, str]) -> Callable[[Any], str]:
    return lambda value: _word(table, value)


def _word(table: Mapping[str, str], value: Any) -> str:
    return gettext(table[value]) if isinstance(value, str) and value in table else ""


def _languages(codes: Sequence[Any]) -> str:
    return " · ".join(ENDONYM[one] if is_lang(one) else str(one) for one in codes) or gettext("All languages of the space")


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    return _plain(value)


def moment_text(text: str, lang: str, zone: str) -> str:
    """Return a time of the record in words, "" for what is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return formats(lang).datetime(found, zone)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
