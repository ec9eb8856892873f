"""The simulated account and what stands in it by itself: regions, zones, ids, ARNs, its clock.

Forms of ids and ARNs: simcloud/data/aws.json, `common.ids` and each type's `id` and `arn`.
"""

from __future__ import annotations

import datetime
import functools
import json
from typing import Any

from simcloud.core.errors import CloudError
from simcloud.core.model import Call
from simcloud.core.schema import DATA
from simcloud.ledger import Record, Transaction

DEFAULT_ACCOUNT = "123456789012"
OFFERED: dict[str, Any] = json.loads((DATA / "aws-account.json").read_text(encoding="utf-8"))
REGIONS = frozenset(OFFERED["zones"])
EPOCH = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)


def account_id(transaction: Transaction) -> str:
    """The account's id; `python -m simcloud set account.aws ID` changes it in a new ledger."""
    return transaction.setting("account.aws", DEFAULT_ACCOUNT)


def new_id(call: Call, prefix: str) -> str:
    """An EC2 id: the prefix and 17 hex digits, counted so that a new ledger gives the same ids again."""
    return f"{prefix}-{call.transaction.count(prefix):017x}"


def new_uuid(call: Call) -> str:
    """A UUID, counted."""
    return f"00000000-0000-4000-8000-{call.transaction.count('uuid'):012x}"


def arn(call: Call, service: str, resource: str) -> str:
    """The ARN of a resource of this account and region."""
    return f"arn:aws:{service}:{call.region}:{call.account}:{resource}"


def now(call: Call) -> str:
    """The account's time, one second later at every call: simulated, so that a run can be repeated."""
    passed = datetime.timedelta(seconds=call.transaction.count("clock"))
    return (EPOCH + passed).strftime("%Y-%m-%dT%H:%M:%SZ")


@functools.cache
def zones(region: str) -> dict[str, str]:
    """The region's zones and their ids; in a real account the order of the ids is the account's own."""
    number = region.rpartition("-")[2]
    area, *directions = region.split("-")[:-1]
    initials = {"northeast": "ne", "southeast": "se"}
    short = area + "".join(initials.get(word, word[0]) for word in directions) + number
    return {f"{region}{letter}": f"{short}-az{n}" for n, letter in enumerate(OFFERED["zones"][region], start=1)}


def require(call: Call, type: str, id: str | None, code: str, what: str) -> Record:  # noqa: A002
    """The record that an id refers to, or the cloud's answer that it does not exist."""
    record = call.get(type, id) if id else None
    if record is None:
        raise CloudError(
            code,
            f"The {what} '{id}' does not exist",
            f"give the id of one that is in {call.region or 'this account'}, or `pulumi refresh` if it was deleted",
        )
    return record


def in_use(code: str, what: str, users: list[Record]) -> CloudError:
    """The cloud's refusal to delete what others still use; the real provider retries it."""
    names = ", ".join(sorted(user.id for user in users)[:5])
    return CloudError(
        code,
        f"{what} is still used by {names} and cannot be deleted",
        "delete what uses it first, or add the missing dependency to the program",
        retry=True,
    )


def import_form(id: str, form: str, example: str) -> CloudError:  # noqa: A002
    """The provider's refusal of an import id that is not of the type's form."""
    return CloudError("ImportId", f"unexpected format of ID ({id}), expected {form}", f"give an id such as {example}")
