"""KMS keys and aliases (internal/service/kms/key.go and alias.go; see data/aws.json)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from simcloud.aws.account import arn, new_uuid
from simcloud.aws.common import AwsModel, allowed_principals, check_policy, listed, policies_equal, statements
from simcloud.aws.tokens import ALIAS, KEY
from simcloud.core.check import Failure
from simcloud.core.errors import CloudError
from simcloud.core.model import Autoname, Call, Created, Properties
from simcloud.core.naming import name_of
from simcloud.core.values import UNKNOWN, known
from simcloud.ledger import Record

MALFORMED = "MalformedPolicyDocumentException"
SYMMETRIC = "SYMMETRIC_DEFAULT"
DEFAULT_WINDOW = 30
DEFAULT_ROTATION = 365

USAGES = {
    "SYMMETRIC": {"ENCRYPT_DECRYPT"},
    "RSA": {"ENCRYPT_DECRYPT", "SIGN_VERIFY"},
    "HMAC": {"GENERATE_VERIFY_MAC"},
    "ECC": {"SIGN_VERIFY", "KEY_AGREEMENT"},
    "ML": {"SIGN_VERIFY"},
    "SM2": {"ENCRYPT_DECRYPT", "SIGN_VERIFY", "KEY_AGREEMENT"},
}
"""What a key of a family can be for (KMS API, CreateKey, KeyUsage); ECC_NIST_EDWARDS25519 and SECG only sign."""


def find_key(call: Call, key: str) -> Record | None:
    """The key that an id or ARN stands for, in whatever state."""
    prefix = arn(call, "kms", "key/")
    return call.get(KEY, key.removeprefix(prefix))


def require_key(call: Call, key: str) -> Record:
    """The key that an id or ARN stands for, unless it is about to be deleted."""
    record = find_key(call, key)
    if record is None:
        raise CloudError(
            "NotFoundException",
            f"Key '{key}' does not exist",
            f"give the id or ARN of a key of {call.region}",
        )
    if record.hidden["state"] == "PendingDeletion":
        raise CloudError(
            "KMSInvalidStateException",
            f"{record.outputs['arn']} is pending deletion",
            "use another key, or cancel the deletion while its window lasts",
        )
    return record


def refuse_unusable_key(call: Call, key: str, code: str) -> None:
    """Raise with a service's own code unless the key can encrypt for it: symmetric, enabled, not being deleted."""
    record = find_key(call, key)
    state = record.hidden["state"] if record else "unknown"
    symmetric = record is not None and record.outputs["customerMasterKeySpec"] == SYMMETRIC
    if state != "Enabled" or not symmetric:
        raise CloudError(
            code,
            f"The KMS key {key} cannot be used, its state is {state}" + ("" if symmetric else ", it is not symmetric"),
            f"give the ARN of an enabled symmetric key of {call.region}",
        )


def default_policy(call: Call) -> str:
    """The policy of a key made without one: the account's administrators decide."""
    statement = {
        "Sid": "Enable IAM User Permissions",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{call.account}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    return json.dumps({"Version": "2012-10-17", "Id": "key-default-1", "Statement": [statement]})


def refuse_lockout(call: Call, policy: str) -> None:
    """KMS refuses a policy after which nobody of the account could change the policy again."""
    insiders = {"*", call.account, f"arn:aws:iam::{call.account}:root"}
    for statement in statements(policy, MALFORMED):
        principal = statement.get("Principal")
        named = {"*"} if principal == "*" else set(listed((principal or {}).get("AWS")))
        ours = named & insiders or any(str(p).startswith(f"arn:aws:iam::{call.account}:") for p in named)
        actions = {str(action).lower() for action in listed(statement.get("Action"))}
        if statement["Effect"] == "Allow" and ours and actions & {"*", "kms:*", "kms:put*", "kms:putkeypolicy"}:
            return
    raise CloudError(
        MALFORMED,
        "The new key policy will not allow you to update the key policy in the future",
        f"allow kms:PutKeyPolicy to a principal of account {call.account}, or set bypassPolicyLockoutSafetyCheck",
    )


def refuse_service(record: Record, service: str, code: str) -> None:
    """Raise with a service's own code unless the key's policy lets that service use it."""
    principals = allowed_principals(record.outputs["policy"], "Service", MALFORMED)
    if not principals & {"*", service}:
        raise CloudError(
            code,
            f"The key {record.outputs['arn']} does not allow {service} to use it",
            f'add a statement with "Principal": {{"Service": "{service}"}} to the key\'s policy',
        )


def get_key(call: Call, args: Properties) -> Properties:
    """The function getKey: a key by id or ARN, also one that waits for its deletion (kms/key_data_source.go)."""
    record = find_key(call, args["keyId"])
    if record is None:
        raise CloudError("NotFoundException", f"Key '{args['keyId']}' does not exist", "give the id or ARN of a key")
    spec, state = record.outputs["customerMasterKeySpec"], record.hidden["state"]
    return {
        "arn": record.outputs["arn"],
        "awsAccountId": call.account,
        "cloudHsmClusterId": "",
        "creationDate": "",
        "customKeyStoreId": "",
        "customerMasterKeySpec": spec,
        "deletionDate": "",
        "description": record.outputs.get("description", ""),
        "enabled": state == "Enabled",
        "expirationModel": "",
        "grantTokens": args.get("grantTokens", []),
        "id": record.id,
        "keyId": args["keyId"],
        "keyManager": "CUSTOMER",
        "keySpec": spec,
        "keyState": state,
        "keyUsage": record.outputs["keyUsage"],
        "multiRegion": record.outputs["multiRegion"],
        "multiRegionConfigurations": [],
        "origin": "AWS_KMS",
        "pendingDeletionWindowInDays": 0,
        "region": call.region,
        "validTo": "",
        "xksKeyConfigurations": [],
    }


class Key(AwsModel):
    """A key. Deleting schedules it: the key stays, pending deletion, and cannot be used. Own stores are not modelled."""

    token = KEY
    unsupported = frozenset({"customKeyStoreId", "xksKeyId"})

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        yield from check_policy(inputs, "policy")

    def same(self, prop: str, old: Any, new: Any) -> bool:
        """Policies that mean the same are no change."""
        return prop == "policy" and policies_equal(old, new)

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        spec, usage = inputs["customerMasterKeySpec"], inputs["keyUsage"]
        if usage not in USAGES[spec.partition("_")[0]]:
            raise CloudError(
                "ValidationException",
                f"KeyUsage {usage} is not compatible with KeySpec {spec}",
                f"use one of {', '.join(sorted(USAGES[spec.partition('_')[0]]))}",
            )
        policy = inputs.get("policy") or default_policy(call)
        self._refuse(call, inputs, spec, policy)
        multi_region = inputs.get("multiRegion", False)
        uuid = new_uuid(call)
        key_id = f"mrk-{uuid.replace('-', '')}" if multi_region else uuid
        outputs = {
            "arn": arn(call, "kms", f"key/{key_id}"),
            "keyId": key_id,
            "multiRegion": multi_region,
            "policy": policy,
            "rotationPeriodInDays": self._rotation(inputs),
        }
        return Created(key_id, outputs, hidden={"state": self._state(inputs)})

    def update(self, call: Call, record: Record, inputs: Properties) -> Properties:
        """See Model.update; a disabled key is enabled while other changes are made."""
        require_key(call, record.id)
        policy = inputs.get("policy") or record.outputs["policy"]
        self._refuse(call, inputs, record.outputs["customerMasterKeySpec"], policy)
        call.change(record, hidden={"state": self._state(inputs)})
        return {"rotationPeriodInDays": inputs.get("rotationPeriodInDays") or self._rotation(inputs)}

    def delete(self, call: Call, record: Record) -> bool:
        """See Model.delete; nothing blocks scheduling, and the record stays."""
        window = record.outputs.get("deletionWindowInDays", DEFAULT_WINDOW)
        call.change(record, hidden={"state": "PendingDeletion", "deleted_in_days": window})
        return False

    def gone(self, record: Record) -> bool:
        """See Model.gone; a key that is pending deletion counts as gone."""
        return record.hidden["state"] == "PendingDeletion"

    def _refuse(self, call: Call, inputs: Properties, spec: str, policy: str) -> None:
        statements(policy, MALFORMED)
        if not inputs.get("bypassPolicyLockoutSafetyCheck"):
            refuse_lockout(call, policy)
        if inputs.get("enableKeyRotation") and spec != SYMMETRIC:
            raise CloudError(
                "UnsupportedOperationException",
                f"A key of spec {spec} cannot be rotated",
                "leave enableKeyRotation out, or use a symmetric key",
            )

    def _state(self, inputs: Properties) -> str:
        return "Enabled" if inputs.get("isEnabled", True) else "Disabled"

    def _rotation(self, inputs: Properties) -> int:
        return inputs.get("rotationPeriodInDays", DEFAULT_ROTATION) if inputs.get("enableKeyRotation") else 0


class Alias(AwsModel):
    """A name for a key, unique in account and region; its id is its name."""

    token = ALIAS
    autoname = Autoname(238, prefix="alias/")

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        for name in ("name", "namePrefix"):
            if (known(inputs, name) or "").startswith("alias/aws"):
                yield Failure(name, "must not begin with alias/aws, which is AWS's own: choose another")

    def same(self, prop: str, old: Any, new: Any) -> bool:
        """The id and the ARN of one key are no change."""
        if prop != "targetKeyId" or UNKNOWN in (old, new) or old is None or new is None:
            return False
        return old.rpartition("/")[2] == new.rpartition("/")[2]

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        name = name_of(call, inputs)
        key = require_key(call, inputs["targetKeyId"])
        if call.get(ALIAS, name):
            raise CloudError(
                "AlreadyExistsException",
                f"An alias with the name {name} already exists",
                "choose another name; a replacement with a fixed name needs delete_before_replace",
            )
        return Created(name, {"arn": arn(call, "kms", name), "name": name, "targetKeyArn": key.outputs["arn"]})

    def update(self, call: Call, record: Record, inputs: Properties) -> Properties:
        """See Model.update; UpdateAlias moves it between keys of one spec and usage."""
        key = require_key(call, inputs["targetKeyId"])
        old = find_key(call, record.outputs["targetKeyArn"])
        kinds = [(k.outputs["customerMasterKeySpec"], k.outputs["keyUsage"]) for k in (key, old) if k]
        if len(set(kinds)) > 1:
            raise CloudError(
                "ValidationException",
                f"Alias {record.id} cannot move between keys of different spec or usage",
                "make another alias for the new key",
            )
        return {"targetKeyArn": key.outputs["arn"]}
