"""The public figures as tables: what each is about, its rows in order, and its total. Pages, CSV and JSON show these and no others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from forum.kernel.locales import pick
from forum.kernel.messages import N_
from forum.web.catalogue import gettext
from moderation.figures.protecting import Cell, Mark
from moderation.figures.public import REASON, Figures
from moderation.figures.queries import Family


@dataclass(frozen=True, slots=True)
class Row:
    """One number. `lang` is that of the label where it is not the page's; `clause` that of the policy, "" for none."""

    key: str
    label: str
    cell: Cell
    lang: str
    clause: str = ""

    @property
    def number(self) -> int | None:
        return None if isinstance(self.cell, Mark) else self.cell

    @property
    def mark(self) -> str:
        return self.cell.value if isinstance(self.cell, Mark) else ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows and their total, the last row; `until` is the last day of what is counted, None while there is too little of it."""

    key: str
    caption: str
    head: str
    rows: Sequence[Row]
    total: Row
    until: date | None

    @property
    def most(self) -> int:
        """The largest number that a bar stands for."""
        return max((row.number or 0 for row in self.rows), default=0)


LABELS = {
    "new": N_("New contributions"),
    "edit": N_("Edits of published contributions"),
    "resubmission": N_("Contributions sent again after a decision"),
    "published": N_("Published"),
    "returned": N_("Returned for revision"),
    "rejected": N_("Rejected"),
    "at_once": N_("Published at once, without being read first"),
    "within": N_("Decided within the service goal"),
    "late": N_("Decided later"),
    "removed_reported": N_("Removed after a report"),
    "removed_otherwise": N_("Removed without a report"),
    "reports_kept": N_("Stays published"),
    "upheld": N_("Decision upheld"),
    "overturned": N_("Decision overturned"),
}


FAMILIES = {"removed": Family.AFTER, "reports": Family.AFTER, "appeals": Family.APPEALS}


def tables(found: Figures, lang: str) -> list[Table]:
    """Return all tables in the order in which they are shown, in `lang`."""

    def row(key: str, label: str = "") -> Row:
        return Row(key, label or gettext(LABELS[key]), found.cells[key], lang)

    def table(key: str, words: tuple[str, str], parts: Sequence[str], total: str) -> Table:
        rows = [row(part) for part in parts if part in found.cells]
        until = found.days[FAMILIES.get(key, Family.TEXTS)]
        return Table(key, gettext(words[0]), gettext(words[1]), rows, row(total, gettext(N_("Total"))), until)

    return [
        table("received", (N_("Received, and dealt with since"), N_("Kind")), ("new", "edit", "resubmission"), "dealt"),
        table(
            "dealt",
            (N_("Contributions and edits dealt with"), N_("Outcome")),
            ("published", "returned", "rejected"),
            "dealt",
        ),
        _reasons(found, lang, row),
        table("time", (N_("Time to decision"), N_("Time")), ("at_once", "within", "late"), "dealt"),
        table("removed", (N_("Removed after publication"), N_("Occasion")), ("removed_reported", "removed_otherwise"), "removed"),
        table("reports", (N_("Decisions on reports"), N_("Outcome")), ("reports_kept", "removed_reported"), "reports"),
        table("appeals", (N_("Decisions on appeals"), N_("Outcome")), ("upheld", "overturned"), "appeals"),
    ]


def _reasons(found: Figures, lang: str, row: Callable[[str, str], Row]) -> Table:
    rows = []
    for reason in found.reasons:
        name, name_lang = pick(reason.name, lang)
        rows.append(Row(REASON + reason.code, name or reason.code, found.cells[REASON + reason.code], name_lang, reason.clause))
    total = row("rejected", gettext(N_("Total")))
    return Table("reasons", gettext(N_("Rejected, by reason")), gettext(N_("Reason")), rows, total, found.until)
