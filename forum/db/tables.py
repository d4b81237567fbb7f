"""The tables of all models, in the order in which rows may be put into them, and how a row of SQLite becomes one of PostgreSQL."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from graphlib import CycleError, TopologicalSorter
from hashlib import blake2b
from typing import Any, Final

from tortoise import fields
from tortoise.models import Model

LEDGER: Final = "tortoise_migrations"
"""Which migrations have run; each database keeps its own."""
DERIVED: Final = ("search_*",)
"""Tables that belong to no model and are made again from those that do: they stay behind."""

Row = tuple[Any, ...]
Change = Callable[[Any], Any]


class OddTables(Exception):
    """The tables of a database or of the models are not what can be moved; the message says which."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `changes` and `plains` belong to columns by their place; `numbered` is the column that the database counts itself.

    `key` are the columns by which a row that migrating makes is known in another database, whatever its id there.
    """

    name: str
    columns: tuple[str, ...]
    changes: tuple[tuple[int, Change], ...]
    plains: tuple[tuple[int, Change], ...]
    numbered: str | None
    key: tuple[str, ...]

    @property
    def listed(self) -> str:
        """The columns for SQL."""
        return ", ".join(f'"{column}"' for column in self.columns)

    def changed(self, row: Sequence[Any]) -> Row:
        """Return a row of SQLite as PostgreSQL takes it."""
        return _with(row, self.changes)

    def mark(self, row: Sequence[Any]) -> int:
        """Return a number of 128 bits that stands for what a row of PostgreSQL says, however it is written."""
        said = repr(_with(row, self.plains)).encode("utf-8", "surrogatepass")
        return int.from_bytes(blake2b(said, digest_size=16).digest(), "big")


def _with(row: Sequence[Any], changes: tuple[tuple[int, Change], ...]) -> Row:
    values = list(row)
    for place, change in changes:
        if values[place] is not None:
            values[place] = change(values[place])
    return tuple(values)


def _change(model: type[Model], field: Any) -> Change | None:
    """Return how a value of SQLite becomes one that asyncpg takes; None when it is one already, as text and whole numbers are."""
    if field.field_type in (str, int, bytes) or isinstance(field, fields.JSONField):
        return None
    return lambda value: field.to_db_value(field.to_python_value(value), model)


def _plain(field: Any) -> Change | None:
    if isinstance(field, fields.JSONField):  # the database may order its keys anew
        return lambda value: json.dumps(json.loads(value), ensure_ascii=False, sort_keys=True)
    if field.field_type in (str, int, bytes, bool, float):
        return None
    return lambda value: value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


def _table(model: type[Model]) -> Table:
    meta = model._meta
    named = {column: meta.fields_map[name] for name, column in meta.fields_db_projection.items()}
    changes = [(place, _change(model, field)) for place, field in enumerate(named.values())]
    plains = [(place, _plain(field)) for place, field in enumerate(named.values())]
    unique = meta.unique_together[0] if meta.unique_together else (meta.pk_attr,)
    return Table(
        name=meta.db_table,
        columns=tuple(named),
        changes=tuple((place, change) for place, change in changes if change),
        plains=tuple((place, change) for place, change in plains if change),
        numbered=meta.db_pk_column if meta.pk.generated else None,
        key=tuple(meta.fields_map[name].source_field or name for name in unique),
    )


def ordered(models: Iterable[type[Model]]) -> list[Table]:
    """Return the tables of `models`, those that others refer to first; raises OddTables when they refer to each other in a ring."""
    found = {model._meta.db_table: model for model in models}
    refers: dict[str, set[str]] = {}
    for name, model in found.items():
        relations = [model._meta.fields_map[field] for field in {*model._meta.fk_fields, *model._meta.o2o_fields}]
        refers[name] = {relation.related_model._meta.db_table for relation in relations}  # type: ignore[attr-defined]
        if model._meta.m2m_fields:
            raise OddTables(f"{name} has relations in a table without a model, which cannot be moved")
    try:
        return [_table(found[name]) for name in TopologicalSorter(refers).static_order()]
    except CycleError as error:
        raise OddTables(f"these tables refer to each other: {', '.join(error.args[1])}") from error


def check(where: str, present: Iterable[str], wanted: Iterable[Table]) -> None:
    """Raise OddTables unless the tables at `where` are exactly those of the models, with some that are derived and the ledger."""
    here, names = set(present), {table.name for table in wanted}
    if missing := names - here:
        raise OddTables(f"{where} lacks {', '.join(sorted(missing))}")
    other = {name for name in here - names - {LEDGER} if not any(fnmatchcase(name, pattern) for pattern in DERIVED)}
    if other:
        raise OddTables(f"{where} has tables that this version does not know: {', '.join(sorted(other))}")
