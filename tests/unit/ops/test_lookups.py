"""Each lookup finds, in a simulated account, the very id that the resource is imported by, and never guesses.

The accounts are asked through the simulated providers' functions, without an engine.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ops.recover.lookups import everything_of, lookup_of, lookups_of
from ops.recover.lookups.base import Answer, Ask, NotYetError, Question, Verdict, Wanted
from simcloud.aws import tokens as aws
from simcloud.digitalocean import tokens as do
from simcloud.gcp import tokens as gcp
from simcloud.ledger import Ledger
from tests.simcloud.digitalocean_samples import DIGITALOCEAN
from tests.simcloud.driver import Cloud, Made, Package, World
from tests.simcloud.gcp_samples import GCP
from tests.simcloud.samples import AWS
from tests.support.mocked import recorded

TAGS = {"Name": "redoubt-testnet-x", "redoubt:fleet": "redoubt", "redoubt:stack": "testnet", "redoubt:site": "a"}


def tagged(package: Package) -> Package:
    """The package with samples that have our tags, an instance's root volume too."""

    def of(token: str, sample: Callable[[World], dict[str, Any]]) -> Callable[[World], dict[str, Any]]:
        if "tags" not in package.catalogue.schema(token).inputs or package is not AWS:
            return sample
        root = {"rootBlockDevice": {"tags": TAGS}} if token == aws.INSTANCE else {}
        return lambda world: {**sample(world), "tags": TAGS, **root}

    return replace(package, samples={token: of(token, sample) for token, sample in package.samples.items()})


PACKAGES = [tagged(AWS), DIGITALOCEAN, GCP]
PAIRS = [(package, token) for package in PACKAGES for token in sorted(package.samples)]
BY_HAND = {do.FIREWALL}
MADE_AGAIN = {do.VOLUME_ATTACHMENT, do.PROJECT_RESOURCES}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path / "ledger.db")
    yield ledger
    ledger.close()


def world_of(ledger: Ledger, package: Package) -> World:
    return World(Cloud(ledger, package))


def wanted(made: Made, package: Package, *, known: frozenset[str] = frozenset(), **changes: Any) -> Wanted:
    """What the state would lack, had the resource been lost; None takes an input out."""
    inputs = {name: value for name, value in {**made.inputs, **changes}.items() if value is not None}
    return Wanted(
        urn=made.urn,
        type=made.type,
        name=made.name,
        inputs=inputs,
        provider_inputs=package.config,
        provider_type=f"pulumi:providers:{package.name}",
        fleet="redoubt",
        stack="testnet",
        known=known,
    )


def said(cloud: Cloud, question: Question) -> Answer:
    try:
        return Answer(cloud.invoke(question.token, question.args))
    except Exception as error:  # noqa: BLE001 - as the engine hands it on
        return Answer(error=str(error))


def found(cloud: Cloud, one: Wanted) -> Verdict:
    """What the lookup says in the end."""
    lookup = lookup_of(one.type)
    assert lookup is not None
    outcome = lookup(one)
    while isinstance(outcome, Ask):
        outcome = outcome.judge([said(cloud, question) for question in outcome.questions])
    return outcome


def judged(one: Wanted, *answers: Answer) -> Verdict:
    """What the lookup says of made-up answers."""
    lookup = lookup_of(one.type)
    assert lookup is not None
    outcome = lookup(one)
    assert isinstance(outcome, Ask)
    verdict = outcome.judge(answers)
    assert isinstance(verdict, Verdict)
    return verdict


@pytest.mark.parametrize("stack", ["testnet", "mainnet"])
def test_every_type_of_the_program_has_a_lookup(stack: str) -> None:
    types = {one.type for one in recorded(stack).resources if one.custom}
    ours = {one for one in types if not one.startswith("pulumi:")}
    assert {one.split(":")[0] for one in ours} >= {"aws", "gcp"}
    assert {one for one in ours if lookup_of(one) is None} == set()


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_there_is_a_lookup_for_each_type_that_is_simulated_and_for_no_other(package: Package) -> None:
    assert sorted(lookups_of(package.name)) == sorted([*package.models, everything_of(package.name)])


@pytest.mark.parametrize("name", ["toycloud", "azure-native", "pulumi", "base", ""])
def test_a_provider_without_a_module_has_no_lookups(name: str) -> None:
    if name == "base":
        with pytest.raises(AttributeError):
            lookups_of(name)
        return
    assert lookup_of(f"{name}:index/thing:Thing") is None


@pytest.mark.parametrize(("package", "token"), PAIRS, ids=[token for _, token in PAIRS])
def test_the_id_is_the_one_that_the_account_gave(package: Package, token: str, ledger: Ledger) -> None:
    world = world_of(ledger, package)
    made = world.have(token)
    verdict = found(world.cloud, wanted(made, package))
    if token in BY_HAND:
        assert (verdict.ids, verdict.asked) == ((), False)
        assert verdict.undecided is not None
        assert made["name"] in verdict.undecided
    elif token in MADE_AGAIN:
        assert (verdict.ids, verdict.undecided) == ((), None)
    else:
        assert (verdict.ids, verdict.undecided) == ((package.import_id(made),), None)


@pytest.mark.parametrize(("package", "token"), PAIRS, ids=[token for _, token in PAIRS])
def test_what_does_not_exist_is_absent_or_shows_when_it_is_imported(
    package: Package, token: str, ledger: Ledger
) -> None:
    world = world_of(ledger, package)
    made = world.have(token)
    for record in ledger.records():
        if record.id == made.id and record.type == token:
            with ledger.transaction() as transaction:
                transaction.remove(record)
    verdict = found(world.cloud, wanted(made, package))
    adopted = world.cloud.adopt(token, verdict.ids[0]) if verdict.ids and not verdict.asked else None
    stands = {aws.DEFAULT_SECURITY_GROUP}  # the group itself is the VPC's, and stays; an address keeps its association
    if token not in BY_HAND | stands:
        assert verdict.undecided is None
        assert verdict.ids == () or adopted is None
        assert not (verdict.asked and verdict.ids) or token == aws.EIP_ASSOCIATION


@pytest.mark.parametrize(("package", "token"), PAIRS, ids=[token for _, token in PAIRS])
def test_without_its_inputs_nothing_is_guessed(package: Package, token: str, ledger: Ledger) -> None:
    if token in BY_HAND | MADE_AGAIN:
        return
    lookup = lookup_of(token)
    assert lookup is not None
    blank = Made(token, "x", "", {}, {})
    with pytest.raises(NotYetError):
        lookup(wanted(blank, replace(package, config={})))


class TestAws:
    package = PACKAGES[0]

    @pytest.fixture
    def world(self, ledger: Ledger) -> World:
        return world_of(ledger, self.package)

    def find(self, world: World, made: Made, **changes: Any) -> Verdict:
        return found(world.cloud, wanted(made, self.package, **changes))

    def test_a_root_volume_with_the_same_tags_is_not_the_data_volume(self, world: World) -> None:
        instance, volume = world.have(aws.INSTANCE), world.have(aws.VOLUME)
        args = {"filters": [{"name": "tag:Name", "values": [TAGS["Name"]]}]}
        listed = world.cloud.invoke("aws:ebs/getEbsVolumes:getEbsVolumes", args)["ids"]
        assert set(listed) == {volume.id, instance["rootBlockDevice"]["volumeId"]}
        assert self.find(world, volume).ids == (volume.id,)

    def test_two_of_one_name_cannot_be_told_apart_and_both_are_listed(self, world: World) -> None:
        first = world.have(aws.EIP)
        second = world.cloud.create(aws.EIP, world.sample(aws.EIP))
        verdict = self.find(world, first)
        assert verdict.ids == (first.id, second.id)
        assert "cannot be told apart" in (verdict.undecided or "")
        assert "aws ec2 describe-addresses" in (verdict.undecided or "")

    def test_of_two_the_one_that_the_state_holds_already_is_not_the_lost_one(self, world: World) -> None:
        old = world.have(aws.EIP)
        new = world.cloud.create(aws.EIP, world.sample(aws.EIP))
        assert self.find(world, new, known=frozenset({old.id})).ids == (new.id,)

    @pytest.mark.parametrize("key", ["Name", "redoubt:fleet", "redoubt:stack"])
    def test_another_fleets_stacks_or_names_resource_is_not_found(self, world: World, key: str) -> None:
        made = world.cloud.create(aws.EIP, {**world.sample(aws.EIP), "tags": {**TAGS, key: "other"}})
        assert self.find(world, made, tags=TAGS) == Verdict(how="by its tags with getEips")

    def test_a_changed_site_label_does_not_hide_a_resource(self, world: World) -> None:
        made = world.cloud.create(aws.EIP, {**world.sample(aws.EIP), "tags": {**TAGS, "redoubt:site": "renamed"}})
        assert self.find(world, made, tags=TAGS).ids == (made.id,)

    def test_tags_of_somebody_else_are_not_searched_for(self, world: World) -> None:
        with pytest.raises(NotYetError, match="redoubt:fleet"):
            self.find(world, world.have(aws.EIP), tags={"Name": "x"})

    def test_a_key_that_waits_for_its_deletion_is_gone(self, world: World) -> None:
        key = world.have(aws.KEY)
        world.cloud.delete(key)
        assert self.find(world, key).ids == ()
        new = world.cloud.create(aws.KEY, world.sample(aws.KEY))
        assert self.find(world, new).ids == (new.id,)

    @pytest.mark.parametrize("change", [{"fromPort": 1}, {"toPort": 65535}, {"cidrIpv4": "192.0.2.0/24"}])
    def test_rules_of_one_group_differ_by_what_they_let_through(self, world: World, change: dict[str, Any]) -> None:
        made = world.have(aws.INGRESS_RULE)
        assert self.find(world, made).ids == (made.id,)
        assert self.find(world, made, **change) == Verdict(how=self.find(world, made).how)

    def test_a_rule_out_is_not_the_same_rule_in(self, world: World) -> None:
        made = world.have(aws.INGRESS_RULE)
        egress = replace(made, type=aws.EGRESS_RULE)
        assert self.find(world, egress).ids == ()

    def test_an_address_that_another_instance_has_is_for_the_operator(self, world: World) -> None:
        made = world.have(aws.EIP_ASSOCIATION)
        verdict = self.find(world, made, instanceId="i-other")
        assert verdict.ids == (made.id,)
        assert "associated with i-" in (verdict.undecided or "")

    def test_a_failing_function_is_told_in_its_words(self, world: World) -> None:
        one = wanted(world.have(aws.VPC), self.package)
        verdict = judged(one, Answer(error="UnauthorizedOperation: You are not authorized"))
        assert verdict.ids == ()
        assert "UnauthorizedOperation: You are not authorized" in (verdict.undecided or "")

    def test_the_resources_own_region_is_asked(self, world: World) -> None:
        made = world.cloud.create(aws.VPC, world.sample(aws.VPC, region="eu-west-1"))
        assert self.find(world, made).ids == (made.id,)


class TestDigitalOcean:
    package = DIGITALOCEAN

    @pytest.fixture
    def world(self, ledger: Ledger) -> World:
        return world_of(ledger, self.package)

    def find(self, world: World, made: Made, **changes: Any) -> Verdict:
        return found(world.cloud, wanted(made, self.package, **changes))

    def test_two_droplets_of_one_name_cannot_be_told_apart(self, world: World) -> None:
        first = world.have(do.DROPLET)
        second = world.cloud.create(do.DROPLET, world.sample(do.DROPLET))
        verdict = self.find(world, first)
        assert verdict.ids == (first.id, second.id)
        assert "cannot be told apart" in (verdict.undecided or "")
        assert self.find(world, second, known=frozenset({first.id})).ids == (second.id,)

    @pytest.mark.parametrize("change", [{"region": "nyc3"}, {"tags": ["ours"]}, {"vpcUuid": "other"}])
    def test_a_droplet_that_only_has_the_name_is_for_the_operator(self, world: World, change: dict[str, Any]) -> None:
        made = world.have(do.DROPLET)
        verdict = self.find(world, made, **change)
        assert verdict.ids == (made.id,)
        assert "is not what the program would have made" in (verdict.undecided or "")

    @pytest.mark.parametrize(
        ("token", "absence", "failure"),
        [
            (do.VOLUME, "no volumes found with name x", "Error retrieving volumes: 500"),
            (do.VPC, "Error retrieving VPC: no VPCs found with name x", "Error retrieving VPCs: 429 Too many requests"),
            (
                do.NAT_GATEWAY,
                "Error listing VPC NAT Gateway by name: <nil>",
                "Error listing VPC NAT Gateway by name: GET https://api.digitalocean.com/v2/vpc_nat_gateways: 404",
            ),
        ],
    )
    def test_an_absence_is_told_from_a_failure(self, world: World, token: str, absence: str, failure: str) -> None:
        one = wanted(world.have(token), self.package)
        assert judged(one, Answer(error=absence)).undecided is None
        assert judged(one, Answer(error=absence)).ids == ()
        assert failure in (judged(one, Answer(error=failure)).undecided or "")

    def test_an_ssh_keys_comment_does_not_matter_and_its_key_does(self, world: World) -> None:
        made = world.have(do.SSH_KEY)
        kind, key = made["publicKey"].split()[:2]
        assert self.find(world, made, publicKey=f"{kind} {key} somebody@here").ids == (made.id,)
        assert self.find(world, made, publicKey=f"{kind} AAAA").undecided is not None


class TestGcp:
    package = GCP

    def ring(self, name: str | None, *there: str) -> Verdict:
        made = Made(gcp.KEY_RING, "s2-ring", "", {"location": "europe-west3", "name": name}, {})
        parent = "projects/p/locations/europe-west3/keyRings"
        return judged(
            wanted(made, GCP), Answer({"keyRings": [{"id": f"{parent}/{one}", "name": one} for one in there]})
        )

    def test_a_ring_is_found_by_its_exact_name(self) -> None:
        verdict = self.ring("s2-ring-0123456", "s2-ring-0123456", "s2-ring-abcdef0")
        assert (verdict.undecided, [id_.rpartition("/")[2] for id_ in verdict.ids]) == (None, ["s2-ring-0123456"])

    def test_a_ring_of_an_earlier_life_is_for_the_operator(self) -> None:
        verdict = self.ring("s2-ring-0123456", "s2-ring-abcdef0")
        assert "earlier life" in (verdict.undecided or "")
        assert len(verdict.ids) == 1

    @pytest.mark.parametrize("there", [(), ("s22-ring-abcdef0",), ("s2-ring-abcdef0-x",), ("s2-ring-other",)])
    def test_other_rings_are_none_of_ours(self, there: tuple[str, ...]) -> None:
        assert self.ring("s2-ring-0123456", *there) == Verdict(how="by its name with getKeyRings")

    @pytest.mark.parametrize(
        ("instance", "zone"),
        [
            ("projects/fleet/zones/europe-west3-a/instances/v", None),
            ("https://www.googleapis.com/compute/v1/projects/fleet/zones/europe-west3-a/instances/v", None),
            ("v", "europe-west3-a"),
        ],
    )
    def test_an_attached_disks_instance_may_be_a_path_a_link_or_a_name(self, instance: str, zone: str | None) -> None:
        inputs: Mapping[str, Any] = {"instance": instance, "disk": "projects/fleet/zones/europe-west3-a/disks/d"}
        made = Made(gcp.ATTACHED_DISK, "x", "", {**inputs, "zone": zone, "project": "fleet"}, {})
        lookup = lookup_of(gcp.ATTACHED_DISK)
        assert lookup is not None
        outcome = lookup(wanted(made, GCP))
        assert isinstance(outcome, Verdict)
        assert outcome.ids == ("projects/fleet/zones/europe-west3-a/instances/v/d",)
