"""axe-core finds nothing on any type of page: in English and Arabic, wide and narrow; nor does a page scroll sideways."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.support.browser import Visitors, send
from tests.support.server import SPACE, Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = Axe().axe_script
OPTIONS = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": TAGS}}
WIDTHS = (1280, 320)
LANGS = ("en", "ar")

ANYBODY = {
    "spaces": "/spaces",
    "space": "/spaces/{space}",
    "archived space": "/spaces/imrf-2022-rt4",
    "moderation in figures": "/spaces/{space}/moderation",
    "moderation without figures": "/spaces/imrf-2022-rt4/moderation",
    "thread": "/spaces/{space}/questions/1",
    "thread, asked for news": "/spaces/{space}/questions/1?since=1",
    "permalink": "/spaces/{space}/comments/{comment}",
    "search": "/search",
    "search with results": "/search?q=vulnerability",
    "search in Arabic": "/search?q=%D9%85%D9%87%D8%A7%D8%AC%D8%B1&space={space}",
    "search without results": "/search?q=nothing-of-the-kind",
    "sign-in": "/signin",
    "sign-up": "/signup",
    "suspended account": "/suspension",
    "objectives": "/objectives",
    "objective 7": "/objectives/7",
    "404": "/spaces/nowhere",
}
DELEGATE = {
    "reply": "/spaces/{space}/questions/2?reply={comment2}",
    "edit": "/spaces/{space}/comments/{mine}/edit",
    "withdraw": "/spaces/{space}/comments/{mine}/withdraw",
    "own comment": "/spaces/{space}/comments/{mine}",
    "account": "/account",
    "contributions": "/contributions",
    "what happened with it": "/contributions/{mine}",
    "measures about me": "/sanctions",
    "measure about me": "/sanctions/{sanction}",
    "notices": "/notices",
    "403": "/moderation",
}
MODERATOR = {
    "home": "/moderation/home",
    "queue": "/moderation",
    "queue, narrowed": "/moderation?kind=new&may=1",
    "queue without cases": "/moderation?kind=appeal&text_lang=zh",
    "case": "/moderation/cases/{case}",
    "case of an edit": "/moderation/cases/{edit}",
    "case of an appeal": "/moderation/cases/{appeal}",
    "case of a report": "/moderation/cases/{report}",
    "rules": "/moderation/spaces/{space}/rules",
    "rule of a reason": "/moderation/spaces/{space}/rules/reasons/hate",
    "screening": "/moderation/spaces/{space}/screening",
    "measures": "/moderation/sanctions",
    "measure": "/moderation/sanctions/{sanction}",
    "new measure": "/moderation/sanctions/new?person={person}&space={space}",
    "audit": "/moderation/audit",
    "audit of a comment": "/moderation/audit?comment={mine}&group=case",
    "audit without entries": "/moderation/audit?q=nothing-of-the-kind",
    "check of a record": "/moderation/audit/verify?space={space}",
}
SECRETARIAT = {
    "home of the desk": "/moderation/home",
    "secretariat": "/secretariat",
    "new space": "/secretariat/spaces/new",
    "settings": "/secretariat/spaces/{space}",
    "questions": "/secretariat/spaces/{space}/questions",
    "question": "/secretariat/spaces/imrf-2022-rt4/questions/4",
    "people of the space": "/secretariat/spaces/{space}/people",
    "steps": "/secretariat/spaces/{space}/steps",
    "step": "/secretariat/spaces/{space}/steps/close",
    "extension": "/secretariat/spaces/{space}/extend",
    "affiliations": "/secretariat/affiliations",
    "people": "/secretariat/people",
    "entities": "/secretariat/entities",
    "audit of the forum itself": "/moderation/audit?space=-",
}


@pytest.fixture(scope="module")
def known(server: Server) -> dict[str, str]:
    """What the paths name: a comment of the delegate, others, and cases."""
    mine = server.api("delegate-a@demo.example").comment(2, "Un texte pour cette page.", lang="fr")["id"]
    moderator = server.api("moderator@demo.example")
    moderator.decide(mine)
    cases = moderator.ask("GET", "/moderation/cases?state=open")["items"]
    kinds = {case["kind"]: case["id"] for case in reversed(cases)}
    person = server.api().ask("POST", "/tokens", json={"email": "delegate-a@demo.example", "password": server.password})[
        "person"
    ]["id"]
    measure = {
        "person": person,
        "space": SPACE,
        "kind": "warn",
        "days": 7,
        "reason": "accusation",
        "text": "Please name no person.",
    }
    first = [server.api().ask("GET", f"/spaces/{SPACE}/comments?question={n}&limit=2")["items"][1]["id"] for n in (1, 2)]
    return {
        "space": SPACE,
        "comment": first[0],
        "comment2": first[1],
        "mine": mine,
        "person": person,
        "sanction": moderator.ask("POST", "/moderation/sanctions", json=measure)["id"],
        "case": cases[0]["id"],
        "appeal": kinds["appeal"],
        "report": kinds["report"],
        "edit": kinds["edit"],
    }


@pytest.fixture(scope="module")
def people(chromium: Browser, server: Server) -> Iterator[Visitors]:
    """One context a role for all pages of this module."""
    visitors = Visitors(chromium, server.url, server.password)
    yield visitors
    visitors.close()


def found(page: Page, widths: Sequence[int]) -> list[str]:
    """Return what axe finds on the page at each width, and whether it scrolls sideways; a line each."""
    wrong = []
    page.evaluate(AXE)
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            wrong.append(f"{width}: scrolls to {wide}: {page.evaluate(WIDE, width)}")
        results: dict[str, Any] = page.evaluate("(options) => axe.run(options)", OPTIONS)
        for one in results["violations"]:
            nodes = "; ".join(f"{node['target']} {node['html'][:120]}" for node in one["nodes"][:3])
            wrong.append(f"{width}: {one['id']}: {one['help']}: {nodes}")
    return wrong


# The innermost elements that stick out.
WIDE = """(width) => [...document.querySelectorAll("main *")]
  .filter((one) => { const box = one.getBoundingClientRect(); return box.right > width + 1 || box.left < -1; })
  .slice(-3).map((one) => one.outerHTML.slice(0, 120)).join(" | ")"""


def visit(
    page: Page,
    pages: dict[str, str],
    known: dict[str, str],
    then: Callable[[Page], None] = lambda _: None,
    widths: Sequence[int] = WIDTHS,
) -> None:
    """Look at pages in both languages; all findings in one failure."""
    wrong: list[str] = []
    for name, path in pages.items():
        for lang in LANGS:
            answer = page.goto(f"/{lang}{path.format(**known)}")
            assert answer is not None
            assert answer.status == (int(name) if name.isdigit() else 200), f"{name}: {answer.status}"
            then(page)
            wrong += [f"{name} ({lang}) {line}" for line in found(page, widths)]
    assert not wrong, "\n" + "\n".join(wrong)


def test_pages_for_anybody(people: Visitors, known: dict[str, str]) -> None:
    visit(people.page(), ANYBODY, known)


def test_pages_for_a_delegate(people: Visitors, known: dict[str, str]) -> None:
    visit(people.signed_in("delegate-a"), DELEGATE, known)


def test_pages_for_a_moderator(people: Visitors, known: dict[str, str]) -> None:
    visit(people.signed_in("moderator"), MODERATOR, known)


def test_pages_for_the_secretariat(people: Visitors, known: dict[str, str]) -> None:
    visit(people.signed_in("secretariat"), SECRETARIAT, known)


def test_forms_with_errors_and_a_preview(people: Visitors, known: dict[str, str]) -> None:
    visit(people.page(), {"sign-in": "/signin", "sign-up": "/signup"}, known, lambda page: page.click("main form [type=submit]"))
    delegate = people.signed_in("delegate-b")
    visit(delegate, {"nothing written": "/spaces/{space}/questions/3"}, known, send)

    def preview(page: Page) -> None:
        page.fill("#write [name=body]", "> Une citation\n\n- une liste\n- et un [lien](https://www.un.org/)")
        send(page, "preview")
        page.locator(".preview h3").wait_for()

    visit(delegate, {"preview": "/spaces/{space}/questions/3"}, known, preview)


def test_pages_without_scripts(people: Visitors, known: dict[str, str]) -> None:
    # axe is a script itself: they stay allowed, but the forum's own do not come.
    page = people.page()
    page.route("**/*.js", lambda route: route.abort())
    visit(page, {name: ANYBODY[name] for name in ("space", "thread", "search with results", "sign-in")}, known, widths=(320,))


def test_in_the_dark(people: Visitors, known: dict[str, str]) -> None:
    page = people.page(color_scheme="dark")
    visit(
        page, {name: ANYBODY[name] for name in ("spaces", "thread", "search with results", "objective 7")}, known, widths=(1280,)
    )


def test_axe_would_find_something(people: Visitors) -> None:
    page = people.page()
    page.goto("/en/spaces")
    page.evaluate("document.querySelector('main').append(document.createElement('input'), document.createElement('img'))")
    assert {line.split(": ")[1] for line in found(page, WIDTHS)} >= {"image-alt", "label"}
