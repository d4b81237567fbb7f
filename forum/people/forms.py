"""What people send about themselves."""

import re

from pydantic import BaseModel, Field, field_validator
from pydantic_core import PydanticCustomError

from forum.kernel.locales import LANGS
from forum.text.names import clean_name

EMAIL = re.compile(r"[^@\s<>()\[\],;:\\\"]{1,64}@[^@\s<>()\[\],;:\\\"]{1,180}\.[^@\s<>()\[\],;:\\\".]{2,63}")


def fold_email(email: str) -> str:
    """Return the form in which addresses are stored and compared."""
    return email.strip().casefold()


class Credentials(BaseModel):
    """Who wants to sign in."""

    email: str = Field(max_length=254)
    password: str = Field(max_length=1000)


class NewAccount(BaseModel):
    """Who wants an account."""

    email: str = Field(max_length=254)
    name: str = Field(max_length=200)
    password: str = Field(max_length=1000)
    lang: str = Field(default="en", max_length=2)

    @field_validator("email")
    @classmethod
    def _email(cls, value: str) -> str:
        folded = fold_email(value)
        if not EMAIL.fullmatch(folded):
            raise PydanticCustomError("email.invalid", "not an address")
        return folded

    @field_validator("name")
    @classmethod
    def _name(cls, value: str) -> str:
        try:
            return clean_name(value)
        except ValueError as error:
            raise PydanticCustomError("name.invalid", "not a name") from error

    @field_validator("lang")
    @classmethod
    def _lang(cls, value: str) -> str:
        if value not in LANGS:
            raise PydanticCustomError("field.choice", "not a language")
        return value


class NewAffiliation(BaseModel):
    """For whom a person says to speak."""

    entity: str = Field(max_length=32)
    title: str = Field(default="", max_length=120)


class NewEntity(BaseModel):
    """An organization, UN body or group that the secretariat adds; names missing in a language repeat the English one."""

    kind: str = Field(pattern="^(un_body|organization|group)$")
    code: str = Field(min_length=2, max_length=40, pattern="^[A-Za-z0-9-]+$")
    acronym: str = Field(default="", max_length=20)
    name_en: str = Field(min_length=2, max_length=200)
    name_ar: str = Field(default="", max_length=200)
    name_zh: str = Field(default="", max_length=200)
    name_fr: str = Field(default="", max_length=200)
    name_ru: str = Field(default="", max_length=200)
    name_es: str = Field(default="", max_length=200)
