"""The simulated account and what stands in it by itself: regions, ids, its clock, and the API's answers.

A DigitalOcean account is flat: ids are unique in all of it, and a name, a tag or an address range counts in every region.
Forms of ids: simcloud/data/digitalocean.json, `conventions.ids`.
"""

from __future__ import annotations

import datetime
import json
from typing import Any

from simcloud.core.errors import CloudError
from simcloud.core.model import Call
from simcloud.core.schema import DATA
from simcloud.ledger import Record, Transaction

DEFAULT_ACCOUNT = "00000000-0000-4000-8000-d00000000000"
DEFAULT_PROJECT = "00000000-0000-4000-8000-d00000000001"
"""The project that everything is in which nobody has put into another one; it has no record of its own."""

OFFERED: dict[str, Any] = json.loads((DATA / "digitalocean-account.json").read_text(encoding="utf-8"))
OPEN_REGIONS = frozenset(OFFERED["regions"]["open"])
EPOCH = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
FIRST_DROPLET = 500_000_000
FIRST_SSH_KEY = 50_000_000


class AccountCall(Call):
    """A call that sees the whole account: a region says where something is and never hides it."""

    def find(self, type: str, **outputs: str | int | None) -> list[Record]:  # noqa: A002
        """The records of a type in the account whose outputs have these values."""
        return self.transaction.records(self.provider, None, type, outputs=outputs)

    def get(self, type: str, id: str) -> Record | None:  # noqa: A002
        """The record of a type and id in the account."""
        return next(iter(self.find(type, id=id)), None)


def account_id(transaction: Transaction) -> str:
    """The account's id; `python -m simcloud set account.digitalocean ID` changes it in a new ledger."""
    return transaction.setting("account.digitalocean", DEFAULT_ACCOUNT)


def is_on(call: Call, feature: str) -> bool:
    """Whether the account has something that not every account has; `set digitalocean.FEATURE off` takes it away."""
    name = f"digitalocean.{feature}"
    value = call.transaction.setting(name, "on")
    if value not in ("on", "off"):
        raise CloudError("setting", f"{name} is {value!r}", f"run `python -m simcloud set {name} on` or `off`")
    return value == "on"


def new_uuid(call: Call) -> str:
    """A UUID, counted so that a new ledger gives the same ones again."""
    return f"00000000-0000-4000-8000-{call.transaction.count('digitalocean.uuid'):012x}"


def new_number(call: Call, kind: str, first: int) -> str:
    """The number that a droplet or an SSH key has for an id, counted."""
    return str(first + call.transaction.count(f"digitalocean.{kind}"))


def now(call: Call) -> str:
    """The account's time, one second later at every call: simulated, so that a run can be repeated."""
    passed = datetime.timedelta(seconds=call.transaction.count("clock"))
    return (EPOCH + passed).strftime("%Y-%m-%dT%H:%M:%SZ")


def unprocessable(message: str, remedy: str) -> CloudError:
    """The API's answer 422: the request is understood and cannot be done."""
    return CloudError("422", message, remedy)


def conflict(message: str, remedy: str, *, retry: bool = False) -> CloudError:
    """The API's answer 409: what is there stands in the way."""
    return CloudError("409", message, remedy, retry=retry)


def require(call: Call, type: str, id: str, what: str) -> Record:  # noqa: A002
    """The record that an id refers to, or the API's answer that it does not exist."""
    record = call.get(type, id)
    if record is None:
        raise CloudError(
            "404",
            f"{what} {id!r} not found",
            "give the id of one that is in this account, or `pulumi refresh` if it was deleted",
        )
    return record


def refuse_taken_name(call: Call, type: str, name: str, what: str, *, except_id: str = "") -> None:  # noqa: A002
    """Raise if another record of the type has the name; which types want that: data/digitalocean.json, `checks`."""
    if any(other.id != except_id for other in call.find(type, name=name)):
        raise conflict(f"{what} name {name!r} is already in use", "choose a name that the account does not have")


def refuse_closed_region(region: str) -> None:
    """Raise unless new things can be made in the region."""
    if region not in OPEN_REGIONS:
        raise unprocessable("Region is not available", f"use one of {', '.join(sorted(OPEN_REGIONS))}, not {region!r}")


def not_importable(token: str) -> CloudError:
    """The provider's refusal to import a type."""
    return CloudError(
        "import", f"resource {token} doesn't support import", "make it again: what is there is taken as it is"
    )
