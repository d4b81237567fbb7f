"""Messages: English source texts that are translated where they are shown."""


def N_(msgid: str) -> str:
    """Mark `msgid` for extraction and return it unchanged."""
    return msgid


class Msg(str):
    """A msgid as the parameter of a refusal: translated itself before it is filled in."""

    __slots__ = ()


REFUSALS: dict[str, str] = {
    "not_found": N_("There is nothing at this address, or you may not see it."),
    "signin.needed": N_("Please sign in first."),
    "signin.failed": N_("The e-mail address or the password is wrong."),
    "signin.suspended": N_("This account is suspended. Write to the secretariat if you think this is a mistake."),
    "signin.suspended_until": N_("This account is suspended until %(until)s."),
    "restricted.until": N_(
        "You are suspended from this space until %(until)s. Your account has a page “Measures about me” with the reasons, where you"
        " can appeal."
    ),
    "restricted.open": N_(
        "You are suspended from this space until further notice. Your account has a page “Measures about me” with the reasons, where you"
        " can appeal."
    ),
    "restricted.slow": N_(
        "For the time being you can post here only now and then. Please try again in %(seconds)s seconds. The reasons are on the page"
        " “Measures about me” of your account, where you can appeal."
    ),
    "token.bad": N_("This access token is not valid."),
    "csrf": N_("This form has expired or came from another site. Please send it again."),
    "origin": N_("This request came from another site and was refused."),
    "forbidden": N_("You are not allowed to do this."),
    "too_many": N_("That was too often. Please try again in %(seconds)s seconds."),
    "too_large": N_("This request is too large."),
    "unreadable": N_("This request cannot be read."),
    "unavailable": N_("The forum cannot be reached at the moment. Please try again shortly; what you typed is kept."),
    "internal": N_("Something went wrong on our side. What you typed is kept; please try again."),
    "method": N_("This address does not accept that kind of request."),
    "form.invalid": N_("Please correct the marked fields."),
    "field.required": N_("Please fill in this field."),
    "field.too_long": N_("At most %(limit)s characters are possible here."),
    "field.too_short": N_("At least %(limit)s characters are needed here."),
    "field.choice": N_("Please choose one of the values offered."),
    "field.number": N_("Please enter a number."),
    "field.least": N_("Please enter a number of at least %(limit)s."),
    "field.most": N_("Please enter a number of at most %(limit)s."),
    "field.text": N_("Please enter text."),
    "field.time": N_("Please enter a date and time."),
    "field.time_gap": N_("This time does not exist in the zone: clocks are put forward then. Please choose another."),
    "field.date": N_("Please enter a day as year, month and day: 2026-05-17."),
    "field.invalid": N_("This value cannot be used here."),
    "field.duplicate": N_("This field was sent twice."),
    "name.invalid": N_("A name has 2 to 80 characters and no control characters."),
    "name.taken": N_("This name can be mistaken for a State, an organization or a member of the team. Please use your own name."),
    "email.invalid": N_("This is not an e-mail address."),
    "password.short": N_("A password has at least %(limit)s characters."),
    "password.long": N_("A password has at most %(limit)s characters."),
    "password.common": N_("This password is among the most common ones. Please choose another."),
    "password.personal": N_("The password must not be your name or e-mail address."),
    "people.self": N_("You cannot change your own account here."),
    "people.unknown": N_("There is no account with this e-mail address. The person must sign up first."),
    "affiliation.known": N_("You have already declared this affiliation."),
    "affiliation.settled": N_("This affiliation has been decided already."),
    "comment.empty": N_("Please write something first."),
    "comment.too_long": N_("A comment has at most %(limit)s characters; yours has %(length)s."),
    "comment.lang": N_("This space accepts comments in: %(languages)s."),
    "comment.capacity": N_("You can speak only for yourself or for an entity that the secretariat has verified."),
    "comment.parent": N_("The comment you answer is not there any more."),
    "comment.stale": N_("This comment has changed since you opened it. Your text is kept below."),
    "comment.final": N_("This comment cannot be changed any more."),
    "comment.key_reused": N_("This key was already used for another text."),
    "space.not_open": N_("This space does not accept comments at the moment."),
    "space.members": N_("Only members of this space can comment here."),
    "space.question": N_("This space has no such question."),
    "space.slug": N_("An address has 3 to 60 lower-case letters, digits and hyphens."),
    "space.slug_taken": N_("Another space has this address."),
    "space.zone": N_("This is not a time zone of the IANA database."),
    "space.times": N_("The closing time must be after the opening time."),
    "space.over": N_("The closing time has passed already. Please choose a later one first."),
    "space.missing": N_("The space cannot be announced or opened yet. Missing: %(missing)s."),
    "space.state": N_("This cannot be done while the space is in the state “%(state)s”."),
    "space.stale": N_("This space was changed meanwhile. Please look at the new version."),
    "space.extend_later": N_("The new closing time must be later than the present one."),
    "space.frozen": N_("Questions cannot be changed once comments have been received."),
    "search.empty": N_("Please enter at least one word to search for."),
    "page.cursor": N_("This page position is not known."),
    "case.stale": N_("This case was changed meanwhile. What stands now is shown below; what you typed is kept."),
    "case.decided": N_("This case was already decided by %(name)s: %(action)s."),
    "case.claimed": N_("%(name)s is working on this case."),
    "case.own": N_("You cannot decide on your own comment."),
    "case.own_reports": N_("Reports of your own comment are not shown to you: its author never learns who reported."),
    "case.reported": N_("You have reported this comment yourself: another moderator decides on it."),
    "case.touched": N_("You have worked on this case before: a moderator who has not decides on the appeal."),
    "case.same_entity": N_(
        "You speak for the same entity as the moderator who decided first: another moderator decides on the appeal."
    ),
    "case.entity": N_("You speak for the same entity as the author: another moderator decides on this."),
    "case.nationality": N_(
        "This statement is made on behalf of the State of which you are a national: another moderator decides on it."
    ),
    "case.proposed": N_("%(name)s proposes: %(action)s. A second moderator must agree first."),
    "case.undoable": N_("%(name)s has just decided: %(action)s. It can be undone for a few seconds more."),
    "case.nothing_proposed": N_("There is nothing to undo here any more."),
    "case.not_yours": N_("Only the moderator who decided can undo this."),
    "case.second_self": N_("You have proposed this yourself: another moderator must agree."),
    "desk.stale": N_("The rules were changed meanwhile. What stands now is shown below; what you typed is kept."),
    "desk.full": N_("There are %(limit)s of them already. Please drop one first."),
    "desk.four_eyes": N_(
        "That a second moderator must agree is for the secretariat to take away: nobody frees themselves of it."
    ),
    "desk.other_stays": N_("This reason stays: under it anything can be said that no other reason covers."),
    "case.place": N_("The text is there already. Please choose another place."),
    "flag.own": N_("This is your own comment. You can change or withdraw it yourself."),
    "flag.gone": N_("The text is not shown any more: there is nothing left to report."),
    "flag.known": N_("You have reported this text already. The moderators look at it."),
    "flag.changed": N_(
        "This comment has changed since you opened it. Please read the text as it is now; what you typed is kept."
    ),
    "flag.reason": N_("Please choose what is wrong with it."),
    "flag.words": N_("Please say what is wrong with it: the moderators need to know."),
    "appeal.none": N_("There is no appeal against this decision."),
    "appeal.late": N_("The time for an appeal against this decision has passed."),
    "appeal.made": N_("You have appealed against this decision already; once is possible."),
    "appeal.pointless": N_(
        "An appeal would change nothing any more: this decision does not stand in the way of a text of yours."
    ),
    "appeal.words": N_("Please write why you think that the decision should be changed."),
    "case.reason": N_("Please give a reason: the author needs it."),
    "bulk.appeal": N_("This is an appeal: it is answered on its own page."),
    "bulk.report": N_("This is a report of a published comment: the comment can be kept, or removed on the page of the case."),
    "case.choose": N_("Please choose what to do."),
    "case.target": N_("No comment that is published here has this symbol or address."),
    "case.action": N_("This decision is not possible here."),
    "sanction.own": N_("You cannot decide on a measure about yourself."),
    "sanction.team": N_("Only the secretariat can take a measure about a member of the team."),
    "sanction.forum": N_("Only the secretariat can take a measure for the whole forum."),
    "sanction.rank": N_("The secretariat took this measure. Only the secretariat can lift it or decide on an appeal."),
    "sanction.words": N_("Please write to the person: they must be able to understand the measure."),
    "sanction.stands": N_("%(name)s has taken this measure already, and it is still in force."),
    "sanction.stale": N_("This measure was changed meanwhile. What stands now is shown below; what you typed is kept."),
    "sanction.appeal_once": N_("You have appealed against this measure already."),
    "sanction.appeal_late": N_("The time in which an appeal was possible has passed."),
    "sanction.appeal_words": N_("Please say why the measure should be reconsidered."),
    "sanction.appeal_imposer": N_("You took this measure. Another person decides on the appeal."),
    "sanction.appeal_entity": N_(
        "You speak for the same entity as whoever took this measure. Another person decides on the appeal."
    ),
    "case.changed": N_("This case was changed meanwhile. Please look at it again."),
    "case.not_claimed": N_("You are not working on this case."),
    "bulk.none": N_("Please choose at least one case."),
    "bulk.many": N_("At most %(limit)s cases can be decided at once."),
    "filter.taken": N_("You have kept a filter under this name already."),
    "filter.many": N_("You can keep %(limit)s filters at most. Please delete one first."),
    "audit.many": N_("More than %(limit)s people have such a name. Please write more of it."),
    "screening.stale": N_(
        "The screening of this space was changed meanwhile. What you typed is kept below; send it again to replace it."
    ),
    "screening.words": N_("At most 200 words are possible for each language."),
}
"""What a refusal's key says, in English."""
