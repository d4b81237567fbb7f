"""Signatures of texts, and the bands by which like ones find each other."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Signature(Model):
    """The MinHash of one revision's text, `signing.HASHES` numbers of four bytes in base 64. No word can be read from it."""

    revision_id = fields.CharField(primary_key=True, max_length=32)
    comment_id = fields.CharField(max_length=32)
    space_id = fields.CharField(max_length=32)
    digest = fields.TextField()

    class Meta:
        table = "similar_signatures"
        indexes = (Index(fields=("comment_id",), name="similar_signatures_comment"),)


class Band(Model):
    """One band of a signature: two texts that share one are probably alike."""

    id = fields.BigIntField(primary_key=True, generated=True)
    band = fields.BigIntField()
    revision_id = fields.CharField(max_length=32)

    class Meta:
        table = "similar_bands"
        unique_together = (("band", "revision_id"),)
