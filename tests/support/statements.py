"""What a piece of work asks of the database, how the database goes about it, and rows written in bulk; on either kind.

with recorded() as made:
    await threads.thread(…)
for one in made:
    found = await plan(one)
    assert "comments" not in found.scanned and not found.sorts
"""

import contextlib
import json
import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from forum.db.connect import reader, writer
from forum.db.reading import dialect

LOGGER = logging.getLogger("tortoise.db_client")
_ALIASES = re.compile(r"\b(?:FROM|JOIN)\s+\"?(\w+)\"?\s+(?:AS\s+)?(\w+)")


@dataclass(frozen=True)
class Statement:
    """A statement as it was sent, with its values."""

    sql: str
    values: list[Any]


class _Keep(logging.Handler):
    def __init__(self, kept: list[Statement]) -> None:
        super().__init__(logging.DEBUG)
        self.kept = kept

    def emit(self, record: logging.LogRecord) -> None:
        if isinstance(record.args, tuple) and len(record.args) == 2:
            sql, values = record.args
            self.kept.append(Statement(str(sql), list(values) if isinstance(values, (list, tuple)) else []))


@contextlib.contextmanager
def recorded() -> Iterator[list[Statement]]:
    """Keep every statement that is sent meanwhile, on all connections."""
    kept: list[Statement] = []
    handler, level, passed_on = _Keep(kept), LOGGER.level, LOGGER.propagate
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.DEBUG)
    LOGGER.propagate = False
    try:
        yield kept
    finally:
        LOGGER.removeHandler(handler)
        LOGGER.setLevel(level)
        LOGGER.propagate = passed_on


@dataclass
class Plan:
    """How a statement is carried out: the tables it reads from end to end, the indexes it goes by, and whether it sorts."""

    told: str
    scanned: set[str] = field(default_factory=set)
    indexes: set[str] = field(default_factory=set)
    only_index: set[str] = field(default_factory=set)
    sorts: bool = False


async def plan(statement: Statement) -> Plan:
    """Ask the database for its plan; PostgreSQL needs `ANALYZE` before, which `insert` does, or it guesses."""
    if dialect(reader()) == "sqlite":
        return _of_sqlite(statement, await reader().execute_query_dict(f"EXPLAIN QUERY PLAN {statement.sql}", statement.values))
    [found] = await reader().execute_query_dict(f"EXPLAIN (FORMAT JSON) {statement.sql}", statement.values)
    told = found["QUERY PLAN"]
    plan = Plan(told)
    _walk(json.loads(told)[0]["Plan"], plan)
    return plan


async def effort(statement: Statement) -> int:
    """Run a statement and return what it cost, whatever the machine does beside: steps of SQLite's machine in hundreds, or the
    pages that PostgreSQL touched."""
    if dialect(reader()) != "sqlite":
        sql = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement.sql}"
        [found] = await reader().execute_query_dict(sql, statement.values)
        top = json.loads(found["QUERY PLAN"])[0]["Plan"]
        return int(top["Shared Hit Blocks"]) + int(top["Shared Read Blocks"])
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1

    connection: Any = reader()
    await connection._connection.set_progress_handler(step, 100)
    await connection.execute_query_dict(statement.sql, statement.values)
    await connection._connection.set_progress_handler(None, 100)
    return steps


def _of_sqlite(statement: Statement, steps: Sequence[dict[str, Any]]) -> Plan:
    names = {alias: table for table, alias in _ALIASES.findall(statement.sql)}
    details = [str(step["detail"]) for step in steps]
    plan = Plan(json.dumps(details))
    # What was chosen first is read to its end, once: that is no table.
    chosen = [detail.split()[1] for detail in details if detail.startswith(("MATERIALIZE ", "CO-ROUTINE "))]
    for detail in details:
        if scan := re.match(r"SCAN (\w+)", detail):
            if scan[1] in chosen:
                chosen.remove(scan[1])
            else:
                plan.scanned.add(str(names.get(scan[1], scan[1])))
        if index := re.search(r"USING (COVERING )?INDEX (\w+)", detail):
            plan.indexes.add(index[2])
            if index[1]:
                plan.only_index.add(index[2])
        plan.sorts = plan.sorts or "TEMP B-TREE" in detail
    return plan


def _walk(node: dict[str, Any], plan: Plan) -> None:
    kind = str(node["Node Type"])
    if kind == "Seq Scan":
        plan.scanned.add(node["Relation Name"])
    if "Index Name" in node:
        plan.indexes.add(node["Index Name"])
        if kind == "Index Only Scan":
            plan.only_index.add(node["Index Name"])
    plan.sorts = plan.sorts or kind in {"Sort", "Incremental Sort"}
    for below in node.get("Plans", ()):
        _walk(below, plan)


async def insert(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Write rows without any model, as posting them one by one would leave them."""
    connection = writer()
    on_sqlite = dialect(connection) == "sqlite"
    marks = ", ".join("?" if on_sqlite else f"${number}" for number in range(1, len(columns) + 1))
    values = [[one.isoformat(sep=" ") if on_sqlite and isinstance(one, datetime) else one for one in row] for row in rows]
    await connection.execute_many(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", values)
    if not on_sqlite:
        # What its own housekeeping would have done some minutes later.
        await connection.execute_query(f"VACUUM (ANALYZE) {table}")
