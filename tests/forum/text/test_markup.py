"""The subset of Markdown, one sentence a row."""

import pytest

from forum.text.markup import MAX_SOURCE, RENDERER_VERSION, length, normalize, render, sanitize

REL = ' rel="noopener nofollow ugc"'


def link(href: str, text: str) -> str:
    return f'<a href="{href}"{REL}>{text}</a>'


ROWS = [
    ("a paragraph", "Hello", "<p>Hello</p>"),
    ("a single line end is a line break", "a\nb", "<p>a<br>\nb</p>"),
    ("emphasis and strong emphasis", "*a* __b__", "<p><em>a</em> <strong>b</strong></p>"),
    ("a backslash keeps a sign", r"\*a\*", "<p>*a*</p>"),
    ("bullets", "- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
    ("numbers keep their start", "3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
    ("quotations", "> a", "<blockquote>\n<p>a</p>\n</blockquote>"),
    ("a separator stays text", "* * *", "<p>* * *</p>"),
    ("headings stay text", "# a", "<p># a</p>"),
    ("underlined headings stay text", "a\n===", "<p>a<br>\n===</p>"),
    ("code stays text", "`a`", "<p>`a`</p>"),
    ("fences stay text", "```\na\n```", "<p>```<br>\na<br>\n```</p>"),
    ("indented text is no code", "    a", "<p>a</p>"),
    ("HTML stays text", "<b>a</b>", "<p>&lt;b&gt;a&lt;/b&gt;</p>"),
    ("entities stay as typed", "&lt; &amp;lt;", "<p>&amp;lt; &amp;amp;lt;</p>"),
    ("reference definitions stay visible", "[a]: https://un.org/", f"<p>[a]: {link('https://un.org/', 'https://un.org/')}</p>"),
    ("a link", "[a](https://un.org/)", f"<p>{link('https://un.org/', 'a')}</p>"),
    ("a title is dropped", '[a](https://un.org/ "t")', f"<p>{link('https://un.org/', 'a')}</p>"),
    ("a mail link", "<a@un.org>", f"<p>{link('mailto:a@un.org', 'a@un.org')}</p>"),
    ("a mail address in the text is no link", "a@un.org", "<p>a@un.org</p>"),
    ("a host in the text is no link", "un.org", "<p>un.org</p>"),
    ("an image is a link with a mark", "![a](https://un.org/)", f"<p>!{link('https://un.org/', 'a')}</p>"),
    ("a bad address is no link", "[a](javascript:123)", "<p>[a](javascript:123)</p>"),
    ("no address is no link", "[a]()", "<p>a</p>"),
    ("text of the same host", "[www.un.org/x](https://un.org/)", f"<p>{link('https://un.org/', 'www.un.org/x')}</p>"),
    (
        "text of another host",
        "[un.org](https://evil.example/)",
        f"<p>{link('https://evil.example/', 'un.org (evil.example)')}</p>",
    ),
    ("text with credentials", "[https://un.org@b.c](https://b.c/)", f"<p>{link('https://b.c/', 'https://un.org@b.c (b.c)')}</p>"),
    ("emphasized parts of another host", "[un.*org*](https://b.c/)", f"<p>{link('https://b.c/', 'un.<em>org</em> (b.c)')}</p>"),
    ("a look-alike dot", "[un。org](https://b.c/)", f"<p>{link('https://b.c/', 'un。org (b.c)')}</p>"),
    (
        "a symbol is no host",
        "[A/RES/73/195 para. 4.2](https://un.org/)",
        f"<p>{link('https://un.org/', 'A/RES/73/195 para. 4.2')}</p>",
    ),
    (
        "a host of other letters shows its punycode",
        "[ж](http://пример.рф/)",
        f"<p>{link('http://xn--e1afmkfd.xn--p1ai/', 'ж')}</p>",
    ),
    (
        "bare address",
        "https://un.org/a?b=1&c=2.",
        f"<p>{link('https://un.org/a?b=1&amp;c=2', 'https://un.org/a?b=1&amp;c=2')}.</p>",
    ),
    ("bare address in brackets", "(https://un.org/a_(b))", f"<p>({link('https://un.org/a_(b)', 'https://un.org/a_(b)')})</p>"),
    ("bare address in Chinese", "见https://un.org然后", f"<p>见{link('https://un.org', 'https://un.org')}然后</p>"),
    ("bare address in Arabic", "https://un.org/a، ب", f"<p>{link('https://un.org/a', 'https://un.org/a')}، ب</p>"),
    ("bare address with other letters", "https://un.org/ж", f"<p>{link('https://un.org/%D0%B6', 'https://un.org/ж')}</p>"),
    ("bare address on a host of other letters", "https://www.exämple.org", "<p>https://www.exämple.org</p>"),
    ("bare address with credentials", "https://un.org:x@b.c/", "<p>https://un.org:x@b.c/</p>"),
    ("bare name without a dot", "https://intranet/", "<p>https://intranet/</p>"),
    ("invisible controls go", "a\x00\u202eb\ud800", "<p>ab</p>"),
    ("nothing", " \n\n ", ""),
]


@pytest.mark.parametrize(("sentence", "source", "html"), ROWS, ids=[row[0] for row in ROWS])
def test_subset(sentence: str, source: str, html: str) -> None:
    assert render(source).html.replace(' data-p="1"', "") == html


def test_a_rendered_text_has_all_its_forms() -> None:
    result = render("Cafe\u0301 *x*\r\n\r\n- a\r\n- b\r\n\r\n> q", anchor="01JX-a_b")
    assert result.source == "Café *x*\n\n- a\n- b\n\n> q"
    assert result.html.startswith('<p data-p="1" id="p-01JX-a_b-1">Café <em>x</em></p>\n<ul data-p="2" id="p-01JX-a_b-2">')
    assert result.paragraphs == 3
    assert result.version == RENDERER_VERSION
    assert result.text == "Café x\na\nb\nq"


@pytest.mark.parametrize("source", ["", " ", "\u200b\u200d", "\u3164", "> ", "\u202e", "\x00"])
def test_a_text_that_shows_nothing_has_no_plain_text(source: str) -> None:
    assert render(source).text == ""


@pytest.mark.parametrize(
    ("source", "count"), [("", 0), ("a\r\nb\rc\n", 6), ("é", 1), ("e\u0301", 2), ("😀", 1), ("中文", 2), ("\x00", 1)]
)
def test_length_counts_code_points_and_each_line_end_once(source: str, count: int) -> None:
    assert length(source) == count


def test_the_longest_text_renders_and_one_more_is_refused() -> None:
    assert render("a\r\n" * (MAX_SOURCE // 2)).paragraphs == 1
    with pytest.raises(ValueError, match="too long"):
        render("a" * (MAX_SOURCE + 1))


def test_a_stored_text_can_always_be_rendered_again() -> None:
    grows = "\U0001d160" * MAX_SOURCE
    assert render(render(grows).source).source == grows
    assert normalize("\u212b\u0958") == "\u00c5\u0915\u093c"


@pytest.mark.parametrize("anchor", ["", "a b", 'a"', "a" * 65, "é"])
def test_an_anchor_that_is_no_id_is_a_mistake_of_the_caller(anchor: str) -> None:
    with pytest.raises(ValueError, match="anchor"):
        render("a", anchor=anchor)


def test_numbers_and_ids_in_html_are_replaced_by_our_own() -> None:
    forged = '<p data-p="9" id="p-b-9">x</p><ul id="main"><li data-p="2" id="x">y</li></ul>'
    assert sanitize(forged, anchor="a") == '<p data-p="1" id="p-a-1">x</p><ul data-p="2" id="p-a-2"><li>y</li></ul>'
    assert sanitize(forged) == '<p data-p="1">x</p><ul data-p="2"><li>y</li></ul>'


def test_typing_our_attributes_makes_text() -> None:
    result = render('<p data-p="7" id="p-a-7">x</p> data-p="8"', anchor="a")
    assert result.paragraphs == 1
    assert result.html == '<p data-p="1" id="p-a-1">&lt;p data-p="7" id="p-a-7"&gt;x&lt;/p&gt; data-p="8"</p>'
