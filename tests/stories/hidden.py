"""A running forum in which something is hidden in every way there is, each text with a word of its own."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.stories.people import Browser, Follower, socket_url
from tests.support.server import SPACE, Api, Json, Server, demo_server

HIDDEN = ("held", "returned", "rejected", "retracted", "suspended")
"""Comments that no reader may ever learn of."""
NEVER_PUBLIC = (*HIDDEN, "pending", "note", "words", "draft")
ONCE_PUBLIC = ("old", "removed", "withdrawn")
UNKNOWN = "f" * 32
ARCHIVE = "imrf-2022-rt4"
_PLACE = re.compile(r'name="place" value="(q:[0-9a-f]{32})"')
Actors = dict[str, tuple[Browser, Api]]


def canary(name: str) -> str:
    """The word that stands in the text of this name and nowhere else."""
    return f"zq9{name}canary"


class Secrets:
    """`ids` and `cases` by name of the text, `actors` by role: a browser with a cookie and a program with a token."""

    def __init__(self, server: Server, stack: ExitStack) -> None:
        self.server = server
        self.ids: dict[str, str] = {}
        self.cases: dict[str, str] = {}
        self.followers: dict[str, Follower] = {}
        self.actors: Actors = {}
        for role, email in ROLES.items():
            self.actors[role] = (stack.enter_context(Browser(server, email)), server.api(email))
            for one in self.actors[role]:  # a compressed length changes with each token
                one.http.headers["accept-encoding"] = "identity"

    def api(self, role: str) -> Api:
        return self.actors[role][1]

    def person(self, role: str) -> str:
        """Return the id of the person in this role."""
        credentials = {"email": ROLES[role], "password": self.server.password}
        return str(self.api("anonymous").ask("POST", "/tokens", json=credentials)["person"]["id"])

    def post(self, name: str, role: str = "author") -> Json:
        made = self.api(role).comment(1, f"A text with {canary(name)}.")
        self.ids[name] = made["id"]
        self.cases[name] = self.api("moderator").case_of(made["id"])["id"]
        return made

    def decide(self, name: str, action: str, **more: str) -> None:
        moderator = self.api("moderator")
        [case] = moderator.ask("GET", f"/moderation/cases?comment={self.ids[name]}&state=")["items"][-1:]
        reason = {} if action == "publish" else {"reason": "other", "text": "Please name your source."}
        data = {"action": action, "version": case["version"], **reason, **more}
        moderator.ask("POST", f"/moderation/cases/{case['id']}/decision", json=data)

    def publish(self, name: str, **more: str) -> None:
        self.post(name)
        self.decide(name, "publish", **more)

    def edit(self, name: str, word: str) -> None:
        author = self.api("author")
        version = author.ask("GET", f"/comments/{self.ids[name]}")["version"]
        author.ask("PATCH", f"/comments/{self.ids[name]}", json={"body": f"Anew: {canary(word)}.", "version": version})

    def withdraw(self, name: str) -> None:
        author = self.api("author")
        version = author.ask("GET", f"/comments/{self.ids[name]}")["version"]
        author.ask("DELETE", f"/comments/{self.ids[name]}", json={"version": version})


ROLES = {
    "anonymous": "",
    "delegate": "participant@demo.example",
    "suspended": "delegate-b@demo.example",
    "elsewhere": "moderator2@demo.example",
    "author": "delegate-a@demo.example",
    "moderator": "moderator@demo.example",
    "secretariat": "secretariat@demo.example",
}
READERS = ("anonymous", "delegate", "suspended", "elsewhere")


def _act(story: Secrets) -> None:
    story.publish("published", note=canary("note"))
    story.post("held")
    story.post("returned")
    story.decide("returned", "return", text=canary("words"), note=canary("note"))
    story.post("rejected")
    story.decide("rejected", "reject", text=canary("words"), note=canary("note"))
    story.post("retracted")
    story.withdraw("retracted")
    story.publish("edited")
    story.edit("edited", "pending")
    story.publish("old")
    story.edit("old", "new")
    story.decide("old", "publish")
    story.publish("removed")
    story.decide("removed", "remove", text=canary("words"), note=canary("note"))
    story.publish("withdrawn")
    story.withdraw("withdrawn")
    story.post("suspended", "suspended")
    author, path = story.actors["author"][0], f"/fr/spaces/{SPACE}/questions/2"
    shown = _PLACE.search(author.get(path).text)
    assert shown is not None
    draft = {"place": shown[1], "body": canary("draft"), "lang": "fr"}
    assert author.send("/fr/drafts", draft, form_at=path).status_code == 204
    clerk = story.actors["secretariat"][0]
    measure = {
        "person": story.person("suspended"),
        "space": "",
        "kind": "suspend",
        "days": "7",
        "reason": "hate",
        "text": canary("measure"),
    }
    answer = clerk.send("/en/moderation/sanctions", measure, form_at=f"/en/moderation/sanctions/new?person={measure['person']}")
    assert answer.status_code == 303


@contextmanager
def secrets(folder: Path) -> Iterator[Secrets]:
    """Open a forum in which all this has happened while readers in two languages followed it from the beginning."""
    with demo_server(folder) as server, ExitStack() as stack:
        story = Secrets(server, stack)
        team = f"/en/secretariat/spaces/{SPACE}/people"
        fields = {"do": "take", "person": story.person("elsewhere"), "role": "moderator"}
        assert story.actors["secretariat"][0].send(team, fields).status_code == 303
        token = str(story.api("delegate").http.headers["Authorization"]).partition(" ")[2]
        for name, lang, bearer in (("anonymous", "en", ""), ("delegate", "ar", token)):
            story.followers[name] = Follower(socket_url(server, 0, lang), bearer)
            stack.callback(story.followers[name].close)
        _act(story)
        yield story
