"""The form of a decision: what can be chosen in it, and how it is read."""

from collections.abc import Mapping

from forum.kernel.actors import Actor
from forum.kernel.errors import Problem, invalid
from forum.kernel.locales import ENDONYM, LANGS, direction, is_lang, pick
from forum.kernel.messages import N_
from forum.web.catalogue import current, gettext
from forum.web.forms import parse
from moderation.casefile.queries import comment_named, phrases_of
from moderation.forms import TEXT_LIMIT, DecisionForm
from moderation.models import Action, CaseKind
from moderation.policy import possible
from moderation.queries import Waiting
from moderation.reasons import OTHER
from moderation.rules.grounds import Ground
from moderation.views.clauses import Policy, anchor

ACTION_WORDS = {
    Action.PUBLISH: (N_("Publish"), N_("Everybody who may read the space sees it at once.")),
    Action.RETURN: (N_("Return to the author"), N_("The author reads your reason and can change the text and send it again.")),
    Action.REJECT: (N_("Reject"), N_("It is not published. The author reads your reason.")),
    Action.REMOVE: (N_("Remove"), N_("A stub with the reason stays in its place, and so do the replies.")),
    Action.RESTORE: (N_("Restore"), N_("The comment is shown again in its place, under its symbol.")),
    Action.KEEP: (N_("Keep"), N_("The comment stays as it is. Whoever reported it hears so.")),
    Action.MOVE: (N_("Move to another question"), N_("It is published there. The author reads where.")),
    Action.MERGE: (N_("Merge into a thread"), N_("It is published as a reply to the comment that you name.")),
    Action.UPHOLD: (N_("Uphold the decision"), N_("The decision stands. The author reads your reason.")),
    Action.OVERTURN: (N_("Overturn the decision"), N_("The text is published. The author reads your reason.")),
}
NEEDED_WITH_OTHER = N_("Needed with “Another reason”.")
TEXT_HINTS = {
    CaseKind.APPEAL.value: N_("Needed: the author reads here why the decision stands or falls."),
    CaseKind.REPORT.value: N_(
        "Needed with “Another reason”. If you keep the comment, whoever reported reads it; if you remove it, the author does."
    ),
}
"""When words to the author cannot be left out, and who reads them, by the kind of a case."""
TYPED = ("reason_text", "facts", "text", "note")
"""Fields in which a moderator writes words."""


async def read_decision(found: Waiting, values: Mapping[str, str], undo: int) -> DecisionForm:
    """Return the decision in a form, with the time in which it can be undone. Raises Refusal naming the field."""
    data: dict[str, object] = {**values, "version": _number(values.get("version", "")), "undo": undo or None}
    data["question"] = _number(values["question"]) if values.get("question") else None
    data["parent"] = await comment_named(found.space_id, values["parent"]) if values.get("parent") else None
    if not values.get("action"):
        raise invalid(action=Problem("case.choose"))
    form = parse(DecisionForm, data)
    # What is left in a field of another decision was not meant.
    if form.action is not Action.MOVE:
        form.question = None
    if form.action is not Action.MERGE:
        form.parent = None
    if form.action is Action.OVERTURN:
        form.reason = OTHER  # in the moderator's own words: the reasons of the space are reasons to refuse
    return form


USUAL = "usual"
"""In place of the id of a phrase: the usual wording of the reason that is chosen."""


async def with_phrase(found: Waiting, grounds: list[Ground], values: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed, with the phrase that was chosen after the words to the author, or the usual wording of the chosen reason
    for a wording of one's own; in the language chosen for them."""
    if values.get("phrase") == USUAL:
        usual = next((one.text for one in grounds if one.code == values.get("reason")), None)
        lang = values.get("text_lang", "")
        return {**values, "reason_text": pick(usual, lang if is_lang(lang) else current())[0]} if usual else dict(values)
    chosen = next((one for one in await phrases_of(found.space_id) if one.id == values.get("phrase")), None)
    lang = values.get("text_lang", "")
    words = pick(chosen.text, lang if is_lang(lang) else current())[0] if chosen else ""
    return {**values, "text": "\n\n".join(part for part in (values.get("text", "").rstrip(), words) if part)}


def without_usual(grounds: list[Ground], values: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed, without a wording that is the usual one of some reason: it may be left from a reason chosen before, and each
    author reads the usual wording in their own language."""
    usual = {" ".join(text.split()) for one in grounds for text in one.text.values()}
    return {name: "" if name == "reason_text" and " ".join(text.split()) in usual else text for name, text in values.items()}


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text


def fresh(found: Waiting, lang: str) -> dict[str, str]:
    """Return what the form begins with: the words to the author are in `lang` unless the moderator says otherwise."""
    values = {"version": str(found.version), "text_lang": lang}
    fitting = possible(found.kind, found.state, found.comment_state)
    return values | ({"action": next(iter(fitting)).value} if len(fitting) == 1 else {})


def _actions(found: Waiting, four_eyes: bool) -> list[dict[str, object]]:
    fitting = possible(found.kind, found.state, found.comment_state)
    second = gettext(N_("A second moderator must agree first."))
    refusing = {Action.REJECT, Action.REMOVE} if four_eyes else set()
    return [
        {
            "value": action.value,
            "text": gettext(name),
            "hint": f"{gettext(hint)} {second}" if action in refusing else gettext(hint),
        }
        for action, (name, hint) in ACTION_WORDS.items()
        if action in fitting
    ]


def _reasons(grounds: list[Ground], policy: Policy) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for one in grounds:
        to = anchor(one.clause)
        found.append(
            {
                "value": one.code,
                "text": pick(one.name, current())[0],
                "hint": pick(one.text, current())[0],
                "clause": one.clause,
                "href": f"#{to}" if to in policy.clauses else "",
            }
        )
    return found


async def _phrases(found: Waiting, lang: str) -> list[dict[str, object]]:
    """Return the phrases in the language of the words to the author, each where there is none in the nearest one."""
    shown: list[dict[str, object]] = []
    for one in await phrases_of(found.space_id):
        words: dict[str, tuple[str, str]] = {code: pick(one.text, code) for code in LANGS}
        text, text_lang = words[lang if is_lang(lang) else current()]
        by_lang = {code: picked[0] for code, picked in words.items()}
        shown.append(
            {
                "id": one.id,
                "title": pick(one.title, current())[0],
                "text": text,
                "lang": text_lang,
                "dir": direction(text_lang),
                "by_lang": by_lang,
            }
        )
    return shown


async def choices(
    found: Waiting, grounds: list[Ground], policy: Policy, questions: list[dict[str, object]], asked: Mapping[str, object]
) -> dict[str, object]:
    """Return the options of the form. `asked` has `text_lang`, the language of the words, and `four_eyes`."""
    reported = found.kind == CaseKind.REPORT.value
    return {
        "actions": _actions(found, bool(asked["four_eyes"])),
        "reasons": _reasons(grounds, policy),
        "wordings": {one.code: {lang: pick(one.text, lang)[0] for lang in LANGS} for one in grounds},
        "phrases": await _phrases(found, str(asked["text_lang"])),
        "questions": [one for one in questions if one["value"] != found.question or found.parent_id],
        "languages": [{"value": code, "text": ENDONYM[code], "lang": code} for code in LANGS],
        "text_lang_name": ENDONYM[found.lang] if is_lang(found.lang) else found.lang,
        "limit": TEXT_LIMIT,
        "labels": labels() | ({"text": gettext("Your words to whoever reported, or to the author")} if reported else {}),
        "text_hint": gettext(TEXT_HINTS.get(found.kind, NEEDED_WITH_OTHER)),
    }


def labels() -> dict[str, str]:
    """Return the names of the fields."""
    return {
        "action": gettext("What to do"),
        "question": gettext("To which question"),
        "parent": gettext("Below which comment"),
        "reason": gettext("Reason"),
        "reason_text": gettext("Wording of the reason"),
        "facts": gettext("What in the text this rests on"),
        "text": gettext("Your words to the author"),
        "text_lang": gettext("Language of your words"),
        "note": gettext("Internal note"),
    }


def speaks_in(actor: Actor, found: Waiting, lang: str) -> str:
    """Return the language that the words to the author are likely to be in: the author's where this page is read in it, else one's own."""
    return found.lang if found.lang == lang else actor.lang or lang
