"""Sign in, within limits: only failures count, by network address, and by account together with the address.

Never by account alone: nobody can lock out another person by guessing.
"""

from forum.kernel.errors import Refusal
from forum.people import accounts
from forum.people.accounts import Suspended
from forum.people.forms import Credentials, fold_email
from forum.people.models import Person
from forum.web.limits import Limiter


async def attempt(limiter: Limiter, address: str, form: Credentials) -> Person:
    """Return who signs in from `address`; raises Refusal as `accounts.sign_in` does, TooMany after too many failures."""
    keys = (address, f"{fold_email(form.email)} {address}")
    for key in keys:
        await limiter.check("signin", key)
    try:
        person = await accounts.sign_in(form)
    except Refusal as refusal:
        if not isinstance(refusal, Suspended):
            for key in keys:
                await limiter.hit("signin", key)
        raise
    # Asked again: of many guesses sent at once, all had passed the first time.
    for key in keys:
        await limiter.check("signin", key)
    return person
