"""The template environment: one for the process, everything escaped, translated in the language of whoever asks."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from forum.web import assets, catalogue

_PACKAGE = Path(__file__).resolve().parent.parent


def _folder(name: str) -> Path:
    beside = _PACKAGE.parent / name
    return beside if beside.is_dir() else _PACKAGE / f"_{name}"


TEMPLATES = _folder("templates")
"""The repository's `templates/`, or the copy that travels in the wheel."""
STATIC = _folder("static")
"""The repository's `static/`, or the copy that travels in the wheel."""


class Strict(StrictUndefined):
    """Fails when a name is unknown or something unknown is shown; `{% if %}` may ask about a key that a mapping lacks."""

    def __bool__(self) -> bool:  # type: ignore[override]
        if isinstance(self._undefined_obj, Mapping):
            return False
        return bool(super().__bool__())


def _gettext(msgid: str, /, **params: object) -> Markup:
    # Catalogues are part of the program: their text is markup, what is filled in is escaped.
    text = Markup(catalogue.lookup(msgid))  # noqa: S704
    return text % params if "%" in text else text


def _ngettext(one: str, many: str, n: int, /, **params: object) -> Markup:
    params.setdefault("num", n)
    return Markup(catalogue.lookup_plural(one, many, n)) % params  # noqa: S704


@cache
def _default_assets() -> assets.Assets:
    return assets.Assets(STATIC)


def _asset(path: str) -> str:
    return _default_assets().url(path)


@cache
def environment() -> Environment:
    """Return the environment, made on the first call; `install` adds globals to it."""
    catalogue.load()
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=Strict,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        extensions=["jinja2.ext.i18n"],
    )
    made.newstyle_gettext = True  # type: ignore[attr-defined]
    made.globals.update(_=_gettext, gettext=_gettext, ngettext=_ngettext, asset=_asset)
    return made


def install(served: assets.Assets, **values: object) -> None:
    """Let `asset(…)` in all templates name the files of `served`, and set further globals; once, at start."""
    environment().globals.update(values, asset=served.url)


def render(name: str, /, **context: object) -> str:
    """Return the template `name` filled with `context`, in the current language."""
    return environment().get_template(name).render(context)
