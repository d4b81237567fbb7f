"""`moderated`: a post that is held, a moderator's decision, and the frame at every follower."""

import time

from benchmarks import requests
from benchmarks.bench import Bench, moderator_token, token
from benchmarks.measuring import check
from benchmarks.report import Figure, figure
from benchmarks.scenarios.fanout import FOLLOW
from benchmarks.scenarios.post import PATH
from benchmarks.seeding import texts
from benchmarks.servers import Served


def measure(bench: Bench) -> list[Figure]:
    """Post → held → the decision to publish → the frame at the last of 1,000 followers; only machine time, no moderator's thought."""
    followers, times = bench.some(1_000, 100), bench.some(30, 6)
    posted: list[float] = []
    decided: list[float] = []
    heard: list[float] = []
    with bench.forum(bench.seed(premoderated=True)) as served:
        author, moderator = token(served), moderator_token(served)
        bench.client.do("follow", group="all", port=served.port, path=FOLLOW, number=followers)
        given = texts(bench.settings.corpus)
        for number in range(times):
            lang, text = given[number % len(given)]
            began = time.perf_counter()
            made = requests.call(served, PATH, {"question": 1, "lang": lang, "body": text}, author)
            posted.append((time.perf_counter() - began) * 1000)
            first, last = _decide(bench, served, str(made["id"]), moderator)
            decided.append(first)
            heard.append(last)
        bench.client.do("leave", group="all")
    return [
        figure("moderated: post → it is held", "ms", posted),
        figure("moderated: decision → frame at the first follower", "ms", decided),
        figure(f"moderated: decision → frame at the last of {followers:,}", "ms", heard),
    ]


def _decide(bench: Bench, served: Served, comment: str, moderator: str) -> tuple[float, float]:
    [case] = requests.call(served, f"/api/v1/moderation/cases?state=open&comment={comment}", token=moderator)["items"]
    body = {"action": "publish", "version": case["version"]}
    request = requests.post(f"/api/v1/moderation/cases/{case['id']}/decision", body, requests.bearer(moderator))
    found = check(bench.client.do("cast", group="all", port=served.port, request=request, mark=comment, times=1))
    return found["first"][0], found["last"][0]
