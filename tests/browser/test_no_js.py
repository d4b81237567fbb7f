"""Everything without JavaScript, in Spanish: read, sign up, sign in, preview, post, reply, edit, moderate, follow, sign out."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Visitors, send, sign_in
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

THREAD = "/es/spaces/rt4-demo/questions/2"
PASSWORD = "una frase bastante larga"


def sign_up(page: Page) -> None:
    page.goto("/es/signup")
    page.fill("[name=name]", "Lucía Ejemplo")
    page.fill("[name=email]", "lucia@demo.example")
    page.fill("[name=password]", "corta")
    page.locator("main form [type=submit]").click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_visible()
    assert summary.locator("a").get_attribute("href") == "#f-password"
    expect(page.locator("[name=name]")).to_have_value("Lucía Ejemplo")
    page.fill("[name=password]", PASSWORD)
    page.locator("main form [type=submit]").click()
    expect(page.locator(".flash-success")).to_be_visible()
    sign_in(page, "lucia@demo.example", PASSWORD)
    expect(page.locator(".menu")).to_contain_text("Lucía Ejemplo")


def test_a_newcomer_takes_part_without_scripts(visitors: Visitors, server: Server) -> None:
    page = visitors.page("es", js=False, width=360)
    page.goto("/")
    assert page.url.endswith("/es/spaces")
    page.locator("main a[href$='/spaces/rt4-demo']").first.click()
    page.locator("main a[href$='/questions/2']").first.click()
    expect(page.locator("#thread article").first).to_be_visible()
    expect(page.locator("#write a[href*='/es/signin']")).to_be_visible()
    sign_up(page)

    page.goto(THREAD)
    page.fill("#write [name=body]", "Propongo *tres* medidas.\n\n- una\n- dos\n- tres")
    page.select_option("#write [name=lang]", "es")
    send(page, "preview")
    expect(page.locator(".preview em")).to_have_text("tres")
    expect(page.locator(".preview li")).to_have_count(3)
    send(page)
    mine = page.locator("article[data-state=held]")
    expect(mine.locator("em")).to_have_text("tres")
    comment = mine.get_attribute("data-id")

    moderator = visitors.signed_in("moderator", "es", js=False)
    reader = visitors.page("es", js=False)
    reader.goto(THREAD)
    expect(reader.locator(f"#c-{comment}")).to_have_count(0)
    moderate(moderator, "Propongo tres medidas.")
    # The plain link leads back to here, and says what came since.
    reader.locator(".check-new").click()
    expect(reader.locator(f".callout a[href='#c-{comment}']")).to_be_visible()
    expect(reader.locator(f"#c-{comment} em")).to_have_text("tres")

    page.goto(THREAD)
    page.locator("#thread article").first.locator("a.reply").click()
    expect(page.locator(".answering")).to_be_visible()
    page.fill("#write [name=body]", "Estoy de acuerdo con esto.")
    send(page)
    expect(page.locator("article[data-state=held]")).to_contain_text("Estoy de acuerdo")

    page.goto(f"/es/spaces/rt4-demo/comments/{comment}/edit")
    page.fill("#write [name=body]", "Propongo *cuatro* medidas.")
    send(page)
    expect(page.locator(".flash-success")).to_be_visible()
    expect(page.locator(f"#c-{comment} em")).to_have_text("tres")

    page.goto("/es/contributions")
    expect(page.locator("main .rows > li")).to_have_count(2)
    page.locator(".menu summary").click()
    page.locator(".menu [type=submit]").click()
    expect(page.locator(".account a").first).to_be_visible()
    page.goto("/es/contributions")
    assert "/es/signin" in page.url


def moderate(page: Page, words: str) -> None:
    page.goto("/es/moderation")
    page.locator(".queue li").filter(has_text=words).locator("a").first.click()
    page.locator("form[action$='/claim'] [type=submit]").click()
    expect(page.locator("form[action$='/release']")).to_be_visible()
    page.check("[name=action][value=return]")
    page.locator(".decision .buttons [type=submit]").click()
    expect(page.locator(".error-summary a").first).to_have_attribute("href", "#f-reason")
    page.check("[name=action][value=publish]")
    page.locator(".decision .buttons [type=submit]").click()
    expect(page.locator("#flashes .flash-success")).to_be_visible()


def test_a_text_that_is_too_long_comes_back_whole(visitors: Visitors, server: Server) -> None:
    page = visitors.signed_in("participant", "es", js=False)
    page.goto(THREAD)
    text = "palabra " * 1500
    page.fill("#write [name=body]", text)
    page.select_option("#write [name=lang]", "es")
    with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        send(page)
    assert answered.value.status == 422
    expect(page.locator(".error-summary a")).to_have_attribute("href", "#f-body")
    assert page.input_value("#write [name=body]").strip() == text.strip()
    assert page.input_value("#write [name=lang]") == "es"
