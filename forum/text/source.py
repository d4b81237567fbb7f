"""What an author typed: how it is counted, and the one normal form in which it is kept."""

import re
import unicodedata

MAX_SOURCE = 10_000
"""Most characters of one text, counted by `length`."""

MAX_MARKS = 8
"""Most combining marks on one letter: no script needs more, and a pile of them covers the neighbours' text."""

_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")

# Never visible and never needed: controls, byte-order marks, bidirectional embeddings, overrides and isolates (they reorder
# text outside the comment), deprecated format characters, annotations, tag characters (hidden text), noncharacters, surrogates.
# Left alone: joiners and the marks U+200E, U+200F and U+061C, which Persian, Hindi, Arabic and emoji need.
_DROPPED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"
    "\u202a-\u202e\u2066-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U000e0000-\U000e007f"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "]"
)


def length(source: str) -> int:
    """Return the number of Unicode code points in `source`, each line end (CRLF, CR or LF) being one.

    The browser's counter computes the same: `[...text.replace(/\\r\\n?/g, "\\n")].length`. What `normalize` removes later
    is counted, so the stored text is never longer than what was counted (see `normalize` for the one care this takes).
    """
    return len(source) - source.count("\r\n")


def normalize(source: str) -> str:
    """Return the form of `source` that is stored and rendered; applying it twice changes nothing.

    Line ends become LF, invisible controls go, runs of combining marks are cut to MAX_MARKS, the rest is put into
    Unicode form NFC, unless that would carry the text beyond MAX_SOURCE (a few letters have longer normal forms).
    """
    text = _DROPPED.sub("", _LINE_ENDS.sub("\n", source))
    if text.isascii():
        return text
    # Cut before composing too: ordering a long run of marks takes quadratic time.
    text = _cut_marks(text)
    composed = _cut_marks(unicodedata.normalize("NFC", text))
    return composed if len(composed) <= max(len(text), MAX_SOURCE) else text


def _cut_marks(text: str) -> str:
    kept: list[str] = []
    run = 0
    for char in text:
        kind = unicodedata.category(char) if char > "\u02ff" else "L"
        if kind in ("Mn", "Me"):
            run += 1
            if run > MAX_MARKS:
                continue
        elif kind != "Cf":
            run = 0
        kept.append(char)
    return "".join(kept)
