"""What a space asks of the screening phases."""

from tortoise import fields
from tortoise.models import Model

from forum.db import fields as own

MAX_LINKS = 3
NEWCOMER = 1


class ScreeningSettings(Model):
    """How the texts of one space are screened. A space without a row has the defaults.

    `off` are names of phases that do not hold here, `words` are further words to hold by language, `newcomer_texts` is how many
    published texts make somebody a newcomer no longer, in spaces that read newcomers first.
    """

    space_id = fields.CharField(primary_key=True, max_length=32)
    max_links = fields.IntField(default=MAX_LINKS)
    newcomer_texts = fields.IntField(default=NEWCOMER)
    off = own.words()
    words = own.texts()
    version = fields.IntField(default=1)

    class Meta:
        table = "screening_settings"
