"""Changes behind the engine's back: what somebody does in a cloud's console while the stack's state stays as it was.

For tests of drift detection and for operators who rehearse it; `python -m simcloud change`, docs/drift.md. A deletion goes
through the type's model, so that the cloud refuses what it would refuse and drops what it would drop. A changed property
is written as it is: no model is asked whether the cloud would take the value.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from pulumi.provider.experimental import provider as sdk

from simcloud.core.errors import SimcloudError
from simcloud.core.provider import SimulatedProvider
from simcloud.core.wire import property_map
from simcloud.ledger import Ledger, Record

EVERYWHERE = "0.0.0.0/0"

LOCKS: Mapping[str, str] = {
    "aws:ec2/instance:Instance": "disableApiTermination",
    "gcp:compute/instance:Instance": "deletionProtection",
}
"""The locks that somebody at a console switches off before a deletion."""

HELD_BY: Mapping[str, tuple[tuple[str, str], ...]] = {
    "aws:ebs/volume:Volume": (("aws:ec2/volumeAttachment:VolumeAttachment", "volumeId"),),
    "aws:ec2/eip:Eip": (("aws:ec2/eipAssociation:EipAssociation", "allocationId"),),
    "aws:ec2/instance:Instance": (("aws:ec2/eipAssociation:EipAssociation", "instanceId"),),
    "digitalocean:index/volume:Volume": (("digitalocean:index/volumeAttachment:VolumeAttachment", "volumeId"),),
}
"""What ends first: (type, the property of it that holds the id). GCP's models do it themselves."""

COMPANIONS: Mapping[tuple[str, str], str] = {("aws", "tags"): "tagsAll", ("gcp", "labels"): "effectiveLabels"}
"""Properties that show the same thing twice."""

ADDRESSES = ("aws:ec2/eip:Eip", "gcp:compute/address:Address")
KEYS = ("aws:kms/key:Key", "gcp:kms/cryptoKey:CryptoKey")
TAG_PROPERTIES = ("tags", "labels")

STEP = re.compile(r"""\.?([^.\[\]"]+)|\[(\d+)\]|\["([^"]*)"\]""")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Which resource: its type, its logical name, and the stack where that alone is not enough."""

    type: str
    name: str
    stack: str | None = None


def find(ledger: Ledger, place: Place) -> Record:
    """The one resource at a place.

    Raises:
        SimcloudError: When there is none, or more than one.
    """
    found = [one for one in ledger.records(type=place.type, stack=place.stack) if one.name == place.name]
    if len(found) == 1:
        return found[0]
    if found:
        stacks = ", ".join(sorted({one.stack for one in found}))
        raise SimcloudError(f"{len(found)} resources are {place.type} {place.name}, of {stacks}: add --stack")
    near = sorted({one.name for one in ledger.records(type=place.type, stack=place.stack) if one.urn})
    names = f"one of {', '.join(near[:10])}" if near else "a type that `python -m simcloud ls` shows"
    raise SimcloudError(f"the account has no {place.type} {place.name}: name {names}")


def delete(ledger: Ledger, place: Place, *, force: bool = False) -> list[Record]:
    """Deletes a resource as somebody at the console would: unlocks it, frees it, deletes it.

    Args:
        force: Also what the cloud would refuse; then only the resource itself goes, whatever depends on it.

    Returns:
        What is gone, the resource and what went along with it. A key stays in the account, pending deletion.

    Raises:
        SimcloudError: When there is no such resource, or the cloud refuses.
    """
    record = find(ledger, place)
    before = {one.seq: one for one in ledger.records()}
    if force:
        with ledger.transaction() as transaction:
            transaction.remove(record)
    else:
        lock = LOCKS.get(record.type)
        if lock:
            _write(ledger, record, {lock: False})
        for kind, prop in HELD_BY.get(record.type, ()):
            for holder in ledger.records(type=kind):
                if holder.outputs.get(prop) == record.id:
                    _delete(ledger, holder)
        _delete(ledger, find(ledger, place))
    left = {one.seq for one in ledger.records()}
    return [one for seq, one in before.items() if seq not in left]


def release(ledger: Ledger, place: Place) -> list[Record]:
    """Releases a public address; what it stood at keeps running without it. See `delete` for the answer."""
    _refuse_other_types(place, ADDRESSES, "no address")
    return delete(ledger, place, force=place.type not in HELD_BY)  # GCP refuses one in use: the console frees it first


def schedule_deletion(ledger: Ledger, place: Place) -> Record:
    """Schedules the deletion of a key, which ends its use at once; the answer is the key as it is then."""
    _refuse_other_types(place, KEYS, "no key")
    delete(ledger, place)
    return find(ledger, place)


def set_property(ledger: Ledger, place: Place, path: str, value: Any) -> Record:
    """Sets a property, such as `size`, `metadata.ssh-keys`, `tags["redoubt:role"]` or `inboundRules[0].portRange`.

    Raises:
        SimcloudError: When there is no such resource, or the path leads nowhere.
    """
    record = find(ledger, place)
    steps = _steps(path)
    outputs = _changed(dict(record.outputs), steps, path, lambda _: value)
    companion = COMPANIONS.get((record.provider, str(steps[0])))
    if companion and companion in outputs:
        outputs = _changed(outputs, [companion, *steps[1:]], path, lambda _: value)
    return _write(ledger, record, outputs)


def strip_tags(ledger: Ledger, place: Place) -> Record:
    """Takes all tags or labels off a resource.

    Raises:
        SimcloudError: When there is no such resource, or it can have none.
    """
    record = find(ledger, place)
    prop = next((name for name in TAG_PROPERTIES if name in record.outputs), None)
    if prop is None:
        raise SimcloudError(f"{place.type} has neither tags nor labels: name a resource that has")
    return set_property(ledger, place, prop, [] if isinstance(record.outputs[prop], list) else {})


def open_rule(ledger: Ledger, place: Place, source: str = EVERYWHERE, port: int = 22) -> Record:
    """Opens a firewall, a security group or one rule of it to a source.

    An AWS rule and a GCP firewall are widened, with the ports they have. A DigitalOcean firewall and an AWS group get one
    rule more, for TCP and the port; a group shows it as inline, which is what AWS's read makes of a rule beside ours.

    Raises:
        SimcloudError: When there is no such resource, or it is nothing that can be opened.
    """
    record = find(ledger, place)
    opener = OPENERS.get(record.type)
    if opener is None:
        raise SimcloudError(f"{place.type} opens nothing: name one of {', '.join(OPENERS)}")
    return _write(ledger, record, opener(record.outputs, source, port))


def _widened_aws_rule(outputs: Mapping[str, Any], source: str, _port: int) -> dict[str, Any]:
    kept = {name: value for name, value in outputs.items() if name != "referencedSecurityGroupId"}
    return {**kept, "referencedSecurityGroupId": None, "cidrIpv4": source}


def _one_more_in_group(outputs: Mapping[str, Any], source: str, port: int) -> dict[str, Any]:
    rule = {"protocol": "tcp", "fromPort": port, "toPort": port, "cidrBlocks": [source], "description": ""}
    return {"ingress": [*outputs.get("ingress", []), rule]}


def _widened_gcp_firewall(_outputs: Mapping[str, Any], source: str, _port: int) -> dict[str, Any]:
    return {"sourceRanges": [source], "sourceServiceAccounts": []}


def _one_more_in_firewall(outputs: Mapping[str, Any], source: str, port: int) -> dict[str, Any]:
    rule = {"protocol": "tcp", "portRange": str(port), "sourceAddresses": [source]}
    return {"inboundRules": [*outputs.get("inboundRules", []), rule]}


OPENERS: Mapping[str, Callable[[Mapping[str, Any], str, int], dict[str, Any]]] = {
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _widened_aws_rule,
    "aws:ec2/securityGroup:SecurityGroup": _one_more_in_group,
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": _one_more_in_group,
    "gcp:compute/firewall:Firewall": _widened_gcp_firewall,
    "digitalocean:index/firewall:Firewall": _one_more_in_firewall,
}


def _refuse_other_types(place: Place, types: tuple[str, ...], what: str) -> None:
    if place.type not in types:
        raise SimcloudError(f"{place.type} is {what}: name one of {', '.join(types)}")


def _provider(ledger: Ledger, name: str) -> SimulatedProvider:
    module = import_module(f"simcloud.{name}.provider")
    classes = [one for one in vars(module).values() if isinstance(one, type) and issubclass(one, SimulatedProvider)]
    return next(one for one in classes if getattr(one, "name", None) == name)(ledger)  # pyright: ignore[reportCallIssue]


def _delete(ledger: Ledger, record: Record) -> None:
    """By the provider, as the engine would ask for it: the model refuses and drops what the cloud would."""
    request = sdk.DeleteRequest(record.urn, record.id, property_map(dict(record.outputs)), 0)
    asyncio.run(_provider(ledger, record.provider).delete(request))


def _write(ledger: Ledger, record: Record, outputs: Mapping[str, Any]) -> Record:
    with ledger.transaction() as transaction:
        transaction.change(record, outputs={**record.outputs, **outputs})
    return next(one for one in ledger.records(type=record.type) if one.seq == record.seq)


def _steps(path: str) -> list[str | int]:
    steps: list[str | int] = []
    at = 0
    while at < len(path):
        found = STEP.match(path, at)
        if found is None:
            raise SimcloudError(f'{path!r} is no path: write it as size, labels.role, rules[0].port or tags["a:b"]')
        name, index, key = found.groups()
        steps.append(int(index) if index is not None else (key if key is not None else name))
        at = found.end()
    if not steps or not isinstance(steps[0], str):
        raise SimcloudError(f"{path!r} is no path: begin with a property's name")
    return steps


def _changed(value: Any, steps: list[str | int], path: str, change: Callable[[Any], Any]) -> Any:
    """A copy of a value with a change at the end of the steps; None there takes a key away."""
    if not steps:
        return change(value)
    step, rest = steps[0], steps[1:]
    if isinstance(step, int):
        if not isinstance(value, list) or not 0 <= step < len(value):  # pyright: ignore[reportUnknownArgumentType]
            raise SimcloudError(f"{path}: there is no [{step}]: look with `pulumi stack export`")
        items: list[Any] = list(value)  # pyright: ignore[reportUnknownArgumentType]
        items[step] = _changed(items[step], rest, path, change)
        return items
    if value is not None and not isinstance(value, dict):
        raise SimcloudError(f"{path}: {step} is in nothing that has names: give an index, or a shorter path")
    fields: dict[str, Any] = dict(value or {})  # pyright: ignore[reportUnknownArgumentType]
    fields[step] = _changed(fields.get(step), rest, path, change)
    return fields
