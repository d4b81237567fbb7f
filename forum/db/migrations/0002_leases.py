from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("forum", "0001_initial")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Lease",
            fields=[
                ("name", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32)),
                ("holder", fields.CharField(max_length=100)),
                ("until", fields.FloatField()),
            ],
            options={
                "table": "leases",
                "app": "forum",
                "pk_attr": "name",
                "table_description": "Who may do alone what `name` says, and until when: seconds since 1970 by the clock of the database.",
            },
            bases=["Model"],
        ),
    ]
