"""IAM roles and their inline policies (internal/service/iam/role.go and role_policy.go; see data/aws.json)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from simcloud.aws.account import in_use, now, require
from simcloud.aws.common import AwsModel, allowed_principals, check_policy, policies_equal, policy_text, statements
from simcloud.aws.tokens import ROLE, ROLE_POLICY
from simcloud.core.check import Failure
from simcloud.core.errors import CloudError
from simcloud.core.model import Autoname, Call, Created, Properties
from simcloud.core.naming import name_of
from simcloud.core.values import UNKNOWN, known
from simcloud.ledger import Record

MALFORMED = "MalformedPolicyDocument"
INLINE_QUOTA = 10240
TRUST_QUOTA = 2048
TYPOGRAPHIC_QUOTES = set("\u2018\u2019\u201c\u201d")


def characters(policy: str) -> int:
    """The length of a policy as IAM counts it: without white space outside of strings."""
    return len(json.dumps(json.loads(policy), separators=(",", ":")))


def find_role_by_arn(call: Call, role_arn: str) -> Record | None:
    """The role of an ARN; IAM is global, so its records have no region."""
    roles = call.transaction.records(call.provider, "", ROLE)
    return next((role for role in roles if role.outputs["arn"] == role_arn), None)


def trusts(role: Record, service: str) -> bool:
    """Whether a service may take the role."""
    return bool(allowed_principals(role.outputs["assumeRolePolicy"], "Service", MALFORMED) & {"*", service})


class Role(AwsModel):
    """A role. Policies on the role itself are not modelled (they are deprecated): use RolePolicy."""

    token = ROLE
    regional = False
    autoname = Autoname(64)
    unsupported = frozenset({"inlinePolicies", "managedPolicyArns"})

    def normalize(self, inputs: Properties) -> Properties:
        """See Model.normalize."""
        return {**inputs, "assumeRolePolicy": policy_text(inputs["assumeRolePolicy"])}

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        yield from check_policy(inputs, "assumeRolePolicy")
        if TYPOGRAPHIC_QUOTES & set(known(inputs, "description") or ""):
            yield Failure("description", "must not hold typographic quotes: use straight ones")

    def same(self, prop: str, old: Any, new: Any) -> bool:
        """Policies that mean the same are no change."""
        return prop == "assumeRolePolicy" and policies_equal(old, new)

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create; a name is unique whatever its path and case."""
        name = name_of(call, inputs)
        self._refuse(call, inputs)
        path = inputs.get("path", "/")
        if not (path.startswith("/") and path.endswith("/")):
            raise CloudError("ValidationError", f"The specified value for path is invalid: {path}", "write /path/")
        if any(role.id.lower() == name.lower() for role in call.find(ROLE)):
            raise CloudError(
                "EntityAlreadyExists",
                f"Role with name {name} already exists",
                "choose another name; a replacement with a fixed name needs delete_before_replace",
            )
        outputs = {
            "arn": f"arn:aws:iam::{call.account}:role{path}{name}",
            "createDate": now(call),
            "name": name,
            "uniqueId": f"AROA{call.transaction.count('role'):017d}",
        }
        return Created(name, outputs)

    def update(self, call: Call, record: Record, inputs: Properties) -> Properties:
        """See Model.update."""
        self._refuse(call, inputs)
        return {}

    def delete(self, call: Call, record: Record) -> bool:
        """See Model.delete; with forceDetachPolicies the provider removes the policies first."""
        policies = call.find(ROLE_POLICY, role=record.id)
        if policies and not record.outputs.get("forceDetachPolicies"):
            raise in_use("DeleteConflict", f"Role {record.id}", policies)
        for policy in policies:
            call.remove(policy)
        return True

    def _refuse(self, call: Call, inputs: Properties) -> None:
        trust = inputs["assumeRolePolicy"]
        if not all("Principal" in statement for statement in statements(trust, MALFORMED)):
            raise CloudError(
                MALFORMED, "A statement of the trust policy has no principal", "name who may take the role"
            )
        if characters(trust) > TRUST_QUOTA:
            raise CloudError("LimitExceeded", f"The trust policy has over {TRUST_QUOTA} characters", "shorten it")
        boundary = inputs.get("permissionsBoundary", "")
        if boundary and not boundary.startswith("arn:aws:iam::aws:policy/"):
            raise CloudError(
                "NoSuchEntity",
                f"Scope ARN: {boundary} does not exist or is not attachable",
                "use one of AWS's own policies; customer policies are not simulated",
            )


class RolePolicy(AwsModel):
    """An inline policy of a role; creating one over another of the same name takes its place, as PutRolePolicy does."""

    token = ROLE_POLICY
    regional = False
    autoname = Autoname(128)

    def normalize(self, inputs: Properties) -> Properties:
        """See Model.normalize."""
        return {**inputs, "policy": policy_text(inputs["policy"])}

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        yield from check_policy(inputs, "policy")
        role = inputs["role"]
        if role is not UNKNOWN and role.startswith("arn:"):
            yield Failure("role", f"{role!r} is an ARN: give the role's name")

    def same(self, prop: str, old: Any, new: Any) -> bool:
        """Policies that mean the same are no change."""
        return prop == "policy" and policies_equal(old, new)

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        require(call, ROLE, inputs["role"], "NoSuchEntity", "role")
        name = name_of(call, inputs)
        policy_id = f"{inputs['role']}:{name}"
        older = call.get(ROLE_POLICY, policy_id)
        if older:
            call.remove(older)
        self._refuse(call, inputs, policy_id)
        return Created(policy_id, {"name": name})

    def update(self, call: Call, record: Record, inputs: Properties) -> Properties:
        """See Model.update."""
        self._refuse(call, inputs, record.id)
        return {}

    def _refuse(self, call: Call, inputs: Properties, policy_id: str) -> None:
        statements(inputs["policy"], MALFORMED)
        others = [p.outputs["policy"] for p in call.find(ROLE_POLICY, role=inputs["role"]) if p.id != policy_id]
        if sum(map(characters, [*others, inputs["policy"]])) > INLINE_QUOTA:
            raise CloudError(
                "LimitExceeded",
                f"Maximum policy size of {INLINE_QUOTA} bytes exceeded for role {inputs['role']}",
                "shorten the policies of the role",
            )
