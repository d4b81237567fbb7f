"""The desk: reports and appeals as kinds of cases, statements of reasons, proposals, notes, and the rules of each space."""

from typing import Any

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.migrations.schema_editor.base import BaseSchemaEditor
from tortoise.migrations.schema_editor.sqlite import SqliteSchemaEditor
from tortoise.migrations.schema_generator.state import State

from forum.db.fields import texts, words
from forum.db.ids import new_ordered_id

OLD, NEW = ("revision_id", "kind"), ("revision_id", "kind", "ref")
# Making a table anew on SQLite loses its indexes.
SQLITE = (
    "CREATE INDEX cases_queue ON cases (state, space_id, id)",
    "CREATE INDEX cases_comment ON cases (comment_id)",
    "CREATE INDEX cases_open ON cases (space_id, id) WHERE state = 'open'",
)
BOTH = (
    "CREATE INDEX cases_late ON cases (space_id, due_at) WHERE state = 'open'",
    "UPDATE decisions SET space_id = (SELECT space_id FROM cases WHERE cases.id = decisions.case_id),"
    " kind = (SELECT kind FROM cases WHERE cases.id = decisions.case_id)",
    "UPDATE cases SET speaking_for = (SELECT speaking_for FROM comments WHERE comments.id = cases.comment_id)",
    "INSERT INTO case_counts (space_id, question_number, lang, region, kind, n)"
    " SELECT space_id, question_number, lang, region, kind, COUNT(*) FROM cases WHERE state = 'open'"
    " GROUP BY space_id, question_number, lang, region, kind",
)
BYTEWISE = tuple(
    f'ALTER TABLE {table} ALTER COLUMN {column} TYPE VARCHAR(32) COLLATE "C"'
    for table, column in (
        ("case_notes", "id"),
        ("case_notes", "case_id"),
        ("appeals", "id"),
        ("appeals", "case_id"),
        ("appeals", "decision_id"),
        ("proposals", "case_id"),
        ("space_reasons", "id"),
        ("phrases", "id"),
    )
)


class ReplacePair(ops.RemoveConstraint):
    """Take the old pair away: on SQLite, where it is part of the table, by making the table anew."""

    async def database_forward(
        self, app_label: str, old_state: State, new_state: State, state_editor: BaseSchemaEditor | None = None
    ) -> None:
        if isinstance(state_editor, SqliteSchemaEditor):
            await state_editor._remake_table(new_state.apps.get_model(f"{app_label}.{self.model_name}"))
        else:
            await super().database_forward(app_label, old_state, new_state, state_editor)


async def finish(_apps: object, editor: BaseSchemaEditor) -> None:
    for statement in (*BYTEWISE, *BOTH) if editor.DIALECT == "postgres" else (*SQLITE, *BOTH):
        await editor.client.execute_query(statement)


async def undo(_apps: object, editor: BaseSchemaEditor) -> None:
    await editor.client.execute_query("DROP INDEX cases_late")


def added(name: str, **columns: fields.Field[Any]) -> list[ops.AddField]:
    """Return the operations that add columns."""
    return [ops.AddField(name, column, field) for column, field in columns.items()]


class Migration(migrations.Migration):
    dependencies = [("moderation", "0002_open_cases")]

    operations = [
        *added(
            "Case",
            ref=fields.CharField(max_length=32, default="", db_default=""),
            due_at=fields.DatetimeField(null=True),
            region=fields.CharField(max_length=40, default="", db_default=""),
            speaking_for=fields.CharField(max_length=12, default="", db_default=""),
        ),
        ReplacePair("Case", fields=list(OLD)),
        ops.AddConstraint("Case", UniqueConstraint(fields=NEW, name="cases_subject")),
        *added(
            "Decision",
            space_id=fields.CharField(max_length=32, default="", db_default=""),
            kind=fields.CharField(max_length=14, default="", db_default=""),
            clause=fields.CharField(max_length=40, default="", db_default=""),
            reason_name=fields.TextField(default="{}", db_default="{}"),
            reason_text=fields.TextField(default="{}", db_default="{}"),
            facts=fields.TextField(default="", db_default=""),
            automated=fields.TextField(default="[]", db_default="[]"),
            waited=fields.IntField(default=0, db_default=0),
            seconded_by_id=fields.CharField(max_length=32, null=True),
            appeal_until=fields.DatetimeField(null=True),
        ),
        ops.AddIndex("Decision", Index(fields=("space_id", "decided_at"), name="decisions_space")),
        ops.CreateModel(
            name="Proposal",
            fields=[
                ("case_id", fields.CharField(primary_key=True, max_length=32)),
                ("case_version", fields.IntField()),
                ("space_id", fields.CharField(max_length=32)),
                ("action", fields.CharField(max_length=8)),
                ("form", fields.TextField()),
                ("made_by_id", fields.CharField(max_length=32)),
                ("made_at", fields.DatetimeField()),
                ("due_at", fields.DatetimeField(null=True)),
                ("needs_second", fields.BooleanField(default=False)),
            ],
            options={
                "table": "proposals",
                "app": "moderation",
                "indexes": [Index(fields=["due_at"], name="proposals_due")],
                "pk_attr": "case_id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Note",
            fields=[
                ("id", fields.CharField(primary_key=True, max_length=32, default=new_ordered_id)),
                ("case_id", fields.CharField(max_length=32)),
                ("comment_id", fields.CharField(max_length=32)),
                ("text", fields.TextField()),
                ("by_id", fields.CharField(max_length=32)),
                ("made_at", fields.DatetimeField()),
            ],
            options={
                "table": "case_notes",
                "app": "moderation",
                "indexes": [Index(fields=["comment_id"], name="case_notes_comment")],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Appeal",
            fields=[
                ("id", fields.CharField(primary_key=True, max_length=32, default=new_ordered_id)),
                ("decision_id", fields.CharField(max_length=32, unique=True)),
                ("comment_id", fields.CharField(max_length=32)),
                ("space_id", fields.CharField(max_length=32)),
                ("case_id", fields.CharField(max_length=32)),
                ("author_id", fields.CharField(max_length=32)),
                ("text", fields.TextField()),
                ("lang", fields.CharField(max_length=2)),
                ("made_at", fields.DatetimeField()),
                ("outcome", fields.CharField(max_length=12, default="")),
                ("settled_at", fields.DatetimeField(null=True)),
            ],
            options={
                "table": "appeals",
                "app": "moderation",
                "indexes": [
                    Index(fields=["author_id"], name="appeals_author"),
                    Index(fields=["comment_id"], name="appeals_comment"),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DeskSettings",
            fields=[
                ("space_id", fields.CharField(primary_key=True, max_length=32)),
                ("goal_days", fields.IntField(default=1)),
                ("four_eyes", fields.BooleanField(default=True)),
                ("recuse_entity", fields.BooleanField(default=True)),
                ("recuse_nationality", fields.BooleanField(default=False)),
                ("undo_seconds", fields.IntField(default=15)),
                ("appeal_days", fields.IntField(default=14)),
                ("version", fields.IntField(default=1)),
            ],
            options={"table": "desk_settings", "app": "moderation", "pk_attr": "space_id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SpaceReason",
            fields=[
                ("id", fields.CharField(primary_key=True, max_length=32, default=new_ordered_id)),
                ("space_id", fields.CharField(max_length=32)),
                ("code", fields.CharField(max_length=24)),
                ("clause", fields.CharField(max_length=40, default="")),
                ("name", texts()),
                ("text", texts()),
                ("four_eyes", fields.BooleanField(default=False)),
                ("place", fields.IntField(default=0)),
                ("retired_at", fields.DatetimeField(null=True)),
            ],
            options={
                "table": "space_reasons",
                "app": "moderation",
                "unique_together": (("space_id", "code"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Phrase",
            fields=[
                ("id", fields.CharField(primary_key=True, max_length=32, default=new_ordered_id)),
                ("space_id", fields.CharField(max_length=32)),
                ("title", texts()),
                ("text", texts()),
                ("place", fields.IntField(default=0)),
            ],
            options={"table": "phrases", "app": "moderation", "unique_together": (("space_id", "id"),), "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ModeratorScope",
            fields=[
                ("id", fields.BigIntField(primary_key=True, generated=True)),
                ("person_id", fields.CharField(max_length=32)),
                ("space_id", fields.CharField(max_length=32)),
                ("languages", words()),
                ("nationality", fields.CharField(max_length=3, default="")),
            ],
            options={
                "table": "moderator_scopes",
                "app": "moderation",
                "unique_together": (("person_id", "space_id"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CaseCount",
            fields=[
                ("id", fields.BigIntField(primary_key=True, generated=True)),
                ("space_id", fields.CharField(max_length=32)),
                ("question_number", fields.IntField()),
                ("lang", fields.CharField(max_length=2)),
                ("region", fields.CharField(max_length=40)),
                ("kind", fields.CharField(max_length=14)),
                ("n", fields.IntField()),
            ],
            options={
                "table": "case_counts",
                "app": "moderation",
                "unique_together": (("space_id", "question_number", "lang", "region", "kind"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.RunPython(finish, undo),
    ]
