"""Two workers are one forum: what is written through one is seen, live and on pages, through the other."""

from collections.abc import Iterator

import pytest

from tests.stories.people import Follower, socket_url
from tests.support.server import SPACE, Server, demo_server
from tests.support.workers import Line, connection_to, lines

pytestmark = pytest.mark.server
THREAD = f"/en/spaces/{SPACE}/questions/1"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with demo_server(tmp_path_factory.mktemp("together"), stack="workers") as running:
        yield running


def signed_in(server: Server, line: Line, email: str) -> Line:
    answer = line.ask("POST", "/api/v1/tokens", {"email": email, "password": server.password})
    assert answer.status == 201, answer.text
    line.token = answer.json()["token"]
    return line


def follow(server: Server, pid: int, number: int, since: int | None = None) -> list[Follower]:
    return [Follower(socket_url(server, since), sock=connection_to(server, pid)) for _ in range(number)]


def test_a_comment_goes_through_both(server: Server) -> None:
    with lines(server) as found:
        one, other = found.values()
        delegate, moderator = (
            signed_in(server, one, "delegate-a@demo.example"),
            signed_in(server, other, "moderator@demo.example"),
        )
        head = one.ask("GET", f"/api/v1/spaces/{SPACE}").json()["seq"]
        followers = {line.pid: follow(server, line.pid, 2, head) for line in (one, other)}
        assert [line.metric("forum_followers") for line in (one, other)] == ["2", "2"], "they follow through both processes"
        assert sorted(line.metric("forum_leader") for line in (one, other)) == ["0", "1"]

        body = {"question": 1, "body": "Written here, decided there.", "lang": "en"}
        posted = delegate.ask("POST", f"/api/v1/spaces/{SPACE}/comments", body)
        assert (posted.status, posted.json()["state"]) == (201, "held")
        comment = posted.json()["id"]
        assert moderator.ask("GET", f"/api/v1/comments/{comment}").json()["state"] == "held"
        [case] = moderator.ask("GET", f"/api/v1/moderation/cases?state=open&comment={comment}").json()["items"]
        decided = moderator.ask(
            "POST", f"/api/v1/moderation/cases/{case['id']}/decision", {"action": "publish", "version": case["version"]}
        )
        assert decided.status == 200, decided.text

        for follower in [*followers[one.pid], *followers[other.pid]]:
            assert follower.reaches(head + 1), follower.frames
            assert follower.seqs() == [head + 1], "held, it is told to nobody"
            assert follower.frames[-1]["id"] == comment
            follower.close()


def test_readers_are_counted_over_all_processes(server: Server) -> None:
    """Three here and three there are six; three alone are nobody."""
    with lines(server) as found:
        here, there = (follow(server, pid, 3) for pid in found)
        assert all(one.wait(lambda it: said(it)[-1:] == [6], 20) for one in [*here, *there]), [
            said(one) for one in [*here, *there]
        ]
        for one in there:
            one.close()
        assert here[0].wait(lambda it: said(it)[-2:] == [6, 0], 20)
        for one in here:
            one.close()


def said(follower: Follower) -> list[int]:
    """The numbers of readers that a follower was told."""
    return [frame["count"] for frame in follower.frames if frame["kind"] == "presence"]


def test_one_worker_answers_the_key_of_another(server: Server) -> None:
    """The same post sent again, through the other process, is the same comment."""
    with lines(server) as found:
        for line in found.values():
            signed_in(server, line, "delegate-b@demo.example")
        body = {"question": 2, "body": "Sent twice.", "lang": "en"}
        answers = [
            line.ask("POST", f"/api/v1/spaces/{SPACE}/comments", body, Idempotency_Key="sent-twice") for line in found.values()
        ]
        assert [answer.status for answer in answers] == [201, 200]
        assert answers[0].json()["id"] == answers[1].json()["id"]


def test_who_signs_out_through_one_is_out_everywhere(server: Server) -> None:
    with lines(server) as found:
        one, other = found.values()
        signed_in(server, one, "participant@demo.example")
        other.token = one.token
        assert other.ask("GET", "/api/v1/moderation/cases").status == 403
        assert one.ask("DELETE", "/api/v1/tokens").status == 204
        assert other.ask("GET", "/api/v1/moderation/cases").status == 401
