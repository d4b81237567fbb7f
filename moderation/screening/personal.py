"""Personal data in a text: its author is asked before sending it, and what is sent all the same is read by a moderator first.

Nothing that was seen is kept or written down: a hint shows its author a masked sample, a hold names the kind.
"""

import re
from collections.abc import Callable, Iterator

from forum.discussions.screening import Hint, Hold
from forum.kernel.messages import N_
from moderation.screening.folding import folded
from moderation.screening.reading import Reading

MOST_HINTS = 10
"""Hints that are shown: a list of addresses is recognized as one by less."""

EMAIL, PHONE, DOCUMENT, ACCOUNT = "email", "phone", "document", "account"
HINTS = {
    EMAIL: N_("An e-mail address:"),
    PHONE: N_("A telephone number:"),
    DOCUMENT: N_("A number of an identity document:"),
    ACCOUNT: N_("A bank account:"),
}
HOLDS = {
    EMAIL: N_("The text has an e-mail address."),
    PHONE: N_("The text has a telephone number."),
    DOCUMENT: N_("The text has what looks like the number of an identity document."),
    ACCOUNT: N_("The text has what looks like a bank account."),
}
SEVERAL = N_("The text has personal data of several kinds.")

_ADDRESS = re.compile(r"https?://[^\s<>()\[\]]++")
_SPELLED_AT = re.compile(r" ?[\[({](?:at|@|arroba|arobase|собака|на)[\])}] ?", re.IGNORECASE)
# Every quantifier is bounded and nearly all are possessive, and each match begins where no other can have begun: one pass over the text.
# The labels are not: an address at the end of a sentence has a full stop behind it.
_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}+@(?:[\w-]{1,63}+\.){1,5}[^\W\d_]{2,24}+")
# Chinese has no spaces: only letters and figures of a number's own kind may not stand before or behind it.
_NUMBER = re.compile(r"(?<![\da-z_/.,\-])(?:\+|\()?\d[\d ().\-\u00a0\u2011\u202f]{5,24}+")
_NO_PHONE_BEFORE = re.compile(r"[\da-z_/:%€$]")
_SPEAKS_OF_PHONES = re.compile(
    r"(?:\btel|\bphone|\bmobile|\bwhatsapp|\bviber|\btelegram|\bsignal|\bfax|\bportable|\bcelular|\bmovil|\btelefon|тел\b|тел\.|телефон|"
    r"мобильн|ватсап|هاتف|جوال|موبايل|واتساب|电话|手机|微信|电邮)"
)
_DIGIT = re.compile(r"\d")
_CHINESE_MOBILE = re.compile(r"1[3-9]\d{9}")
_GROUPED = re.compile(r"\(?\d{3}\)?[ .\-]\d{3}[.\-]\d{4}")
_CHINESE_ID = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d{9}[\dxX](?![0-9A-Za-z])")
_SOCIAL = re.compile(r"(?<![\w\-])\d{3}-\d{2}-\d{4}(?![\w\-])")
_PASSPORT = re.compile(r"(?<![0-9A-Za-z_/.\-])[A-Z]{1,2}\d{7,9}(?![0-9A-Za-z_/\-])")
_CODE = re.compile(r"(?<![0-9a-z/.\-])(?:\d{2} ?\d{2} ?\d{6}(?![0-9a-z])|(?=[a-z\-]{0,4}\d)[a-z0-9\-]{5,18}+)")
_SPEAKS_OF_DOCUMENTS = re.compile(
    r"\bpassports? (?:no|num|n[o°º]|:|#|[a-z]?\d)|\b(?:id|identity) (?:card|no|num|document)|\bnational id\b|\bcase (?:no|number)|"
    r"\bpasseport (?:n|:)|\bcarte d.identite|\btitre de sejour|\bpasaporte (?:n|:)|\bcedula|\bdni\b|\bnie\b|\bcurp\b|"
    r"паспорт\w{0,3} ?(?:серия|номер|№|no|:)|удостоверени\w{0,3} личности|\bснилс\b|\bинн\b|"
    r"رقم (?:جواز|الجواز|الهويه|البطاقه|القومي)|جواز سفر رقم|护照号|身份证|居留证"
)
NEAR = 60
"""Characters after the words for a document within which its number stands."""
_IBAN = re.compile(r"(?<![0-9A-Za-z])[A-Z]{2}\d{2}[A-Z0-9 ]{11,38}+")
SHORTEST_IBAN, LONGEST_IBAN = 15, 34

Found = Iterator[str]


def hints(source: str, _lang: str) -> list[Hint]:
    """Return what personal data a text seems to have, each kind of thing masked, in the order of kinds."""
    return [Hint(kind, HINTS[kind], _masked(one)) for kind, one in _once(source)][:MOST_HINTS]


def personal(reading: Reading) -> Hold | None:
    """Hold a text that seems to have personal data."""
    kinds = {kind for kind, _ in _once(reading.text.source)}
    if not kinds:
        return None
    return Hold("personal", HOLDS[kinds.pop()] if len(kinds) == 1 else SEVERAL)


def _once(source: str) -> list[tuple[str, str]]:
    text = _ADDRESS.sub(" ", source)
    return list(dict.fromkeys((kind, one) for kind, find in KINDS for one in find(text)))


def _masked(seen: str) -> str:
    """Return the beginning and the end of what was seen: enough to know it again, too little to use it."""
    seen = " ".join(seen.split())
    kept = 2 if len(seen) > 8 else 1
    return f"{seen[:kept]}…{seen[-kept:]}"


def _emails(text: str) -> Found:
    for one in _EMAIL.finditer(_SPELLED_AT.sub("@", text)):
        yield one[0]


def _phones(text: str) -> Found:
    plain = folded(text)
    for one in _NUMBER.finditer(plain):
        number = one[0].rstrip(" ().-\u00a0\u2011\u202f")
        digits = "".join(_DIGIT.findall(number))
        end = one.start() + len(number)
        if not 7 <= len(digits) <= 15 or _NO_PHONE_BEFORE.match(plain, end):
            continue
        if _is_phone(number, digits, plain[max(0, one.start() - 30) : one.start()]):
            yield number


def _is_phone(number: str, digits: str, before: str) -> bool:
    if _SPEAKS_OF_PHONES.search(before):
        return True
    if number.startswith("+") or digits.startswith("00"):
        return len(digits) >= 8
    if _CHINESE_MOBILE.fullmatch(number) or _GROUPED.fullmatch(number):
        return True
    return digits.startswith("0") and len(digits) in {10, 11} and number.count(".") != 1


def _documents(text: str) -> Found:
    for pattern in (_CHINESE_ID, _SOCIAL, _PASSPORT):
        for one in pattern.finditer(text):
            yield one[0]
    plain = folded(text)
    for word in _SPEAKS_OF_DOCUMENTS.finditer(plain):
        # Folding keeps neither case nor length, and neither is needed to know a number again.
        found = _CODE.search(plain[word.start() : word.end() + NEAR].partition("\n")[0], word.end() - word.start() - 1)
        if found and sum(map(str.isdigit, found[0])) >= 5:
            yield found[0].upper()


def _accounts(text: str) -> Found:
    for one in _IBAN.finditer(text):
        compact = ""
        for group in one[0].split():
            compact += group
            if SHORTEST_IBAN <= len(compact) <= LONGEST_IBAN and _is_iban(compact):
                yield compact
                break


def _is_iban(account: str) -> bool:
    """Say whether the check digits of an international bank account number are right."""
    turned = account[4:] + account[:4]
    return turned.isascii() and int("".join(str(int(char, 36)) for char in turned)) % 97 == 1


KINDS: tuple[tuple[str, Callable[[str], Found]], ...] = (
    (EMAIL, _emails),
    (PHONE, _phones),
    (DOCUMENT, _documents),
    (ACCOUNT, _accounts),
)
