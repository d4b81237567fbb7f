"""`deciding`: a moderator's decision until every follower has the text, the author among them, against a post that nobody holds."""

from benchmarks import requests
from benchmarks.bench import Bench, moderator_token, token
from benchmarks.measuring import check
from benchmarks.report import Figure, figure, percentile
from benchmarks.scenarios.fanout import FOLLOW, MARK, cast, sentence
from benchmarks.scenarios.post import PATH
from benchmarks.servers import Served

WARM = 2
"""Casts of each round that are not counted."""


def measure(bench: Bench) -> list[Figure]:
    """The decision to publish → the frame at the last of 1,000 followers, against a post that nobody holds; rounds alternate."""
    followers, times = bench.some(1_000, 100), bench.some(40, 6)
    plain: list[float] = []
    decided: list[float] = []
    with bench.forum(bench.seed()) as free, bench.forum(bench.seed(premoderated=True)) as held:
        request = sentence(requests.bearer(token(free)))
        for _ in range(bench.rounds):
            bench.client.do("follow", group="all", port=free.port, path=FOLLOW, number=followers)
            plain += cast(bench, free, request, MARK, times)["last"]
            bench.client.do("leave", group="all")
            bench.client.do("follow", group="all", port=held.port, path=FOLLOW, number=followers)
            decided += _decisions(bench, held, times)
            bench.client.do("leave", group="all")
    name = f"deciding: decision → frame at the last of {followers:,}"
    return [
        figure(f"{name}, against a post published at once, p50", "ms", decided, plain),
        figure("the same, p99", "ms", [percentile(decided, 0.99)], [percentile(plain, 0.99)], "≤ 2"),
    ]


def _decisions(bench: Bench, served: Served, times: int) -> list[float]:
    """Publish so many texts that wait; fails unless the author finds each of them published when the last follower has it."""
    author, moderator = token(served), moderator_token(served)
    took: list[float] = []
    for number in range(times + WARM):
        body = "A sentence about legal aid for migrants at borders. " * 6 + f"number {number}"
        made = requests.call(served, PATH, {"question": 1, "lang": "en", "body": body}, author)
        cases = f"/api/v1/moderation/cases?state=open&comment={made['id']}"
        [case] = requests.call(served, cases, token=moderator)["items"]
        sent = {"action": "publish", "version": case["version"]}
        request = requests.post(f"/api/v1/moderation/cases/{case['id']}/decision", sent, requests.bearer(moderator))
        found = check(bench.client.do("cast", group="all", port=served.port, request=request, mark=str(made["id"]), times=1))
        took.append(found["last"][0])
        shown = requests.call(served, f"/api/v1/comments/{made['id']}", token=author)
        assert shown["state"] == "published"
    return took[WARM:]
