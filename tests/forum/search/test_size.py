"""A hundred thousand texts: every statement goes by an index, whether the word is in all of them or in ten."""

import logging
from typing import Any

import pytest

from forum.db.connect import reader
from forum.db.reading import dialect, execute
from forum.db.work import begin
from forum.discussions import searching
from forum.discussions.models import Question, Space, Visibility
from forum.discussions.searching import Asked
from forum.kernel.actors import ANONYMOUS
from forum.kernel.events import Fact
from forum.search.analyser import parse
from forum.search.engines import index
from tests.support import world

pytestmark = [pytest.mark.slow]

MANY = 100_000
SERIES = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MANY})"
COMMENTS = (
    "INSERT INTO comments (id, space_id, question_id, path, depth, children, author_id, speaking_for, state, version, number, symbol,"
    f" shown_id, stub_reason, public_seq, received_at, published_at) {SERIES}"
    " SELECT 'c' || i, ?, ?, 'p' || i, 0, 0, ?, 'personal', 'published', 1, i, 'RT4/Q1/' || i, 'r' || i, '', 1,"
    " CURRENT_TIMESTAMP, CURRENT_TIMESTAMP FROM n"
)
REVISIONS = (
    f"INSERT INTO revisions (id, comment_id, number, state, lang, source, html, renderer, paragraphs, salt, digest, made_at) {SERIES}"
    " SELECT 'r' || i, 'c' || i, 1, 'published', 'en', 'A word.', '<p data-p=\"1\">A word.</p>', 1, 1, '', '', CURRENT_TIMESTAMP FROM n"
)
DOCUMENTS = f"INSERT INTO search_documents (kind, ref, place, lang) {SERIES} SELECT 'comment', 'c' || i, ?, 'en' FROM n"
MARKS = "'\ue000comment \ue001' || CAST(? AS text) || ' \ue002en eword sword fword'"
NUMBERS = "' ' || (i % 5000) || CASE WHEN i % 10000 = 0 THEN ' erare srare frare' ELSE '' END"
TOKENS = f"INSERT INTO search_tokens (rowid, tokens) {SERIES} SELECT i, {MARKS} || {NUMBERS} FROM n"
WITH_TOKENS = (
    f"INSERT INTO search_documents (kind, ref, place, lang, tokens) {SERIES} SELECT 'comment', 'c' || i, CAST(? AS text), 'en',"
    f" array_to_tsvector(string_to_array({MARKS} || {NUMBERS}, ' ')) FROM n"
)


async def fill(hall: Space) -> None:
    """Write what posting a hundred thousand comments would make."""
    who = await world.person("Ana")
    question = await Question.get(space_id=hall.id, number=1)
    async with begin() as work:
        await execute(COMMENTS, [hall.id, question.id, who.id], work.connection)
        await execute(REVISIONS, [], work.connection)
        if dialect(work.connection) == "sqlite":
            await execute(DOCUMENTS, [hall.id], work.connection)
            await execute(TOKENS, [hall.id], work.connection)
        else:
            await execute(WITH_TOKENS, [hall.id, hall.id], work.connection)
            await execute("ANALYZE", [], work.connection)
        await index(work.connection).settle(work.connection)


async def plans(caplog: pytest.LogCaptureFixture, asked: Asked) -> list[str]:
    """Search, and return how the database goes about each statement about documents."""
    caplog.clear()
    with caplog.at_level(logging.DEBUG, "tortoise.db_client"):
        await searching.search(ANONYMOUS, asked, "en")
    sent: list[Any] = [record.args for record in caplog.records if record.name == "tortoise.db_client"]
    sqlite = dialect(reader()) == "sqlite"
    explained = []
    for sql, params in [(str(one[0]), list(one[1] or [])) for one in sent if isinstance(one, tuple) and len(one) == 2]:
        if "search_documents" in sql:
            rows = await reader().execute_query_dict(f"EXPLAIN {'QUERY PLAN' if sqlite else ''} {sql}", params)
            explained.append("\n".join(str(row["detail" if sqlite else "QUERY PLAN"]) for row in rows))
    return explained


async def test_a_common_and_a_rare_word_of_100_000_texts(told: list[Fact], caplog: pytest.LogCaptureFixture) -> None:
    hall = await world.space("hall")
    await world.space("inner", visibility=Visibility.MEMBERS.value)
    await fill(hall)
    common = await searching.search(ANONYMOUS, Asked("words"), "en")
    assert (common.counts.total, common.counts.more) == (1000, True)
    assert [one.seen.id for one in common.comments] == [f"c{MANY - place}" for place in range(20)]
    rare = await searching.search(ANONYMOUS, Asked("rare word"), "en")
    assert [one.seen.id for one in rare.comments] == [f"c{MANY - place * 10_000}" for place in range(10)]
    assert (rare.counts.total, rare.counts.more, rare.next) == (10, False, None)
    further = await searching.search(ANONYMOUS, Asked("word", after="c50000"), "en")
    assert further.comments[0].seen.id == "c49999"
    asked = [Asked("words"), Asked("rare"), Asked("word", after="c50000"), Asked("word rare 7", space="hall", lang="en")]
    for one in asked:
        for plan in await plans(caplog, one):
            if dialect(reader()) == "sqlite":
                scans = [line for line in plan.splitlines() if "SCAN" in line]
                assert all("search_tokens VIRTUAL TABLE" in line or "found" in line for line in scans), plan
                assert "ORDER BY" not in plan, plan
            else:
                assert "Seq Scan on comments" not in plan, plan
                assert "Seq Scan on search_documents" not in plan, plan
    if dialect(reader()) == "postgres":
        assert "search_documents_tokens" in (await plans(caplog, Asked("rare")))[0]
        assert "Index Scan Backward using search_documents_pkey" in (await plans(caplog, Asked("words")))[0]
    assert parse("word").terms == (("eword", "sword", "fword"),), "what is written above is what is searched"
