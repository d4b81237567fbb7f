"""Sign a text: what two texts have in common can be told from their signatures alone, in any language and without the texts.

The text is folded, cut into overlapping sequences of letters, and the least of many hashes of the sequences are kept (MinHash): the
share of hashes that two signatures agree in is the share of sequences that the texts have in common, give or take a few hundredths.
"""

import re
from array import array
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import blake2b

from rensa import RMinHash

from moderation.screening.folding import folded, is_chinese

BANDS, ROWS = 20, 4
HASHES = BANDS * ROWS
"""Two texts that have two thirds in common share a band with a probability of 99 %, two with a tenth in common with one of 0.2 %."""
SEED = 4
"""Part of what is stored: another one would make all signatures strangers to each other."""
LETTERS, CHINESE_LETTERS = 5, 3
"""Length of a sequence. A Chinese word is about two characters long."""
SHORTEST, SHORTEST_CHINESE = 60, 20
"""Characters below which a text is not signed: "I agree with the delegation" is nobody's text in particular."""
SLICE = 1_000
"""Sequences that are hashed at a time: so long the thread keeps the others waiting."""
_GAPS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature; without one, of a short text, `hashes` is empty."""

    hashes: tuple[int, ...]

    def bands(self) -> list[int]:
        """Return the numbers, signed and of 64 bits, of which two like signatures share one."""
        return [_number(at, self.hashes[at * ROWS : (at + 1) * ROWS]) for at in range(BANDS if self.hashes else 0)]

    def stored(self) -> str:
        """Return the signature as it is stored."""
        return b64encode(array("I", self.hashes).tobytes()).decode()

    def likeness(self, other: "Signed") -> float:
        """Return about how much two texts have in common, from 0 to 1."""
        if not (self.hashes and other.hashes):
            return 0.0
        return sum(one == two for one, two in zip(self.hashes, other.hashes, strict=True)) / HASHES


def read_stored(text: str) -> Signed:
    """Return the signature that was stored."""
    return Signed(tuple(array("I", b64decode(text))))


def _number(at: int, hashes: tuple[int, ...]) -> int:
    made = blake2b(bytes([at]) + array("I", hashes).tobytes(), digest_size=8)
    return int.from_bytes(made.digest(), "big", signed=True)


def sequences(text: str) -> list[str]:
    """Return the overlapping sequences of letters and figures of a text, each once; none of a text that is too short to be known by."""
    chinese = is_chinese(text)
    plain = _GAPS.sub("" if chinese else " ", folded(text)).strip()
    size = CHINESE_LETTERS if chinese else LETTERS
    if len(plain) < (SHORTEST_CHINESE if chinese else SHORTEST):
        return []
    return list(dict.fromkeys(plain[at : at + size] for at in range(len(plain) - size + 1)))


def sign(text: str) -> Signed:
    """Return the signature of a plain text. A few milliseconds of work at most."""
    found = sequences(text)
    if not found:
        return Signed(())
    made = RMinHash(num_perm=HASHES, seed=SEED)
    for start in range(0, len(found), SLICE):
        made.update(found[start : start + SLICE])
    return Signed(tuple(made.digest()))


def in_common(one: list[str], two: list[str]) -> float:
    """Return the share of sequences that two texts have in common, from 0 to 1."""
    mine, theirs = set(one), set(two)
    return len(mine & theirs) / len(mine | theirs) if mine and theirs else 0.0
