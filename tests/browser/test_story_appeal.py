"""An author writes in Russian: returned, revised, sent again, rejected, appealed against in Russian, overturned, and there it is, live."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.following import following, open_case, set_live
from tests.support.browser import Visitors, Watched, send
from tests.support.server import SPACE, Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

THREAD = f"/spaces/{SPACE}/questions/3"
FIRST = "Мы предлагаем создать единую линию помощи для трудящихся-мигрантов."
REVISED = "Мы предлагаем создать единую линию помощи на шести языках; звонок бесплатный."
APPEAL = "В тексте прямо назван показатель из вопроса: доля бесплатных звонков."
COUNTED = {
    "received new": 1,
    "received resubmission": 1,
    "decided new return": 1,
    "decided resubmission reject": 1,
    "return unclear": 1,
    "reject off-question": 1,
    "appealed ": 1,
    "decided appeal overturn": 1,
    "appeal overturned": 1,
}


def decide(page: Page, action: str, reason: str = "", words: str = "") -> None:
    """Fill the form of the case at hand and send it."""
    page.check(f"[name=action][value={action}]")
    if reason:
        page.check(f"[name=reason][value={reason}]")
    if words:
        page.fill("#f-text", words)
    page.locator(".decision .buttons [type=submit]").click()
    expect(page.locator("#flashes")).not_to_be_empty()


def figures(server: Server) -> dict[str, int]:
    """What the figures have counted so far in the space, over all days."""
    found = server.rows(
        "SELECT d.name, d.detail, SUM(d.n) FROM desk_days d JOIN spaces s ON s.id = d.space_id WHERE s.slug = ? GROUP BY d.name, d.detail",
        SPACE,
    )
    return {f"{name} {detail}": int(n) for name, detail, n in found}


def write(page: Page, path: str, text: str) -> None:
    page.goto(path)
    page.fill("#write [name=body]", text)
    page.select_option("#write [name=lang]", "ru")
    send(page)


def test_an_author_wins_an_appeal_in_russian(visitors: Visitors, server: Server) -> None:
    author = visitors.signed_in("participant", "ru")
    first, second = visitors.signed_in("moderator"), visitors.signed_in("moderator2")
    watched = [Watched(page) for page in (author, first, second)]
    reader = visitors.page("ar")
    following(reader, f"/ar{THREAD}")
    set_live(reader)
    before = figures(server)

    write(author, f"/ru{THREAD}", FIRST)
    comment = author.locator("article[data-state=held]").filter(has_text=FIRST).get_attribute("data-id")
    assert comment
    own = f"/ru/contributions/{comment}"

    open_case(first, FIRST)
    decide(first, "return", "unclear", "Пожалуйста, назовите языки.")
    author.goto(own)
    main = author.locator("main")
    expect(main).to_contain_text("Пожалуйста, назовите языки.")
    expect(main).to_contain_text("Текст в нынешнем виде непонятен")  # the reason, in the author's language
    expect(author.locator("#appeal")).to_be_visible()
    author.locator(f"main a[href$='/comments/{comment}/edit']").first.click()
    author.fill("#write [name=body]", REVISED)
    send(author)

    open_case(first, REVISED)
    expect(first.locator("#comparison ins").first).to_be_visible()
    decide(first, "reject", "off-question")

    author.goto("/ru/notices")
    author.locator(f"main a[href='{own}']").first.click()
    expect(author.locator("dl.statement").last).to_be_visible()
    author.fill("#f-text", APPEAL)
    author.locator("#appeal [type=submit]").click()
    expect(author.locator("main")).to_contain_text(APPEAL)
    expect(author.locator("#appeal")).to_have_count(0)

    case = next(
        one
        for one in server.api("moderator2@demo.example").ask("GET", "/moderation/cases?kind=appeal&state=open")["items"]
        if one["comment"] == comment
    )
    first.goto(f"/en/moderation/cases/{case['id']}")
    expect(first.locator("#decision [name=action]")).to_have_count(0)  # whoever decided first does not judge the appeal
    second.goto(f"/fr/moderation/cases/{case['id']}")
    expect(second.locator("main")).to_contain_text(APPEAL)
    expect(reader.locator(f"#c-{comment}")).to_have_count(0)
    decide(second, "overturn", words="Le texte répond à la question.")

    shown = reader.locator(f"#c-{comment}")
    expect(shown).to_contain_text("на шести языках")
    assert shown.locator(".comment-body").get_attribute("lang") == "ru"
    author.reload()
    expect(main).to_contain_text("Le texte répond à la question.")

    now = figures(server)
    assert {name: now.get(name, 0) - before.get(name, 0) for name in COUNTED} == COUNTED
    for kind in ("decision.returned", "decision.rejected", "appeal.received", "appeal.overturned"):
        assert server.rows("SELECT COUNT(*) FROM notices WHERE comment_id = ? AND kind = ?", comment, kind) == [(1,)], kind
    assert [one for page in watched for one in page.faults()] == []
