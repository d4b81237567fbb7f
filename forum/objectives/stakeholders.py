"""The groups a participant may speak for: States, the United Nations system and the stakeholders of the Compact."""

from functools import cache

from forum.objectives.datafiles import read
from forum.objectives.taxonomy import Term, terms


@cache
def stakeholder_groups() -> tuple[Term, ...]:
    """Return the seventeen groups, from Member States to “Other”; the grouping and the names are ours."""
    return terms(read("stakeholders")["groups"])


def stakeholder_group(slug: str) -> Term:
    """Return one group; raises KeyError if there is none of this slug."""
    return {one.slug: one for one in stakeholder_groups()}[slug]
