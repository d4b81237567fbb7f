"""The audit page: who may look, what each filter lets through, and that no space tells of another."""

import re
from html import unescape

import pytest

from forum.discussions.models import Comment
from forum.kernel.locales import LANGS
from forum.people.models import SpaceRole
from forum.web.catalogue import translate
from moderation.models import Action
from moderation.reasons import REASONS
from tests.moderation import scene as scenes
from tests.moderation.audit.conftest import Worked
from tests.moderation.desk import Browser, browser, desk_app, ids_of, main_of
from tests.moderation.scene import case_of, settle
from tests.support.world import person, post

PAGE = "/en/moderation/audit"
_KIND = re.compile(r'<h2 class="audit-kind">(.*?)</h2>')


def kinds(html: str) -> list[str]:
    """The kinds of the entries on a page, in words, newest first."""
    return [unescape(re.sub("<[^>]+>", "", found)) for found in _KIND.findall(html)]


async def seen(reader: Browser, query: str = "") -> list[str]:
    answer = await reader.get(PAGE + query)
    assert answer.status_code == 200, answer.text
    return kinds(answer.text)


@pytest.mark.parametrize(
    ("who", "page", "file", "check", "api"),
    [
        ("", 303, 401, 303, 401),
        ("asma", 403, 403, 403, 403),
        ("omar", 200, 200, 404, 200),
        ("mona", 200, 200, 200, 200),
        ("malik", 200, 200, 200, 200),
        ("clara", 200, 200, 200, 200),
    ],
)
async def test_who_may(worked: Worked, who: str, page: int, file: int, check: int, api: int) -> None:
    """Nobody is asked to sign in, who only takes part is refused, a moderator of another space finds no record of this one."""
    actor = worked.clara if who == "clara" else getattr(worked.scene, who) if who else None
    reader = await browser(desk_app(), actor)
    assert (await reader.get(PAGE)).status_code == page
    assert (await reader.get(f"{PAGE}/verify")).status_code == page
    assert (await reader.get(f"{PAGE}/verify?space=hall")).status_code == check
    for ending in ("csv", "json"):
        path = f"{PAGE}.{ending}"
        sent = await (reader.send(PAGE, path) if page == 200 else reader.http.post(path))
        assert sent.status_code == file
        assert (await reader.get(path)).status_code == 405
    for address in ("/api/v1/moderation/audit", "/api/v1/moderation/audit.csv"):
        assert (await reader.get(address)).status_code == api


async def test_a_moderator_reads_the_own_space_newest_first(worked: Worked) -> None:
    mona = await browser(desk_app(), worked.scene.mona)
    assert await seen(mona) == ["Case decided", "Comment returned to its author", "Case opened", "Comment received"]
    html = main_of((await mona.get(PAGE)).text)
    assert "does not answer the question" in html
    assert "Return for revision" in html
    assert html.count("Mots à l’auteur.") == html.count("INSIDE") == 1
    case = await case_of(worked.here)
    assert f'href="/en/moderation/cases/{case.id}"' in html
    assert "Off-question" not in html
    assert len(set(ids_of(html))) == len(ids_of(html))


async def test_no_space_tells_of_another(worked: Worked) -> None:
    """Whatever a moderator asks: no id, name, text or number of the other space, and nothing of the forum's own log."""
    omar = await browser(desk_app(), worked.scene.omar)
    hall = worked.scene.hall
    mona_id, case = str(worked.scene.mona.person_id), await case_of(worked.here)
    queries = ["", "?space=hall", "?space=-", f"?comment={worked.here}", f"?case={case.id}", f"?actor={mona_id}", "?actor=Mona"]
    queries += [f"?q={worked.here}", "?q=off-question", "?group=role", "?group=person", "?capacity=moderator"]
    theirs = [worked.here, hall.id, case.id, mona_id, "Space hall", "INSIDE", "Mots", "role."]
    api = omar.http
    for query in queries:
        for address in (PAGE, "/api/v1/moderation/audit", "/api/v1/moderation/audit.csv"):
            text = (await api.get(address + query)).text
            text = main_of(text) if "<main" in text else text
            # What was typed stands in the form again.
            shown = re.sub(r'(value|href)="[^"]*"', "", text)
            assert not [one for one in theirs if one in shown], (address, query)
    assert await seen(omar) == ["Space closed", "Case opened", "Comment received"]
    for file in ("csv", "json"):
        text = (await omar.send(PAGE, f"{PAGE}.{file}")).text
        assert worked.there in text
        assert not [one for one in theirs if one in text]


async def test_who_lost_the_role_sees_nothing(worked: Worked) -> None:
    app = desk_app()
    mona = await browser(app, worked.scene.mona)
    assert await seen(mona)
    await SpaceRole.filter(person_id=worked.scene.mona.person_id).delete()
    assert (await mona.get(PAGE)).status_code == 403
    assert (await mona.get("/api/v1/moderation/audit")).status_code == 403


async def test_the_secretariat_reads_every_log_but_no_letter(worked: Worked) -> None:
    """What moderators wrote with a decision is for the moderators of the space."""
    clara = await browser(desk_app(), worked.clara)
    found = await seen(clara)
    assert found[:2] == ["Space closed", "Role given"]
    assert "Case decided" in found
    html = (await clara.get(PAGE)).text
    assert "INSIDE" not in html
    assert "Mots" not in html
    assert "/moderation/cases/" not in html
    assert await seen(clara, "?space=-") == ["Role given"]
    role = main_of((await clara.get(f"{PAGE}?space=-")).text)
    assert "Asma" in role
    assert "Space annex" in role
    assert "Member" in role


async def test_before_and_after(worked: Worked) -> None:
    html = main_of((await (await browser(desk_app(), worked.scene.omar)).get(f"{PAGE}?group=space")).text)
    assert "<s>Open</s>" in html
    assert "<bdi>Closed</bdi>" in html


async def test_filters(worked: Worked) -> None:
    scene = worked.scene
    published = await scenes.published(scene)
    symbol = (await Comment.get(id=published)).symbol
    mona, clara = await browser(desk_app(), scene.mona), await browser(desk_app(), worked.clara)
    case = await case_of(worked.here)
    rows = [
        (mona, f"?comment={worked.here}", 4),
        (mona, f"?comment={symbol}", 4),
        (mona, f"?comment={symbol.lower()}", 4),
        (mona, f"?q={symbol}", 4),
        (mona, f"?case={case.id}", 2),
        (mona, f"?case={case.id}&comment={worked.here}", 2),
        (mona, f"?case={case.id}&comment={published}", 0),
        (mona, "?actor=mon", 4),
        (mona, f"?actor={scene.mona.person_id}", 4),
        (mona, "?actor=Nobody", 0),
        (mona, "?actor=Clara", 0),
        (mona, "?capacity=system", 2),
        (mona, "?group=case&capacity=moderator", 2),
        (mona, "?group=space", 0),
        (mona, "?q=OFF-question", 1),
        (mona, "?q=decided", 2),
        (mona, "?q=%25", 0),
        (mona, "?since=2020-01-01&until=9999-12-30", 8),
        (mona, "?since=2020-01-01&until=9999-12-31", 8),
        (mona, "?until=2020-01-01", 0),
        (mona, "?space=hall", 8),
        (mona, "?space=nowhere", 0),
        (clara, "?space=hall", 8),
        (clara, f"?comment={worked.there}", 2),
        (clara, "?capacity=secretariat", 2),
        (clara, "?actor=Clara&group=role", 1),
    ]
    assert [(query, len(await seen(reader, query))) for reader, query, _ in rows] == [(query, n) for _, query, n in rows]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?since=yesterday", "f-since"),
        ("?until=2026-02-30", "f-until"),
        ("?case=lost", "f-case"),
        ("?group=lost", "f-group"),
        ("?capacity=lost", "f-capacity"),
        ("?after=lost", ""),
        ("?after=-1778112000000000-1-forum", ""),
        ("?after=1778112000000000-9999999999-forum", ""),
    ],
)
async def test_what_is_wrong_is_named_and_kept(mona: Browser, query: str, field: str) -> None:
    for lang in LANGS:
        answer = await mona.get(f"/{lang}/moderation/audit{query}")
        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text if field else "error-summary" in answer.text
    assert (await mona.get("/api/v1/moderation/audit" + query)).status_code == 422
    assert not field or f'value="{query.partition("=")[2]}"' in answer.text or field in ("f-group", "f-capacity")


async def test_a_name_that_fits_too_many_is_refused(mona: Browser) -> None:
    for number in range(51):
        await person(f"Twin {number}")
    answer = await mona.get(f"{PAGE}?actor=twin")
    assert answer.status_code == 422
    assert "More than 50 people" in answer.text


async def test_hostile_input_is_only_text(mona: Browser) -> None:
    """Zero bytes, other scripts, quotes and overlong values find nothing and break nothing."""
    for value in ("%00", "%F0%9F%98%80", "%27%22--", "x" * 5000, "%ED%A0%80", "\\", "%25%25"):
        for name in ("q", "actor", "comment", "space"):
            assert (await mona.get(f"{PAGE}?{name}={value}")).status_code == 200, (name, value)


async def test_pages_stay_while_others_work(worked: Worked) -> None:
    scene = worked.scene
    for number in range(30):
        await post(scene.asma, scene.hall, f"Text {number}")
    mona = await browser(desk_app(), scene.mona)
    first = (await mona.get(PAGE)).text
    assert len(kinds(first)) == 50
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older
    address = unescape(older[1])
    before = main_of((await mona.get(address)).text)
    assert len(kinds(before)) == 14
    await post(scene.asma, scene.hall, "One more.")
    again = main_of((await mona.get(address)).text)
    raw = re.compile(r"<pre.*?</pre>", re.S)
    assert raw.findall(again) == raw.findall(before)
    assert 'rel="next"' not in again
    # The position tells a time and a number of the own log, and nothing else.
    assert re.search(rf"after=[0-9T]+-[0-9]+-{scene.hall.id}$", address)


async def test_of_decisions_alike_each_has_its_own_letter(worked: Worked) -> None:
    """A case that was decided twice in the same way shows with each entry what was written then."""
    scene = worked.scene
    comment_id = await scenes.edited(scene)
    await settle(scene.mona, comment_id, Action.REJECT, "hate", text="First words.")
    await scenes.edit(scene, comment_id, "Another text.")
    await settle(scene.mona, comment_id, Action.REJECT, "hate", text="Second words.")
    html = (await (await browser(desk_app(), scene.mona)).get(f"{PAGE}?comment={comment_id}&q=hate")).text
    assert html.count("First words.") == html.count("Second words.") == 1
    assert html.index("Second words.") < html.index("First words.")


async def test_in_every_language(worked: Worked) -> None:
    clara = await browser(desk_app(), worked.clara)
    pages = {lang: (await clara.get(f"/{lang}/moderation/audit")).text for lang in LANGS}
    assert len({tuple(kinds(text)) for text in pages.values()}) == len(LANGS)
    assert 'dir="rtl"' in pages["ar"]


async def test_a_reason_is_found_by_the_name_that_the_page_shows(worked: Worked) -> None:
    scene = worked.scene
    await settle(scene.mona, await scenes.held(scene), Action.RETURN, "off-question")
    await settle(scene.mona, await scenes.held(scene), Action.REJECT, "hate")
    mona = await browser(desk_app(), scene.mona)
    name = {one.code: str(one.name) for one in REASONS}
    for code, other in (("off-question", "hate"), ("hate", "off-question")):
        html = main_of((await mona.get(f"{PAGE}?group=case&q={name[code][:12].upper()}")).text)
        assert name[code] in html
        assert name[other] not in html
    french = translate("fr", name["hate"])
    assert french in (await mona.get(f"/fr/moderation/audit?group=case&q={french}")).text
