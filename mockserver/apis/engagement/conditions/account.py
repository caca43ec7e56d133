"""The condition `account`."""

from __future__ import annotations

from typing import ClassVar

from mockserver.model import Json, ValidCall
from mockserver.scenarios.conditions.texts import OneOfTexts


class Account(OneOfTexts):
    """A call is for one of these accounts."""

    summary: ClassVar = "The account of the call."
    where: ClassVar = "account"
    component: ClassVar = "AccountId"

    @classmethod
    def text_of(cls, call: ValidCall) -> Json:
        """Return the account in the path."""
        return call.account
