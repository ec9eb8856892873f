"""What the AWS models share: tags, address blocks, policy documents."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterator
from typing import Any

from simcloud.aws.account import REGIONS
from simcloud.core.check import Failure
from simcloud.core.errors import CloudError
from simcloud.core.model import Model, Properties
from simcloud.core.values import UNKNOWN, has_unknown, known

MAX_TAGS = 50
MAX_TAG_KEY = 128
MAX_TAG_VALUE = 256

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class AwsModel(Model):
    """A type of the AWS provider: `region` and `tags` are checked for all of them (aws.json, `common`)."""

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check; subclasses add theirs with `yield from super().check(...)`."""
        given = known(inputs, "region")
        if given is not None and given not in REGIONS:
            yield Failure("region", f"{given!r} is not a region of AWS: use one such as eu-central-1")
        tags = inputs.get("tags", {})
        if tags is UNKNOWN:
            return
        if len(tags) > MAX_TAGS:
            yield Failure("tags", f"has {len(tags)} tags, a resource takes {MAX_TAGS}: remove some")
        for key, value in tags.items():
            if not key or key.lower().startswith("aws:"):
                yield Failure("tags", f"{key!r} is not a key that may be used: use one that does not begin with aws:")
            if len(key) > MAX_TAG_KEY or (value is not UNKNOWN and len(value) > MAX_TAG_VALUE):
                yield Failure(
                    f"tags.{key}", f"is too long: use {MAX_TAG_KEY} characters for a key, {MAX_TAG_VALUE} after"
                )


def check_block(inputs: Properties, name: str, version: int) -> Iterator[Failure]:
    """The provider's own check of an address block: a network address, no host bits (verify.ValidCIDRNetworkAddress)."""
    block = known(inputs, name)
    if block is not None:
        yield from check_network(block, version, name)


def check_network(block: str, version: int, path: str) -> Iterator[Failure]:
    """See check_block; for a block that stands somewhere else than in a property of its own."""
    kind = ipaddress.IPv4Network if version == 4 else ipaddress.IPv6Network
    try:
        if "/" not in block:
            raise ValueError
        kind(block)
    except ValueError:
        remedy = _network_address(block, version)
        yield Failure(path, f"{block!r} is not an IPv{version} network address: {remedy}")


def _network_address(block: str, version: int) -> str:
    try:
        network = ipaddress.ip_network(block, strict=False)
    except ValueError:
        network = None
    if network is None or network.version != version or "/" not in block:
        return "write it as address/prefix length"
    return f"did you mean {network}?"


def canonical_policy(policy: Any) -> Any:
    """A policy as compared: the order of keys does not matter, nor does a single value against a list of one."""
    if isinstance(policy, str):
        try:
            policy = json.loads(policy)
        except ValueError:
            return policy
    if isinstance(policy, dict):
        return {key: canonical_policy_value(value) for key, value in policy.items()}
    return policy


def canonical_policy_value(value: Any) -> Any:
    """See canonical_policy; lists are sets in a policy."""
    if isinstance(value, dict):
        return {key: canonical_policy_value(item) for key, item in value.items()}
    if isinstance(value, list):
        items = [canonical_policy_value(item) for item in value]
        return items[0] if len(items) == 1 else sorted(items, key=lambda item: json.dumps(item, sort_keys=True))
    return value


def policies_equal(old: Any, new: Any) -> bool:
    """Whether two policies mean the same to the provider."""
    return canonical_policy(old) == canonical_policy(new)


def policy_text(value: Any) -> Any:
    """A policy document as text; the bridge takes an object too (tfbridge.TransformJSONDocument)."""
    if isinstance(value, dict) and not has_unknown(value):
        return json.dumps(value)
    return UNKNOWN if has_unknown(value) else value


def check_policy(inputs: Properties, name: str) -> Iterator[Failure]:
    """The provider's own check: the text is JSON (validation.StringIsJSON)."""
    policy = known(inputs, name)
    if isinstance(policy, str):
        try:
            json.loads(policy)
        except ValueError as error:
            yield Failure(name, f"is not JSON ({error}): use json.dumps on the document")


def statements(policy: str, code: str) -> list[dict[str, Any]]:
    """The statements of a policy; one without any is refused with the service's code."""
    document = json.loads(policy)
    found = document.get("Statement") if isinstance(document, dict) else None
    listed = found if isinstance(found, list) else [found]
    if not all(isinstance(statement, dict) and statement.get("Effect") in ("Allow", "Deny") for statement in listed):
        raise CloudError(
            code,
            "the policy has no well-formed statements",
            'write "Statement": [{"Effect": "Allow", ...}]',
        )
    return listed  # type: ignore[return-value] -- all are dicts by the check above


def listed(value: Any) -> list[Any]:
    """The values of a policy element that takes one or several."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def allowed_principals(policy: str, kind: str, code: str) -> set[str]:
    """The principals of a kind (`Service`, `AWS`) that the policy's Allow statements name; `*` stands for all."""
    found: set[str] = set()
    for statement in statements(policy, code):
        principal = statement.get("Principal")
        if statement["Effect"] == "Allow" and principal is not None:
            found.update({"*"} if principal == "*" else listed(principal.get(kind)))
    return found
