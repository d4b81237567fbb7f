import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from forum.kernel.messages import REFUSALS
from forum.web import catalogue, templates
from forum.web.formats import Formats
from tests.forum.web import apps

assert apps.PAGES  # installs the test templates
PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Language: ru\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n"

msgid "Sign in"
msgstr "Войти"

msgid "%(num)s comment"
msgid_plural "%(num)s comments"
msgstr[0] "%(num)s комментарий"
msgstr[1] "%(num)s комментария"
msgstr[2] "%(num)s комментариев"

msgid "To %(name)s"
msgstr "Кому: %(nom)s"

msgid "Plain"
msgstr "100 %"

#, fuzzy
msgid "Unsure"
msgstr "Наверное"

msgid "Empty"
msgstr ""
"""


@pytest.fixture
def russian(tmp_path: Path) -> catalogue.Catalogue:
    path = tmp_path / "messages.po"
    path.write_text(PO)
    return catalogue.read(path)


def test_a_catalogue_is_read_and_what_cannot_be_used_is_left_out(russian: catalogue.Catalogue) -> None:
    assert russian.messages == {"Sign in": "Войти"}
    assert [russian.form(n) for n in (1, 2, 5, 11, 21)] == [0, 1, 2, 2, 0]


def test_all_six_load_quickly() -> None:
    began = time.perf_counter()
    assert set(catalogue.load()) == {"ar", "zh", "en", "fr", "ru", "es"}
    assert time.perf_counter() - began < 2  # 0.4 s on an idle machine


def test_missing_words_are_english() -> None:
    with catalogue.use("fr"):
        assert catalogue.gettext("No such words %(n)s %%", n=3) == "No such words 3 %"
        assert catalogue.ngettext("%(num)s xyz", "%(num)s xyzs", 1) == "1 xyz"
        assert catalogue.ngettext("%(num)s xyz", "%(num)s xyzs", 0) == "0 xyzs"


def test_language_is_restored_and_bounded() -> None:
    with catalogue.use("ar"):
        assert catalogue.current() == "ar"
        with catalogue.use("xx"):
            assert catalogue.current() == "en"
        assert catalogue.current() == "ar"


@pytest.mark.parametrize("key", sorted(REFUSALS))
def test_every_refusal_speaks_whatever_it_is_given(key: str) -> None:
    assert catalogue.refusal_text(key, {"limit": 3})


def test_macros_imported_once_speak_the_language_of_each_render(tmp_path: Path) -> None:
    path = tmp_path / "ru" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(PO)
    catalogue.load(tmp_path)
    try:
        for lang, n, expected in (
            ("en", 1, "Sign in 1 comment"),
            ("ru", 5, "Войти 5 комментариев"),
            ("fr", 2, "Sign in 2 comments"),
            ("ru", 2, "Войти 2 комментария"),
        ):
            with catalogue.use(lang):
                assert templates.render("test/uses.html", n=n) == expected
    finally:
        catalogue.load()


def test_templates_escape_and_are_strict() -> None:
    text = templates.render("test/name.html", name="<b>&")
    assert text.startswith("Opened for &lt;b&gt;&amp;|&lt;b&gt;&amp;|/static/")
    assert templates.render("test/missing.html", d={}) == "ok"
    for name in ("test/typo.html", "test/unknown.html"):
        with pytest.raises(UndefinedError):
            templates.render(name, d={})


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("en", "1 May 2022"),
        ("fr", "1er mai 2022"),
        ("es", "1 de mayo de 2022"),
        ("ru", "1 мая 2022 года"),
        ("zh", "2022年5月1日"),
        ("ar", "1 أيار/مايو 2022"),
        ("xx", "1 May 2022"),
    ],
)
def test_dates(lang: str, expected: str) -> None:
    assert Formats(lang).date(date(2022, 5, 1)) == expected
    # 22:30 UTC on 30 April is already 1 May in Geneva.
    assert Formats(lang).date(datetime(2022, 4, 30, 22, 30, tzinfo=UTC), "Europe/Zurich") == expected


def test_times_name_their_zone() -> None:
    moment = datetime(2022, 5, 17, 7, 5, tzinfo=UTC)
    assert Formats("en").datetime(moment, "Europe/Zurich") == "17 May 2022, 09:05 (Central European Summer Time)"
    assert Formats("en").datetime(moment) == "17 May 2022, 07:05 (UTC)"
    assert Formats("en").datetime(moment.replace(tzinfo=None), "No/Where") == "17 May 2022, 07:05 (UTC)"
    assert Formats("zh").datetime(moment, "Europe/Zurich") == "2022年5月17日，09:05（中欧夏令时间）"
    winter = datetime(2022, 12, 17, 7, 5, tzinfo=UTC)
    assert "Standard" in Formats("en").datetime(winter, "Europe/Zurich")


@pytest.mark.parametrize(
    ("lang", "n", "expected"),
    [
        ("en", 1234567, "1,234,567"),
        ("fr", 12345, "12\u202f345"),
        ("es", 1234, "1234"),
        ("es", 12345, "12.345"),
        ("ar", 12345, "12,345"),
    ],
)
def test_numbers(lang: str, n: int, expected: str) -> None:
    assert Formats(lang).number(n) == expected
