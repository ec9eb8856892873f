"""A whole fleet as the engine shows it in a first preview: the committed testnet, recorded once, with no id known."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from policies.rule import Seen
from tests.support.policy_cases import Change, Sample
from tests.support.recorded_policy import raw, recorded
from tests.support.samples import committed

INSTANCE = "aws:ec2/instance:Instance"
GCP_INSTANCE = "gcp:compute/instance:Instance"
DROPLET = "digitalocean:index/droplet:Droplet"
STACK = "pulumi:pulumi:Stack"


@lru_cache(maxsize=1)
def fleet() -> tuple[Sample, ...]:
    """Every resource of the testnet on four providers."""
    return tuple(_sample(one) for one in recorded(committed("testnet"), "testnet", preview=True).resources)


def one(type_: str, name: str) -> Callable[[], Sample]:
    """One of them, made when it is asked for."""

    def made() -> Sample:
        (found,) = [each for each in fleet() if (each.type, each.name) == (type_, name)]
        return found

    return made


def _sample(one: Seen) -> Sample:
    return Sample(
        type=one.type,
        name=one.name,
        props=raw(one.values),
        outputs=raw(one.outputs.values),
        protect=one.protect,
        ignore_changes=one.ignore_changes,
        delete_before_replace=one.delete_before_replace,
        parent=one.parent,
        provider=one.provider,
        dependencies={key: tuple(_reference(urn) for urn in urns) for key, urns in one.dependencies.items()},
    )


def _reference(urn: str) -> str:
    """A URN as samples refer to each other: by type and name."""
    _, _, types, name = urn.split("::")
    return f"{types.rpartition('$')[2]}::{name}"


def intending(change: Callable[[dict[str, Any]], object]) -> Change:
    """Changes what the stack's output says that the fleet is."""

    def apply(given: Any) -> list[Sample]:
        return [_intended(one, change) if one.type == STACK else one for one in given]

    return apply


def _intended(root: Sample, change: Callable[[dict[str, Any]], object]) -> Sample:
    outputs = raw(root.outputs)
    change(outputs["fleet"])
    return replace(root, outputs=outputs)


def linking(path: str, *to: str) -> Change:
    """Makes a property depend on other resources, each as `type::name`."""

    def apply(one: Sample) -> Sample:
        return replace(one, dependencies={**one.dependencies, path: to})

    return apply


AWS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
GCP = "gcp:compute/firewall:Firewall"
DO = "digitalocean:index/firewall:Firewall"
ACCOUNT = "gcp:serviceaccount/account:Account"


def opened(
    group: str,
    source: str,
    *,
    port: int = 0,
    last: int | None = None,
    protocol: str = "tcp",
    field: str = "cidrIpv4",
    more: Change = lambda sample: sample,
) -> Change:
    """Adds a rule `extra` to a security group."""
    props = {"ipProtocol": protocol, "fromPort": float(port), "toPort": float(last or port), field: source}
    rule = Sample(
        type=AWS,
        name="extra",
        props={key: value for key, value in props.items() if value != ""} | {"securityGroupId": UNKNOWN_STRING_VALUE},
        dependencies={"securityGroupId": (f"aws:ec2/securityGroup:SecurityGroup::{group}",)},
    )
    return lambda given: [*given, more(rule)]
