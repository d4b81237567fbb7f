"""The reference entities: Member States, observers and the UN bodies that lead the round tables."""

from collections.abc import Iterator
from typing import Any

from forum.kernel.locales import LANGS
from forum.objectives.countries import countries
from forum.objectives.datafiles import read
from forum.people.entities import Known
from forum.people.models import EntityKind


def known() -> Iterator[Known]:
    """Yield what `people.entities.load` brings into the database."""
    for country in countries():
        kind = EntityKind.STATE if country.is_member else EntityKind.OBSERVER
        names = {str(lang): country.name(lang) for lang in LANGS}
        ranks = {str(lang): country.rank[lang] for lang in LANGS}
        yield Known(kind, country.iso3, names, ranks)
    bodies: list[dict[str, Any]] = read("un_bodies")["bodies"]
    for place, body in enumerate(bodies, start=1):
        yield Known(EntityKind.UN_BODY, body["acronym"], body["names"], dict.fromkeys(LANGS, place), body["acronym"])
