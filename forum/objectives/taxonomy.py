"""Closed lists that sort things: regions, regional groups of States, kinds of content, types of resource."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from forum.objectives.datafiles import read
from forum.objectives.wording import Wording, Wordings, wordings


@dataclass(frozen=True, slots=True)
class Term:
    """One value of a closed list: a slug that never changes, and its name in six languages.

    `m49` is the code of a region, None elsewhere.
    """

    slug: str
    names: Wordings
    m49: str | None = None

    def name(self, lang: str) -> Wording:
        """Return the name to show."""
        return self.names(lang)


def terms(raw: Iterable[Mapping[str, Any]]) -> tuple[Term, ...]:
    """Read a list of a data file, in its order."""
    return tuple(Term(item["slug"], wordings(item["names"]), item.get("m49")) for item in raw)


@cache
def regions() -> tuple[Term, ...]:
    """Return the five regions of M49."""
    return terms(read("taxonomy")["regions"])


@cache
def un_groups() -> tuple[Term, ...]:
    """Return the five regional groups of the General Assembly."""
    return terms(read("taxonomy")["un_groups"])


@cache
def content_kinds() -> tuple[Term, ...]:
    """Return what the Hub holds: discussion spaces, resources, videos, projects, events."""
    return terms(read("taxonomy")["content_kinds"])


@cache
def resource_types() -> tuple[Term, ...]:
    """Return the twelve types of resource, in the order of the Hub."""
    return terms(read("taxonomy")["resource_types"])
