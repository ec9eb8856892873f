"""Ids of lost DigitalOcean resources: by the name that the program gave them, which carries fleet and stack.

Names are no keys at DigitalOcean: two droplets can have one. So a candidate must also be what the program would have
made (region, network, tags), and whatever else has the name leaves the case undecided. Functions that list are asked
before those that get one, which report an absence as an error; its wording is the Terraform provider's.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from ops.recover.lookups.base import (
    Answer,
    Ask,
    Lookup,
    Outcome,
    Properties,
    Question,
    Verdict,
    Wanted,
    ask,
    by_hand,
    failed,
    made_again,
    need,
    only,
    undecided,
)

Fits = Callable[[Wanted, Properties], bool]
"""Whether something that has the name is what the program would have made."""


def _listed(token: str, output: str, fits: Fits, command: str, id_name: str = "id") -> Lookup:
    """By name with a function that lists."""

    def lookup(wanted: Wanted) -> Outcome:
        name = need(wanted, "name")
        how, remedy = f"by its name with {token.rpartition(':')[2]}", f"run `{command}` and look for {name}"
        question = Question(token, {"filters": [{"key": "name", "values": [name]}]})
        return ask(
            [question],
            how,
            remedy,
            lambda found: _exact(wanted, found[0].get(output) or [], fits, id_name, how, remedy),
        )

    return lookup


def _exact(wanted: Wanted, found: Sequence[Properties], fits: Fits, id_name: str, how: str, remedy: str) -> Verdict:
    """The one that has the name, if it is also what it should be."""
    unknown = {_text(one[id_name]): one for one in found if _text(one[id_name]) not in wanted.known}
    if len(unknown) == 1 and not all(fits(wanted, one) for one in unknown.values()):
        (id_,) = unknown
        return undecided(f"{id_} has the name and is not what the program would have made", remedy, how, [id_])
    return only(wanted, [*unknown], how, remedy)


def _text(id_: Any) -> str:
    """An id as text; numbers reach us as floating point."""
    return str(int(id_)) if isinstance(id_, (int, float)) else str(id_)


def _single(token: str, fits: Fits, absent: re.Pattern[str], command: str, more: Sequence[str] = ()) -> Lookup:
    """By name with a function that gets one: what it says decides between an absence and a failure."""

    def lookup(wanted: Wanted) -> Ask:
        name = need(wanted, "name")
        how, remedy = f"by its name with {token.rpartition(':')[2]}", f"run `{command}` and look for {name}"

        def judge(answers: Sequence[Answer]) -> Outcome:
            if answers[0].error is not None and absent.search(answers[0].error):
                return Verdict(how=how)
            return failed(answers, how, remedy) or _exact(wanted, [answers[0].value], fits, "id", how, remedy)

        args = {"name": name, **{key: need(wanted, key) for key in more}}
        return Ask((Question(token, args),), judge)

    return lookup


def _same(wanted: Wanted, found: Properties, *names: str) -> bool:
    """Whether inputs have these values, as far as they are known; slugs whatever their case."""
    return all(
        str(found.get(name)).lower() == str(wanted.inputs[name]).lower() for name in names if name in wanted.inputs
    )


def _tagged(wanted: Wanted, found: Properties) -> bool:
    """Whether it carries the tags; DigitalOcean does not tell case apart."""
    there = {str(tag).lower() for tag in found.get("tags") or []}
    return {str(tag).lower() for tag in wanted.inputs.get("tags") or []} <= there


def _droplet(wanted: Wanted, found: Properties) -> bool:
    return _same(wanted, found, "region", "vpcUuid") and _tagged(wanted, found)


def _volume(wanted: Wanted, found: Properties) -> bool:
    return _same(wanted, found, "region") and _tagged(wanted, found)


def _gateway(wanted: Wanted, found: Properties) -> bool:
    """The gateway's region, and that it serves the networks that it should."""
    served = {vpc["vpcUuid"] for vpc in found.get("vpcs") or []}
    meant = {vpc["vpcUuid"] for vpc in wanted.inputs.get("vpcs") or [] if vpc.get("vpcUuid")}
    return _same(wanted, found, "region") and meant <= served


def _everything(wanted: Wanted) -> Outcome:
    """The droplets whose names begin with the fleet's and the stack's. No function lists volumes or firewalls."""
    begins = f"{wanted.fleet}-{wanted.stack}-"
    how, remedy = "by its name with getDroplets", "run `doctl compute droplet list`"

    def judge(found: Sequence[Properties]) -> Verdict:
        ours = [one for one in found[0].get("droplets") or [] if str(one["name"]).startswith(begins)]
        return Verdict(ids=tuple(f"droplet {one['name']} {_text(one['id'])}" for one in ours), how=how)

    return ask([Question("digitalocean:index/getDroplets:getDroplets", {})], how, remedy, judge)


LOOKUPS: Final[Mapping[str, Lookup]] = {
    "digitalocean:redoubt/everything:Everything": _everything,
    "digitalocean:index/vpc:Vpc": _single(
        "digitalocean:index/getVpc:getVpc",
        lambda wanted, found: _same(wanted, found, "region", "ipRange"),
        # findVPCByName, digitalocean/vpc/datasource_vpc.go at 48a186e1
        re.compile(r"no VPCs found with name"),
        "doctl vpcs list",
    ),
    "digitalocean:index/vpcNatGateway:VpcNatGateway": _single(
        "digitalocean:index/getVpcNatGateway:getVpcNatGateway",
        _gateway,
        # An empty list is reported with the error of the call, which there is none of; any other error stands there in
        # its place (digitalocean/vpcnatgateway/datasource_vpc_nat_gateway.go at 4520162c).
        re.compile(r"Error listing VPC NAT Gateway by name: <nil>"),
        "doctl compute vpc-nat-gateway list",
    ),
    "digitalocean:index/droplet:Droplet": _listed(
        "digitalocean:index/getDroplets:getDroplets", "droplets", _droplet, "doctl compute droplet list"
    ),
    "digitalocean:index/firewall:Firewall": by_hand(
        "no function of the provider lists firewalls, and getFirewall wants the id",
        "doctl compute firewall list --format ID,Name,Tags` and look for `{name}",
    ),
    "digitalocean:index/volume:Volume": _single(
        "digitalocean:index/getVolume:getVolume",
        _volume,
        # findVolumeByName, digitalocean/volume/datasource_volume.go at 95da01c1
        re.compile(r"no volumes found with name"),
        "doctl compute volume list",
        more=["region"],
    ),
    "digitalocean:index/volumeAttachment:VolumeAttachment": made_again(
        "the provider cannot import an attachment, and attaches a volume only where it is not attached already"
    ),
    "digitalocean:index/tag:Tag": _listed(
        "digitalocean:index/getTags:getTags",
        "tags",
        lambda wanted, found: _same(wanted, found, "name"),
        "doctl compute tag list",
        id_name="name",
    ),
    "digitalocean:index/project:Project": _listed(
        "digitalocean:index/getProjects:getProjects",
        "projects",
        lambda _, found: not found.get("isDefault"),
        "doctl projects list",
    ),
    "digitalocean:index/projectResources:ProjectResources": made_again(
        "the provider cannot import it, and puts resources into the project whether or not they are there already"
    ),
    "digitalocean:index/sshKey:SshKey": _listed(
        "digitalocean:index/getSshKeys:getSshKeys",
        "sshKeys",
        lambda wanted, found: str(found.get("publicKey")).split()[:2] == need(wanted, "publicKey").split()[:2],
        "doctl compute ssh-key list",
    ),
}
