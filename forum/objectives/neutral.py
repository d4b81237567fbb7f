"""Neutral sentences shown on every page. They are data and not catalogue messages: nobody may reword them."""

from functools import cache

from forum.objectives.datafiles import read
from forum.objectives.wording import Wording, Wordings, wordings


def disclaimer(lang: str) -> Wording:
    """Return the United Nations text on designations and frontiers: standard in en and fr, unofficial elsewhere."""
    return _sentence("disclaimer")(lang)


def views_of_authors(lang: str) -> Wording:
    """Return “Contributions express the views of their authors only.”"""
    return _sentence("views_of_authors")(lang)


def not_a_un_site(lang: str) -> Wording:
    """Return “This is a demonstration and not a United Nations site.”"""
    return _sentence("not_a_un_site")(lang)


def kosovo_note(lang: str) -> Wording:
    """Return the footnote that goes with “Kosovo*”; it exists in en and fr, so other languages get the English one."""
    return _sentence("kosovo_note")(lang)


@cache
def _sentence(name: str) -> Wordings:
    return wordings(read("neutral")[name])
