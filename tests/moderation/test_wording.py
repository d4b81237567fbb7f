"""Words that are offered to a moderator: phrases, and the usual wording of a reason, editable for one decision."""

import json
import re
from datetime import timedelta
from html import unescape

from forum.kernel import clock
from forum.kernel.locales import LANGS
from moderation.duty import tick
from moderation.models import Case, Decision, Proposal
from moderation.reasons import BY_CODE
from moderation.rules.grounds import usual
from moderation.rules.models import Phrase
from tests.moderation.desk import Browser, browser, main_of
from tests.moderation.scene import Scene
from tests.moderation.test_case_page import opened


async def test_a_phrase_without_script(mona: Browser, scene: Scene) -> None:
    """Put after what was typed, in the language chosen; nothing is decided, and an unknown one changes nothing."""
    words = {lang: f"Thanks ({lang})" for lang in LANGS}
    phrase = await Phrase.create(space_id=scene.hall.id, title={"en": "Thank"}, text=words)
    page = await opened(scene)
    typed = {"action": "return", "text": "Dear author.", "text_lang": "fr", "version": "1"}
    html = (await mona.send(page, **typed, phrase=phrase.id)).text
    assert re.search(r"Dear author\.\s+Thanks \(fr\)</textarea>", html)
    assert re.search(r'value="return" checked', html)
    html = (await mona.send(page, **typed, phrase="nothing")).text
    assert "Dear author.</textarea>" in html
    assert await Decision.all().count() == await Proposal.all().count() == 0


async def test_the_wording_of_a_reason_is_editable_for_one_decision(mona: Browser, scene: Scene) -> None:
    """The author reads the words that were found for this text, in their language; without any the usual ones, in the author's own."""
    page = await opened(scene)
    typed = {"action": "return", "reason": "unclear", "text_lang": "fr", "version": "1"}
    html = (await mona.send(page, **typed, phrase="usual")).text
    filled_in = re.search(r'<textarea[^>]*name="reason_text"[^>]*>\s*([^<]+)</textarea>', html)
    assert filled_in
    assert unescape(filled_in[1]) == usual(BY_CODE["unclear"]).text["fr"]
    assert await Decision.all().count() == await Proposal.all().count() == 0
    html = (await mona.send(page, **typed, phrase="usual", reason_text="Mine.")).text
    assert "Mine." not in main_of(html)
    stale = usual(BY_CODE["advertising"]).text["fr"]
    assert (await mona.send(page, **typed, reason_text=stale)).status_code == 303
    assert stale not in (await Proposal.get()).form, "left from a reason that was chosen before"
    await mona.send(page, f"{page}/undo")
    typed["version"] = str((await Case.get()).version)
    assert (await mona.send(page, **typed, reason_text="La phrase trois dit deux choses.")).status_code == 303
    later = clock.now() + timedelta(seconds=15)
    with clock.running(lambda: later):
        assert await tick() == 1
    [made] = await Decision.all()
    assert json.loads(made.reason_text) == {"fr": "La phrase trois dit deux choses."}
    assert set(json.loads(made.reason_name)) == set(LANGS)
    author = await browser(mona.app, scene.asma)
    for where in ("/en/contributions", f"/en/contributions/{made.comment_id}"):
        assert '<p lang="fr" dir="ltr">La phrase trois dit deux choses.</p>' in (await author.get(where)).text
    [case] = await Case.all()
    last = (await mona.api("GET", f"/{case.id}?lang=ru")).json()["decision"]
    assert (last["reason_text"], last["reason_lang"]) == ("La phrase trois dit deux choses.", "fr")
