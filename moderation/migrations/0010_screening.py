"""What a space asks of the screening phases, and the signatures by which near-identical texts are found."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from forum.db.fields import dump_json, load_json


class Migration(migrations.Migration):
    dependencies = [("moderation", "0009_queue")]

    operations = [
        ops.CreateModel(
            name="ScreeningSettings",
            fields=[
                ("space_id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32)),
                ("max_links", fields.IntField(default=3)),
                ("newcomer_texts", fields.IntField(default=1)),
                ("off", fields.JSONField(default=list, encoder=dump_json, decoder=load_json)),
                ("words", fields.JSONField(default=dict, encoder=dump_json, decoder=load_json)),
                ("version", fields.IntField(default=1)),
            ],
            options={
                "table": "screening_settings",
                "app": "moderation",
                "pk_attr": "space_id",
                "table_description": "How the texts of one space are screened. A space without a row has the defaults.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Signature",
            fields=[
                ("revision_id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32)),
                ("comment_id", fields.CharField(max_length=32)),
                ("space_id", fields.CharField(max_length=32)),
                ("digest", fields.TextField(unique=False)),
            ],
            options={
                "table": "similar_signatures",
                "app": "moderation",
                "indexes": [Index(fields=["comment_id"], name="similar_signatures_comment")],
                "pk_attr": "revision_id",
                "table_description": "The MinHash of one revision's text, `signing.HASHES` numbers of four bytes in base 64. No word can be read from it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Band",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("band", fields.BigIntField()),
                ("revision_id", fields.CharField(max_length=32)),
            ],
            options={
                "table": "similar_bands",
                "app": "moderation",
                "unique_together": (("band", "revision_id"),),
                "pk_attr": "id",
                "table_description": "One band of a signature: two texts that share one are probably alike.",
            },
            bases=["Model"],
        ),
    ]
