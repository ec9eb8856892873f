"""A fleet whose sites are all on DigitalOcean, and the program run on it, once for all tests: not to be changed."""

from functools import cache

from fleet.plan import Plan, plan
from tests.support.mocked import Recording, Registration, run_program
from tests.support.samples import Config, four_providers

STACK = "testnet"
PREFIX = f"redoubt-{STACK}-"
DROPLET = "digitalocean:index/droplet:Droplet"
FIREWALL = "digitalocean:index/firewall:Firewall"
NAT = "digitalocean:index/vpcNatGateway:VpcNatGateway"
SSH_KEY = "digitalocean:index/sshKey:SshKey"
TAG = "digitalocean:index/tag:Tag"
VOLUME = "digitalocean:index/volume:Volume"
ATTACHMENT = "digitalocean:index/volumeAttachment:VolumeAttachment"
VPC = "digitalocean:index/vpc:Vpc"
PROJECT = "digitalocean:index/project:Project"
PROJECT_RESOURCES = "digitalocean:index/projectResources:ProjectResources"


def three_sites() -> Config:
    """2 of 3 sign, one cosigner in each site; the first site has a NAT gateway and every role, the others are sealed."""
    value = four_providers()
    value["signer"] = {
        "kind": "horcrux",
        "threshold": 2,
        "shards": ["s1-cosigner-1", "s2-cosigner-1", "s3-cosigner-1"],
        "accepted_risks": {"single_provider": "A sample that shows one provider alone, without any stake."},
    }
    value["sites"] = [
        {
            "id": number,
            "name": f"do-{region}",
            "provider": "digitalocean",
            "region": region,
            "cosigners": 1,
            "sentries": 1,
        }
        for number, region in enumerate(("fra1", "ams3", "lon1"), start=1)
    ]
    value["sites"][0] |= {"egress": "nat", "sentries": 2, "validators": 1, "monitors": 1}
    value["sites"][1] |= {"validators": 1}
    return value


@cache
def planned() -> Plan:
    """The plan of the fleet."""
    return plan(three_sites(), STACK)


@cache
def recorded(*, preview: bool = False) -> Recording:
    """The program's run."""
    return run_program(three_sites(), STACK, preview=preview)


def group_of(one: Registration) -> str:
    """The group that a firewall, droplet or volume belongs to, by the one tag it has."""
    (tag,) = one.inputs["tags"]
    return tag.removeprefix(PREFIX)
