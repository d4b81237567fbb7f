"""Which words of a text the lists have found, worked out for the moderator who looks: nothing of it is kept."""

from forum.text.aside import aside
from moderation.screening.folding import folded, skeleton_of
from moderation.screening.lists import WordList, disguised, shipped
from moderation.screening.rules import of_space

MOST_HITS = 10


async def hits(space_id: str, lang: str, source: str) -> list[str]:
    """Return the listed words in the source of a text, as the lists read them, each once, in their order; MOST_HITS at most."""
    rules = await of_space(space_id)
    lists = (shipped("words", skeleton_of), disguised(rules.words.get(lang, ())))
    return await aside(_found, lists, source)


def _found(lists: tuple[WordList, ...], source: str) -> list[str]:
    text = folded(source)
    return list(dict.fromkeys(word for one in lists for word in one.hits(text)))[:MOST_HITS]
