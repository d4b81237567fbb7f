"""Who acts: a table of roles and what follows from them."""

import pytest

from forum.kernel.actors import ANONYMOUS, Actor, Role

HERE, THERE = "here", "there"


def with_roles(*roles: Role, secretariat: bool = False) -> Actor:
    return Actor(person_id="p", roles={HERE: frozenset(roles)}, is_secretariat=secretariat)


@pytest.mark.parametrize(
    ("actor", "moderates", "belongs", "names"),
    [
        (ANONYMOUS, False, False, []),
        (Actor(person_id="p"), False, False, []),
        (with_roles(), False, False, []),
        (with_roles(Role.MEMBER), False, True, ["member"]),
        (with_roles(Role.MODERATOR), True, True, ["moderator"]),
        (with_roles(Role.FACILITATOR), True, True, ["facilitator"]),
        (with_roles(Role.MODERATOR, Role.MEMBER), True, True, ["member", "moderator"]),
        (with_roles(secretariat=True), False, True, ["secretariat"]),
        (with_roles(Role.MEMBER, secretariat=True), False, True, ["member", "secretariat"]),
    ],
)
def test_a_role_counts_in_its_space(actor: Actor, moderates: bool, belongs: bool, names: list[str]) -> None:
    assert actor.moderates(HERE) is moderates
    assert actor.is_moderator is moderates
    assert actor.moderated_spaces == (frozenset({HERE}) if moderates else frozenset())
    assert actor.belongs_to(HERE) is belongs
    assert actor.role_names() == names


@pytest.mark.parametrize("role", Role)
def test_a_role_is_nothing_in_another_space(role: Role) -> None:
    actor = with_roles(role)
    assert not actor.moderates(THERE)
    assert not actor.belongs_to(THERE)


def test_nobody_is_not_signed_in() -> None:
    assert not ANONYMOUS.signed_in
    assert Actor(person_id="p").signed_in
