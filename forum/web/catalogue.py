"""Translations: the six catalogues, and the language in which the present task speaks.

The language is a context variable. Nothing is installed per request: macros that Jinja imports once still speak the language of
whoever asks. A missing catalogue, message or plural form is answered with the English msgid.
"""

import gettext as standard
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

from babel import Locale
from babel.messages.pofile import read_po

from forum.kernel.locales import DEFAULT_LANG, LANGS, is_lang
from forum.kernel.messages import REFUSALS, Msg
from forum.web.formats import formats

log = logging.getLogger(__name__)

LOCALE = Path(__file__).resolve().parent.parent / "locale"
LIST_COMMA = {"zh": "、", "ar": "، "}
_PLACEHOLDER = re.compile(r"%\((\w+)\)")
_language: ContextVar[str] = ContextVar("forum_language", default=DEFAULT_LANG)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One language: translations by msgid, plural forms by singular msgid, and which form a number takes."""

    messages: Mapping[str, str] = field(default_factory=dict)
    plurals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    form: Callable[[int], int] = field(default=lambda n: int(n != 1))


class _Lenient(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return ""


def _fits(msgid: str, text: str) -> bool:
    """Tell whether `text` can be filled with what `msgid` is filled with."""
    names: dict[str, object] = dict.fromkeys((*_PLACEHOLDER.findall(msgid), "num"), 1)
    if "%" not in msgid:
        return "%" not in text
    try:
        text % names
    except (KeyError, TypeError, ValueError):
        return False
    return True


def read(path: Path) -> Catalogue:
    """Read one .po file; fuzzy and empty entries, and those that cannot be filled as the msgid can, are left out."""
    with path.open("rb") as file:
        catalogue = read_po(file)
    messages: dict[str, str] = {}
    plurals: dict[str, tuple[str, ...]] = {}
    for message in catalogue:
        ids = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
        given = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        texts = [text for text in given if text]
        if not ids[0] or message.fuzzy or not texts or len(texts) < len(given):
            continue
        if not all(_fits(ids[-1], text) for text in texts):
            log.warning("translation left out: its placeholders differ", extra={"msgid": ids[0], "file": str(path)})
        elif len(ids) > 1:
            plurals[ids[0]] = tuple(texts)
        else:
            messages[ids[0]] = texts[0]
    return Catalogue(messages, plurals, standard.c2py(catalogue.plural_expr))


@cache
def _read_all(folder: Path) -> Mapping[str, Catalogue]:
    files = {lang: folder / lang / "LC_MESSAGES" / "messages.po" for lang in LANGS}
    return {lang: read(path) if path.is_file() else Catalogue() for lang, path in files.items()}


_loaded: Mapping[str, Catalogue] = {}


def load(folder: Path = LOCALE) -> Mapping[str, Catalogue]:
    """Speak from the catalogues in `folder` from here on, and return them; each folder is read once."""
    global _loaded  # noqa: PLW0603 - one process speaks from one set of catalogues
    _loaded = _read_all(folder)
    return _loaded


@contextmanager
def use(lang: str) -> Iterator[None]:
    """Speak `lang` within the block."""
    token = _language.set(lang if is_lang(lang) else DEFAULT_LANG)
    try:
        yield
    finally:
        _language.reset(token)


def current() -> str:
    """Return the language the present task speaks."""
    return _language.get()


def lookup(msgid: str) -> str:
    """Return the translation of `msgid` with its placeholders unfilled."""
    return (_loaded or load())[_language.get()].messages.get(msgid, msgid)


def lookup_plural(one: str, many: str, n: int) -> str:
    """Return the form that `n` takes, with its placeholders unfilled."""
    catalogue = (_loaded or load())[_language.get()]
    forms = catalogue.plurals.get(one)
    if forms is not None:
        index = catalogue.form(n)
        if index < len(forms):
            return forms[index]
    return one if n == 1 else many


def _fill(text: str, params: Mapping[str, object]) -> str:
    return text % _Lenient(params) if "%" in text else text


def gettext(msgid: str, **params: object) -> str:
    """Return `msgid` in the current language, filled with `params`; a percent sign is written %%, as in templates."""
    return _fill(lookup(msgid), params)


def ngettext(one: str, many: str, n: int, **params: object) -> str:
    """Return the form for `n` in the current language; `%(num)s` stands for the number."""
    return _fill(lookup_plural(one, many, n), {"num": n, **params})


def translate(lang: str, msgid: str, **params: object) -> str:
    """Return `msgid` in `lang`."""
    with use(lang):
        return gettext(msgid, **params)


def _param(value: object) -> object:
    if isinstance(value, Msg):
        return lookup(value)
    if isinstance(value, datetime):
        return formats(_language.get()).datetime(value)
    if isinstance(value, (list, tuple)):
        return LIST_COMMA.get(_language.get(), ", ").join(str(_param(item)) for item in value)
    return value


def refusal_text(key: str, params: Mapping[str, object]) -> str:
    """Return what the refusal `key` says in the current language; a key outside the table is returned as it is.

    Parameters that are messages themselves (`Msg`) are translated too; lists are written with the comma of the language, times as in
    its documents.
    """
    return gettext(REFUSALS.get(key, key), **{name: _param(value) for name, value in params.items()})


_SAMPLES = (*range(13), 20, 21, 22, 23, 25, 100, 101, 102, 103, 111, 1_000_000)


@cache
def _plural_messages(one: str, many: str, lang: str) -> Mapping[str, str]:
    rule = Locale.parse(lang).plural_form
    found: dict[str, str] = {}
    with use(lang):
        for number in _SAMPLES:
            found.setdefault(rule(number), lookup_plural(one, many, number))
    return found


def plural_messages(one: str, many: str) -> dict[str, str]:
    """Return the forms of a message by CLDR category ("one", "few", "other" …) for scripts that fill in `%(num)s` themselves."""
    return dict(_plural_messages(one, many, _language.get()))
