"""What moderators do with a case besides deciding: take it over, write notes, undo, agree or disagree as the second one."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, StrictInt
from starlette.requests import Request
from starlette.responses import Response

from forum.discussions.api.answers import answer
from forum.discussions.api.query import Localized, read_query
from forum.web.forms import parse, read_json
from forum.web.identity import actor_of
from forum.web.openapi import Doc
from forum.web.shapes import SOMETHING, WHOLE
from moderation import queries
from moderation.api.cases import answer_case, case_id_of, counted
from moderation.api.docs import CASE
from moderation.api.schemas import CaseAnswer
from moderation.casefile.declined import declined_in
from moderation.casefile.queries import Noted, notes_on
from moderation.claims import take_over
from moderation.models import Action
from moderation.noting import SHORT_LIMIT, NoteForm, note
from moderation.proposing import decline, second, undo

TAKEOVER = f"{CASE}/takeover"
NOTES = f"{CASE}/notes"
UNDO = f"{CASE}/undo"
SECOND = f"{CASE}/second"


class TakeoverForm(BaseModel):
    """Why a case is taken over from the moderator who holds it."""

    note: str = Field(max_length=SHORT_LIMIT, json_schema_extra=SOMETHING)


class SecondForm(BaseModel):
    """What the second moderator agrees with: the case as it was at this version."""

    version: Annotated[StrictInt, Field(ge=1), WHOLE]


class DeclineForm(SecondForm):
    """What the second moderator disagrees with, and why if they say so."""

    note: str = Field(default="", max_length=SHORT_LIMIT)


class DeclinedAnswer(BaseModel):
    """What a second moderator has disagreed with: a decision that did not come to pass. `text` is what the author would have read."""

    action: Action
    by: str
    reason: str
    text: str
    facts: str


class NoteAnswer(BaseModel):
    """A note among moderators; its text may be empty where it disagrees with what was proposed."""

    id: str
    text: str
    by: str
    at: datetime
    declined: DeclinedAnswer | None


class NotesAnswer(BaseModel):
    """The notes on a comment, oldest first."""

    items: list[NoteAnswer]


async def take(request: Request) -> Response:
    """Take a case over from whoever holds it and answer it."""
    form = parse(TakeoverForm, await read_json(request))
    actor, case_id = await counted(request)
    await take_over(actor, case_id, form.note)
    return await answer_case(request, actor, case_id)


async def notes(request: Request) -> Response:
    """Answer the notes on the comment of a case."""
    read_query(request, Localized)
    return await _notes(request, case_id_of(request))


async def add_note(request: Request) -> Response:
    """Write a note and answer all."""
    form = parse(NoteForm, await read_json(request))
    actor, case_id = await counted(request)
    await note(actor, case_id, form.text)
    return await _notes(request, case_id)


async def take_back(request: Request) -> Response:
    """Undo what one has just decided and answer the case."""
    actor, case_id = await counted(request)
    await undo(actor, case_id)
    return await answer_case(request, actor, case_id)


async def agree(request: Request) -> Response:
    """Agree as the second moderator and answer the case."""
    form = parse(SecondForm, await read_json(request))
    actor, case_id = await counted(request)
    await second(actor, case_id, form.version)
    return await answer_case(request, actor, case_id)


async def disagree(request: Request) -> Response:
    """Disagree as the second moderator and answer the case."""
    form = parse(DeclineForm, await read_json(request))
    actor, case_id = await counted(request)
    await decline(actor, case_id, form.version, form.note)
    return await answer_case(request, actor, case_id)


async def _notes(request: Request, case_id: str) -> Response:
    actor = actor_of(request)
    found = await queries.case(actor, case_id, actor.lang or "en")
    # To the author of the comment, though a moderator, the others' notes are closed.
    listed = [] if found.author_id == actor.person_id else await notes_on(found.comment_id)
    return answer(NotesAnswer(items=[await _note(one, found.space_id) for one in listed]))


async def _note(one: Noted, space_id: str) -> NoteAnswer:
    was = await declined_in(one, space_id)
    declined = was and DeclinedAnswer(
        action=was.form.action, by=was.by, reason=was.ground.code, text=was.text, facts=was.form.facts
    )
    return NoteAnswer(id=one.id, text=one.text, by=one.by, at=one.at, declined=declined)


def _doc(method: str, path: str, name: str, summary: str, body: type[BaseModel] | None = None) -> Doc:
    errors = (403, 409)
    return Doc(
        method=method, path=path, name=name, summary=summary, answers={200: CaseAnswer}, body=body, auth="required", errors=errors
    )


DOCS = [
    _doc("POST", TAKEOVER, "takeOverCase", "Take the case over from the moderator who holds it, saying why.", TakeoverForm),
    Doc(
        method="GET",
        path=NOTES,
        name="listNotes",
        summary="Notes among moderators on the comment of the case.",
        answers={200: NotesAnswer},
        query=Localized,
        auth="required",
    ),
    Doc(
        method="POST",
        path=NOTES,
        name="addNote",
        summary="Write a note for the other moderators; the author never sees it.",
        answers={200: NotesAnswer},
        body=NoteForm,
        auth="required",
        errors=(403,),
    ),
    _doc("POST", UNDO, "undoDecision", "Take back your own decision before it is carried out."),
    _doc("POST", SECOND, "secondDecision", "Agree, as the second moderator, with the decision that waits for one.", SecondForm),
    _doc("DELETE", SECOND, "declineDecision", "Disagree: the case is open again for any decision.", DeclineForm),
]
