"""Nothing that is hidden shows anywhere: every address, every cursor, every frame is asked as everybody who may not know.

`tests/contracts/test_leaks.py` asks the API in this process; here it is the real server with pages, cache, cookies and websockets.
"""

import re
from collections.abc import Iterator

import httpx2
import pytest

from tests.house.test_routes import LOOPBACK, ROUTES, is_page
from tests.stories.hidden import ARCHIVE, HIDDEN, NEVER_PUBLIC, ONCE_PUBLIC, READERS, UNKNOWN, Secrets, canary, secrets
from tests.stories.people import Follower, socket_url
from tests.support.server import SPACE

pytestmark = pytest.mark.server
LANGS = ("en", "ar")
_MASKED = re.compile(r'(name="(?:csrf_token|form_token)" value=")[^"]*')
_EACH_TIME = {"x-request-id", "date", "etag", "set-cookie"}


@pytest.fixture(autouse=True)
def on_each_database() -> None:
    """On the stack that is chosen (`tests.support.stacks`), once."""


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secrets]:
    with secrets(tmp_path_factory.mktemp("leaks")) as made:
        yield made


def gettable(lang: str) -> list[str]:
    """Every address that can be got, its parameters left open; more than the table where the query matters."""
    found = [
        f"/{lang}{path}" if is_page(path) else path
        for (method, path), who in ROUTES.items()
        if method == "GET" and who != LOOPBACK
    ]
    thread, comments = f"/{lang}/spaces/{{slug}}/questions/{{n}}", "/api/v1/spaces/{slug}/comments"
    found += [f"{thread}?{query}" for query in ("since=0", "after={id}", "reply={id}", "after={id}&since=0&reply={id}")]
    found += [f"{comments}?{query}&lang={lang}" for query in ("limit=200", "question=1", "after={id}", "question=1&after={id}")]
    found += [f"/api/v1/spaces/{{slug}}/updates?{query}&lang={lang}" for query in ("since=0", "since=30")]
    found += [f"/api/v1/moderation/cases?{query}" for query in ("comment={id}", "after={id}", "state=", "space={slug}")]
    found += [f"/{lang}/moderation?space={{slug}}", f"/{lang}/moderation?state=decided", f"/{lang}/signin?next=/{lang}/spaces"]
    for word in ("canary", "the", "RT4"):
        searches = (f"/{lang}/search?q={word}", f"/api/v1/search?q={word}&limit=50&lang={lang}")
        found += [search + more for search in searches for more in ("", "&space={slug}", "&after={id}")]
    return [*found, "/sitemap.xml", f"/{lang}/feed", f"/{lang}/spaces/{{slug}}/feed.atom", f"/{lang}/search?q={canary('held')}"]


def filled(address: str, slug: str, found: str = "") -> str:
    simple = address.replace("{slug}", slug).replace("{n:int}", "1").replace("{n}", "1").replace("{step}", "close")
    return simple.replace("{id}", found)


OPEN = sorted({one for lang in ("en", "fr", "ar") for one in gettable(lang) if "{id}" not in one})
BY_ID = sorted({one for lang in LANGS for one in gettable(lang) if "{id}" in one})


def both(story: Secrets, role: str) -> tuple[httpx2.Client, ...]:
    """The clients of a role, one with the cookie and one with the token."""
    browser, api = story.actors[role]
    return browser.http, api.http


def asked(client: httpx2.Client, addresses: list[str]) -> list[str]:
    """What is worth asking: pages answer a token as they answer a cookie, so one language of them is enough."""
    program = "authorization" in client.headers
    return [one for one in addresses if not program or one.startswith(("/api/", "/en/"))]


def forbidden(story: Secrets) -> list[str]:
    """All that no reader may be told: words, and the identifiers of comments and cases."""
    words = [canary(name) for name in (*NEVER_PUBLIC, *ONCE_PUBLIC)]
    return [*words, *(story.ids[name] for name in HIDDEN), *story.cases.values()]


def told(answer: httpx2.Response, words: list[str]) -> list[str]:
    """Which of the words an answer tells, in its body or a header, but for those that the question itself had."""
    said = answer.text + "\n".join(f"{name}: {value}" for name, value in answer.headers.multi_items())
    return [word for word in words if word in said and word not in str(answer.request.url)]


@pytest.mark.parametrize("role", READERS)
def test_no_answer_tells_of_what_is_hidden(story: Secrets, role: str) -> None:
    words = forbidden(story)
    for client in both(story, role):
        for slug in (SPACE, ARCHIVE):
            for address in asked(client, [one for one in OPEN if slug == SPACE or "{slug}" in one]):
                answer = client.get(filled(address, slug))
                assert answer.status_code < 500, answer.url
                assert not told(answer, words), answer.url
        for address in asked(client, BY_ID):
            for name in (*HIDDEN, *ONCE_PUBLIC, "edited"):
                ids = story.cases if "/cases/" in address else story.ids
                answer = client.get(filled(address, SPACE, ids[name]))
                assert answer.status_code < 500, answer.url
                assert not told(answer, words), answer.url


def same(answer: httpx2.Response, found: str) -> tuple[int, str, list[tuple[str, str]]]:
    """What is to be equal of two answers: all but what is new each time, and the identifier that was asked for."""
    text = _MASKED.sub(r"\1", answer.text).replace(found, UNKNOWN)
    headers = [(name, value.replace(found, UNKNOWN)) for name, value in answer.headers.multi_items() if name not in _EACH_TIME]
    return answer.status_code, text, headers


@pytest.mark.parametrize("role", READERS)
def test_hidden_and_unknown_answer_byte_for_byte_alike(story: Secrets, role: str) -> None:
    for client in both(story, role):
        for address in asked(client, BY_ID):
            unknown = same(client.get(filled(address, SPACE, UNKNOWN)), UNKNOWN)
            for name in HIDDEN:
                found = (story.cases if "/cases/" in address else story.ids)[name]
                assert same(client.get(filled(address, SPACE, found)), found) == unknown, (address, name)
            held = filled(address, SPACE, (story.cases if "/cases/" in address else story.ids)["held"])
            assert client.head(held).status_code == unknown[0], address


def test_a_comment_is_not_found_below_another_space(story: Secrets) -> None:
    """The object that is loaded is checked, not only the one named before it in the address."""
    for role in (*READERS, "author", "moderator", "secretariat"):
        for client in both(story, role):
            for tail in ("", "/edit", "/withdraw"):
                for name in ("published", "held"):
                    answer = client.get(f"/en/spaces/{ARCHIVE}/comments/{story.ids[name]}{tail}")
                    assert answer.status_code in {303, 401, 404}, answer.url
                    assert not told(answer, [canary(name)]), answer.url


@pytest.mark.parametrize("role", ["delegate", "elsewhere"])
def test_who_answers_a_hidden_comment_answers_an_unknown_one(story: Secrets, role: str) -> None:
    browser, api = story.actors[role]
    path = f"/en/spaces/{SPACE}/questions/1"
    token = browser.token(path)
    form = {"body": "An answer.", "lang": "en", "capacity": "personal", "csrf_token": token}

    def ask(parent: str) -> list[tuple[int, str, list[tuple[str, str]]]]:
        data = {"question": 1, "parent": parent, "body": "An answer.", "lang": "en"}
        answers = [
            api.http.post(f"/api/v1/spaces/{SPACE}/comments", json=data),
            browser.http.post(path, data={**form, "parent": parent, "do": "send"}),
            browser.http.post(path, data={**form, "parent": parent, "do": "preview"}),
            browser.http.post("/en/preview", data={**form, "parent": parent}),
            browser.http.post("/en/drafts", data={**form, "place": f"r:{parent}"}),
            browser.http.post("/en/drafts", data={**form, "place": f"e:{parent}"}),
            browser.http.post(f"/en/spaces/{SPACE}/comments/{parent}/edit", data={**form, "version": "1"}),
            browser.http.post(f"/en/spaces/{SPACE}/comments/{parent}/withdraw", data={"csrf_token": token, "version": "1"}),
            api.http.patch(f"/api/v1/comments/{parent}", json={"body": "An answer.", "version": 1}),
            api.http.delete(f"/api/v1/comments/{parent}?version=1"),
        ]
        return [same(answer, parent) for answer in answers]

    unknown = ask(UNKNOWN)
    assert [status for status, _, _ in unknown[:2]] == [422, 422]
    for name in HIDDEN:
        for one, other in zip(ask(story.ids[name]), unknown, strict=True):
            assert one == other, name


def frames_of(story: Secrets, url: str, token: str = "") -> Follower:
    follower = Follower(url, token)
    head = story.api("anonymous").ask("GET", f"/spaces/{SPACE}")["seq"]
    assert follower.reaches(head)
    follower.close()
    return follower


def test_no_frame_told_of_what_is_hidden(story: Secrets) -> None:
    """Neither while it happened, nor afterwards from the beginning; the two languages are told the same numbers."""
    head = story.api("anonymous").ask("GET", f"/spaces/{SPACE}")["seq"]
    never = [canary(name) for name in NEVER_PUBLIC] + [story.ids[name] for name in HIDDEN] + list(story.cases.values())
    for follower in story.followers.values():
        assert follower.reaches(head)
        said = "\n".join(follower.texts)
        assert not [word for word in never if word in said]
        assert canary("published") in said
        assert follower.seqs() == list(range(1, head + 1)), "a number that is missing tells of something"
    for lang in ("en", "fr"):
        said = "\n".join(frames_of(story, socket_url(story.server, 0, lang)).texts)
        assert canary("published") in said
        assert not [word for word in forbidden(story) if word in said]


def test_what_is_held_changes_nothing_that_anybody_sees(story: Secrets) -> None:
    """Neither a count, a number, a cursor nor an ETag; the page that was kept is the page that is made anew."""
    forms = ("/secretariat", "/sign", "/suspension")  # with a token that is new each time
    addresses = [filled(one, SPACE) for one in OPEN if not any(form in one for form in forms)]
    addresses += [f"/en/spaces/{SPACE}/comments/{story.ids['published']}", f"/api/v1/comments/{story.ids['published']}"]

    def look() -> dict[str, tuple[int, str, str | None]]:
        with httpx2.Client(base_url=story.server.url, timeout=30) as fresh:
            answers = {address: fresh.get(address) for address in addresses}
            again = {address: fresh.get(address, headers={"accept-encoding": "identity"}) for address in addresses}
        for address, answer in answers.items():
            assert again[address].text == answer.text, address
        return {address: (one.status_code, one.text, one.headers.get("etag")) for address, one in answers.items()}

    before = look()
    story.post("held2")
    story.post("retracted2")
    story.withdraw("retracted2")
    story.edit("edited", "pending")
    story.api("author").comment(1, "A held reply.", parent=story.ids["published"])
    assert look() == before
    for address, (_, _, mark) in before.items():
        if mark is not None:
            with httpx2.Client(base_url=story.server.url, timeout=30) as fresh:
                assert fresh.get(address, headers={"if-none-match": mark}).status_code == 304, address


def test_what_is_gone_is_gone_from_the_cache(story: Secrets) -> None:
    """A page that anybody may keep for a while is right in the very next answer."""
    story.publish("brief")
    addresses = [
        f"/en/spaces/{SPACE}/questions/1?after={story.ids['withdrawn']}",
        f"/en/spaces/{SPACE}/comments/{story.ids['brief']}",
    ]
    with httpx2.Client(base_url=story.server.url, timeout=30) as fresh:
        for _ in range(2):
            assert all(canary("brief") in fresh.get(address).text for address in addresses)
        story.decide("brief", "remove")
        for _ in range(2):
            assert not any(canary("brief") in fresh.get(address).text for address in addresses)


def test_those_who_may_do_see_it(story: Secrets) -> None:
    """The control: the same questions find every word where it belongs, so the others were not asked in vain."""
    author, moderator = story.actors["author"], story.actors["moderator"]
    own = author[0].get("/fr/contributions").text
    assert all(canary(name) in own for name in ("held", "returned", "rejected", "removed", "words"))
    assert canary("note") not in own
    edit = author[0].get(f"/en/spaces/{SPACE}/comments/{story.ids['edited']}/edit").text
    assert canary("pending") in edit
    assert canary("draft") in author[0].get(f"/fr/spaces/{SPACE}/questions/2").text
    case = moderator[0].get(f"/en/moderation/cases/{story.cases['returned']}").text
    assert all(canary(name) in case for name in ("returned", "words", "note"))
    assert canary("old") in moderator[0].get(f"/en/moderation/cases/{story.cases['old']}").text
    for role in ("moderator", "secretariat"):
        for name in (*HIDDEN, "removed", "withdrawn"):
            assert canary(name) in story.api(role).ask("GET", f"/comments/{story.ids[name]}")["body"]
    for name in ("withdrawn", "retracted"):
        assert story.api("author").ask("GET", f"/comments/{story.ids[name]}")["body"] == ""


def test_the_author_is_told_nothing_of_the_moderators(story: Secrets) -> None:
    for client in both(story, "author"):
        for address in OPEN:
            answer = client.get(filled(address, SPACE))
            assert not told(answer, [canary("note"), canary("suspended"), story.ids["suspended"]]), answer.url


def test_the_log_has_neither_texts_nor_addresses(story: Secrets) -> None:
    output = story.server.output()
    assert "Traceback" not in output
    assert "canary" not in output
    started = output.count("Stop with Ctrl+C")
    assert output.count("delegate-a@demo.example") == started, "besides the list of accounts"
