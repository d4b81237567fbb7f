"""The purpose of the forum: a delegate writes in French, a moderator decides without JavaScript, a reader follows in Arabic."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.following import at_rest, following, on_top, open_case, said, set_live
from tests.support.browser import Visitors, Watched, send
from tests.support.server import Api, Server, demo_server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

THREAD = "/spaces/rt4-demo/questions/1"
CAPACITY = "Délégation A"
BONJOUR = "Notre délégation propose un **guichet unique**, ouvert à toutes et à tous.\n\nMerci de votre attention."


@pytest.fixture
def delegate(visitors: Visitors) -> Page:
    return visitors.signed_in("delegate-a", "fr")


@pytest.fixture
def moderator(visitors: Visitors) -> Page:
    return visitors.signed_in("moderator", "en", js=False)


def article(page: Page, text: str) -> Locator:
    """The comment whose own text has these words."""
    return page.locator("article.comment").filter(has_text=text)


def reply(page: Page, parent: str, text: str, lang: str = "fr") -> str:
    """Answer a comment through the form, in the capacity of the delegation; returns the new comment's id."""
    page.goto(f"/fr{THREAD}")
    page.locator(f"#c-{parent} a.reply").click()
    expect(page.locator(".answering")).to_be_visible()
    page.select_option("#write [name=lang]", lang)
    option = page.locator("#write [name=capacity] option", has_text=CAPACITY)
    page.select_option("#write [name=capacity]", option.get_attribute("value"))
    page.fill("#write [name=body]", text)
    send(page)
    held = page.locator("article[data-state=held]").filter(has_text=text.splitlines()[-1])
    expect(held).to_be_visible()
    found = held.get_attribute("data-id")
    assert found
    return found


def publish(page: Page, words: str) -> None:
    """Open the case whose text begins with `words` from the queue, read it, and publish it."""
    open_case(page, words)
    expect(page.locator(".case-comment").last).to_contain_text(words)
    page.check("[name=action][value=publish]")
    page.locator(".decision .buttons [type=submit]").click()
    expect(page.locator("#flashes")).not_to_be_empty()


def test_a_comment_travels_from_a_form_to_every_screen(
    visitors: Visitors, delegate: Page, moderator: Page, server: Server
) -> None:
    parent = server.api().ask("GET", "/spaces/rt4-demo/comments?question=1&limit=2")["items"][1]["id"]
    reader = visitors.page("ar")
    watched = Watched(reader)
    following(reader, f"/ar{THREAD}")

    comment = reply(delegate, parent, BONJOUR)
    expect(reader.locator(f"#c-{comment}")).to_have_count(0)

    below = reader.locator("#thread article").last
    below.scroll_into_view_if_needed()
    before = at_rest(reader, below)
    publish(moderator, "Notre délégation propose un guichet unique")
    button = reader.locator("button.new-comments")
    expect(button).to_be_visible()
    assert "1" in button.inner_text()
    assert on_top(below) == before, "the page moved under the reader"
    expect(reader.locator(f"#c-{comment}")).to_have_count(0)

    button.click()
    shown = reader.locator(f"#c-{comment}")
    expect(shown).to_be_visible()
    body = shown.locator(".comment-body")
    assert (body.get_attribute("lang"), body.get_attribute("dir")) == ("fr", "ltr")
    assert reader.locator("html").get_attribute("dir") == "rtl"
    expect(body.locator("strong")).to_have_text("guichet unique")
    expect(shown.locator(".comment-by")).to_be_focused()
    assert shown.get_attribute("data-parent") == parent
    # In its place: after all that answers the same comment, before the next of the upper level.
    live = [one.get_attribute("data-id") for one in reader.locator("#thread article").all()]
    reader.reload()
    assert live == [one.get_attribute("data-id") for one in reader.locator("#thread article").all()]
    assert not watched.faults()


def test_edit_publication_and_withdrawal_reach_the_reader(
    visitors: Visitors, delegate: Page, moderator: Page, server: Server
) -> None:
    parent = server.api().ask("GET", "/spaces/rt4-demo/comments?question=1&limit=1")["items"][0]["id"]
    comment = reply(delegate, parent, "La première version, telle que publiée.")
    reader = visitors.page("ar")
    following(reader, f"/ar{THREAD}")
    set_live(reader)
    publish(moderator, "La première version")
    shown = reader.locator(f"#c-{comment}")
    expect(shown).to_contain_text("telle que publiée")  # the switch is on: without a click

    delegate.goto(f"/fr/spaces/rt4-demo/comments/{comment}/edit")
    delegate.fill("#write [name=body]", "La deuxième version, bien meilleure.")
    send(delegate)
    expect(delegate.locator(f"#c-{comment} .pill-held")).to_be_visible()
    following(reader, f"/ar{THREAD}")
    expect(shown).to_contain_text("telle que publiée")

    publish(moderator, "La deuxième version")
    expect(shown).to_contain_text("La deuxième version, bien meilleure.")
    expect(shown.locator(".edited")).to_be_visible()

    delegate.goto(f"/fr/spaces/rt4-demo/comments/{comment}/withdraw")
    delegate.locator("main form [type=submit]").click()
    expect(delegate.locator("#flashes")).not_to_be_empty()
    expect(reader.locator(f"#c-{comment}.comment-stub")).to_be_visible()
    expect(shown).not_to_contain_text("version")


def test_a_returned_comment_comes_back_better(visitors: Visitors, delegate: Page, moderator: Page, server: Server) -> None:
    parent = server.api().ask("GET", "/spaces/rt4-demo/comments?question=1&limit=1")["items"][0]["id"]
    comment = reply(delegate, parent, "Nous avons rencontré une famille à un poste frontière.")
    open_case(moderator, "Nous avons rencontré")
    moderator.check("[name=action][value=return]")
    moderator.check("[name=reason][value=personal-data]")
    moderator.fill("[name=text]", "Merci de retirer le lieu.")
    moderator.select_option("[name=text_lang]", "fr")
    moderator.locator(".decision .buttons [type=submit]").click()
    expect(moderator.locator("#flashes")).not_to_be_empty()

    delegate.goto("/fr/contributions")
    mine = delegate.locator(f"#c-{comment}")
    expect(mine.locator(".pill-returned")).to_have_text(said("fr", "Returned to you for a change"))
    expect(mine.locator(".callout")).to_contain_text(reason_in_french())
    expect(mine.locator(".callout [lang=fr]")).to_have_text("Merci de retirer le lieu.")
    mine.locator("a.button").first.click()
    delegate.fill("#write [name=body]", "Nous avons rencontré une famille.")
    send(delegate)
    publish(moderator, "Nous avons rencontré une famille.")
    visitor = visitors.page("fr")
    visitor.goto(f"/fr{THREAD}")
    expect(visitor.locator(f"#c-{comment}")).to_contain_text("Nous avons rencontré une famille.")
    expect(visitor.locator(f"#c-{comment}")).not_to_contain_text("poste frontière")


def reason_in_french() -> str:
    return said("fr", "The text contains details by which a person could be recognized. Please leave them out and send it again.")


def test_of_two_decisions_the_second_learns_who_was_first(visitors: Visitors, moderator: Page, server: Server) -> None:
    comment = server.api("delegate-b@demo.example").comment(2, "Dos personas leen esto a la vez.", lang="es")["id"]
    other = visitors.signed_in("moderator2", "en")
    for page in (moderator, other):
        open_case(page, "Dos personas leen esto")
    other.check("[name=action][value=return]")
    other.check("[name=reason][value=unclear]")
    other.fill("[name=text]", "What I was typing all the time.")
    other.fill("[name=note]", "A note to my colleagues.")
    moderator.check("[name=action][value=publish]")
    moderator.locator(".decision .buttons [type=submit]").click()
    expect(moderator.locator("#flashes")).not_to_be_empty()

    with other.expect_response(lambda answer: answer.request.method == "POST") as answered:
        other.locator(".decision .buttons [type=submit]").click()
    assert answered.value.status == 409
    conflict = other.locator(".conflict")
    expect(conflict.locator("bdi")).to_have_text("Moderator (demo)")
    expect(conflict.locator("time")).to_be_visible()
    expect(conflict.locator("strong")).not_to_be_empty()
    for words in ("What I was typing all the time.", "A note to my colleagues."):
        kept = other.locator("main").inner_text() + "".join(one.input_value() for one in other.locator("textarea").all())
        assert words in kept
    assert server.api().ask("GET", f"/comments/{comment}")["state"] == "published"


def test_what_is_typed_survives_the_end_of_the_session(visitors: Visitors, server: Server) -> None:
    writer = visitors.signed_in("delegate-b", "es")
    writer.goto("/es/spaces/rt4-demo/questions/3")
    text = "Escribí esto mientras la sesión terminaba."
    writer.fill("#write [name=body]", text)
    writer.context.clear_cookies(name="forum")  # as when the session has run out
    send(writer)
    expect(writer.locator("textarea[name=kept_body]")).to_have_value(text)
    writer.locator("main form [type=submit]").click()
    writer.fill("input[name=email]", "delegate-b@demo.example")
    writer.fill("input[name=password]", server.password)
    writer.locator("main form [type=submit]").click()
    expect(writer.locator("#write [name=body]")).to_have_value(text)
    send(writer)
    expect(article(writer, text)).to_be_visible()


@pytest.fixture
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with demo_server(tmp_path_factory.mktemp("own")) as running:
        yield running


def publish_by_api(delegate: Api, moderator: Api, text: str) -> str:
    comment: str = delegate.comment(1, text, lang="fr")["id"]
    moderator.decide(comment)
    return comment


def test_a_follower_misses_nothing_when_the_server_restarts(chromium: Browser, own_server: Server) -> None:
    visitors = Visitors(chromium, own_server.url, own_server.password)
    delegate, moderator = own_server.api("delegate-a@demo.example"), own_server.api("moderator@demo.example")
    reader = visitors.page("ar")
    following(reader, f"/ar{THREAD}")
    set_live(reader)
    expected = [publish_by_api(delegate, moderator, "Avant l’arrêt.")]
    expect(reader.locator(f"#c-{expected[0]}")).to_be_visible()

    own_server.stop()
    expect(reader.locator("live-thread[data-state=live]")).to_have_count(0)
    own_server.start()
    # At once: the reader may still be waiting to try again.
    expected += [publish_by_api(delegate, moderator, f"Après l’arrêt, {number}.") for number in range(3)]
    for comment in expected:
        expect(reader.locator(f"#c-{comment}")).to_have_count(1, timeout=30_000)
    expected.append(publish_by_api(delegate, moderator, "De nouveau en direct."))
    expect(reader.locator(f"#c-{expected[-1]}")).to_have_count(1)
    shown = [one.get_attribute("data-id") for one in reader.locator("#thread article").all()]
    assert len(shown) == len(set(shown))
    assert [one for one in shown if one in expected] == expected
    visitors.close()
