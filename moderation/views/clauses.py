"""The policy of a space beside a decision: its numbered clauses can be pointed at."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from forum.kernel.locales import direction, pick

_TAG = re.compile(r"<(/?)(ol|ul|li|p)\b([^<>]*)>(?=((?:<(?:strong|em|b|i)>)*)(\d{1,3}(?:\.\d{1,3}){0,3}))?")
_START = re.compile(r'\bstart="(\d{1,6})"')


@dataclass(frozen=True, slots=True)
class Policy:
    """The policy in one language; "" as html when the space has none."""

    html: Markup
    lang: str
    dir: str
    clauses: frozenset[str]


def anchor(clause: str) -> str:
    """Return the id of a clause: of "3.1", "§ 3.1" and "Clause 3.1." alike."""
    numbers = re.search(r"\d{1,3}(?:\.\d{1,3})*", clause)
    return f"clause-{numbers[0]}" if numbers else ""


def policy_of(by_language: dict[str, str], lang: str) -> Policy:
    """Return the policy of a space in `lang`, or the nearest language there is, with an anchor at each numbered clause."""
    if not any(by_language.values()):
        return Policy(Markup(), lang, direction(lang), frozenset())
    html, found = pick(by_language, lang)
    anchors: set[str] = set()
    marked = "".join(_marked(html, anchors))
    # Stored HTML is made by forum.text.markup; ids made of digits are added.
    return Policy(Markup(marked), found, direction(found), frozenset(anchors))  # noqa: S704


def _marked(html: str, anchors: set[str]) -> Iterator[str]:
    """Yield the HTML with ids: items of numbered lists by their place, paragraphs that begin with a number by that."""
    end, lists = 0, list[list[int | str]]()
    for tag in _TAG.finditer(html):
        closing, name, attributes, _, number = tag.groups()
        yield html[end : tag.start()]
        end = tag.end()
        clause = ""
        if name in ("ol", "ul"):
            if closing:
                del lists[-1:]
            else:
                start = _START.search(attributes)
                lists.append([name, int(start[1]) - 1 if start else 0])
        elif name == "li" and not closing and lists:
            lists[-1][1] = int(lists[-1][1]) + 1
            if all(kind == "ol" for kind, _ in lists):
                clause = ".".join(str(place) for _, place in lists)
        elif name == "p" and not closing and not lists and number:
            clause = number
        identity = f"clause-{clause}"
        if clause and identity not in anchors:
            anchors.add(identity)
            yield f'<{name}{attributes} id="{identity}">'
        else:
            yield tag[0]
    yield html[end:]
