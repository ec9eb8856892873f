"""Drift under the real engine: changed in the simulated account, shown with its meaning, and put back by its remedy.

One fleet for the module, and several drifts for each refresh; the tests run in the order they stand in and leave the fleet
as it was, but for the last ones.
"""

from collections.abc import Callable, Iterator

import pytest

from ops import stacks
from ops.drift import __main__ as command
from ops.drift.judged import judged
from ops.drift.looked import look
from ops.drift.model import Finding
from ops.drift.stream import StreamError
from ops.rehearsal import Rehearsal, RehearsalError
from simcloud import drift, faults
from simcloud.drift import Place
from simcloud.ledger import Ledger
from tests.support.samples import shrink

pytestmark = pytest.mark.timeout(600)

AWS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
AWS_GROUP = "aws:ec2/securityGroup:SecurityGroup"
AWS_DEFAULT = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
AWS_HOST = "aws:ec2/instance:Instance"
AWS_VOLUME = "aws:ebs/volume:Volume"
AWS_KEY = "aws:kms/key:Key"
EIP = "aws:ec2/eip:Eip"
GCP_FIREWALL = "gcp:compute/firewall:Firewall"
GCP_HOST = "gcp:compute/instance:Instance"
GCP_DISK = "gcp:compute/disk:Disk"
GCP_KEY = "gcp:kms/cryptoKey:CryptoKey"
DROPLET = "digitalocean:index/droplet:Droplet"
DO_FIREWALL = "digitalocean:index/firewall:Firewall"
DO_VOLUME = "digitalocean:index/volume:Volume"

Change = Callable[[Ledger], object]


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    rehearsal = Rehearsal(tmp_path_factory.mktemp("drift") / "rehearsal", "testnet", edit=shrink)
    rehearsal.up()
    return rehearsal


@pytest.fixture
def account(fleet: Rehearsal) -> Iterator[Ledger]:
    ledger = Ledger(fleet.cloud)
    yield ledger
    ledger.close()


def findings(fleet: Rehearsal) -> dict[tuple[str, str], Finding]:
    return {(one.resource.type, one.resource.name): one for one in judged(look(fleet))}


def kinds(finding: Finding) -> set[str]:
    return {remedy.kind for point in finding.points for remedy in point.meaning.remedies}


def said(finding: Finding) -> str:
    return "; ".join(point.meaning.says for point in finding.points)


def at(kind: str, name: str) -> Place:
    return Place(type=kind, name=name)


PUT_BACK_BY_UP: dict[tuple[str, str], tuple[Change, str, str]] = {
    (AWS_RULE, "s1-cosigner-tcp-22-from-s1-gateway"): (
        lambda a: drift.open_rule(a, at(AWS_RULE, "s1-cosigner-tcp-22-from-s1-gateway")),
        "exposure",
        "a stranger can reach SSH (tcp 22) of s1-cosigner-1",
    ),
    (AWS_HOST, "s1-validator-1"): (
        lambda a: drift.set_property(a, at(AWS_HOST, "s1-validator-1"), "disableApiTermination", False),
        "exposure",
        "the lock against deletion of s1-validator-1 is off",
    ),
    (AWS_HOST, "s1-sentry-1"): (
        lambda a: drift.set_property(a, at(AWS_HOST, "s1-sentry-1"), "instanceType", "t3.xlarge"),
        "uptime",
        "s1-sentry-1 has another machine size",
    ),
    (AWS_VOLUME, "s1-validator-1"): (
        lambda a: drift.strip_tags(a, at(AWS_VOLUME, "s1-validator-1")),
        "housekeeping",
        "other tags",
    ),
    (AWS_DEFAULT, "s1-default"): (
        lambda a: drift.open_rule(a, at(AWS_DEFAULT, "s1-default")),
        "exposure",
        "the default group of s1 lets something through",
    ),
    (EIP, "s1-sentry-1"): (
        lambda a: drift.release(a, at(EIP, "s1-sentry-1")),
        "exposure",
        "gone: the public address of s1-sentry-1",
    ),
    (GCP_FIREWALL, "s2-cosigner-tcp-22-from-groups"): (
        lambda a: drift.open_rule(a, at(GCP_FIREWALL, "s2-cosigner-tcp-22-from-groups")),
        "exposure",
        "a stranger can reach SSH (tcp 22) of s2-cosigner-1",
    ),
    (GCP_FIREWALL, "s2-deny-egress-ipv4"): (
        lambda a: drift.delete(a, at(GCP_FIREWALL, "s2-deny-egress-ipv4")),
        "exposure",
        "lets everything out",
    ),
    (GCP_HOST, "s2-cosigner-1"): (
        lambda a: drift.set_property(a, at(GCP_HOST, "s2-cosigner-1"), "deletionProtection", False),
        "exposure",
        "the lock against deletion of s2-cosigner-1 is off",
    ),
    (GCP_HOST, "s2-gateway-1"): (
        lambda a: drift.set_property(a, at(GCP_HOST, "s2-gateway-1"), "metadata.ssh-keys", "eve:ssh-ed25519 AAAA"),
        "exposure",
        "lets somebody log in who is not on the list",
    ),
    (GCP_DISK, "s2-cosigner-1"): (
        lambda a: drift.strip_tags(a, at(GCP_DISK, "s2-cosigner-1")),
        "housekeeping",
        "other tags or labels",
    ),
    (DO_FIREWALL, "s3-cosigner-base"): (
        lambda a: drift.open_rule(a, at(DO_FIREWALL, "s3-cosigner-base")),
        "exposure",
        "a stranger can reach SSH (tcp 22) of s3-cosigner-1",
    ),
    (DROPLET, "s3-cosigner-1"): (
        lambda a: drift.strip_tags(a, at(DROPLET, "s3-cosigner-1")),
        "exposure",
        "no firewall finds s3-cosigner-1",
    ),
    (DROPLET, "s3-gateway-1"): (
        lambda a: drift.delete(a, at(DROPLET, "s3-gateway-1")),
        "uptime",
        "gone: s3-gateway-1; nobody gets into s3",
    ),
}
"""By type and name: the change, how bad it is, and a part of what it means."""


def test_after_an_update_there_is_no_drift(
    fleet: Rehearsal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the account adds by itself, addresses at hosts and disks at instances, is none."""
    monkeypatch.setattr(stacks, "chosen", lambda _: fleet)
    assert command.main(["--stack", "testnet"]) == 0
    assert "no drift" in capsys.readouterr().out


def test_each_drift_is_shown_with_its_meaning_and_up_puts_it_back(fleet: Rehearsal, account: Ledger) -> None:
    for change, _, _ in PUT_BACK_BY_UP.values():
        change(account)
    found = findings(fleet)
    for place, (_, severity, says) in PUT_BACK_BY_UP.items():
        assert (found[place].severity, says in said(found[place])) == (severity, True), (place, said(found[place]))
        assert "up" in kinds(found[place])
        assert not found[place].holds
    assert not any(one.holds for one in found.values())
    fleet.up("--refresh", "--skip-preview")
    assert findings(fleet) == {}


def test_a_rule_beside_ours_is_seen_although_the_engine_calls_the_group_the_same(
    fleet: Rehearsal, account: Ledger
) -> None:
    group = at(AWS_GROUP, "s1-validator")
    drift.open_rule(account, group, port=26656)
    (finding,) = findings(fleet).values()
    assert all(change.unseen for point in finding.points for change in point.changes)
    assert finding.severity == "exposure"
    assert "a stranger can reach p2p (tcp 26656) of s1-validator-1" in said(finding)
    assert "by hand" in kinds(finding)
    assert "up" not in kinds(finding)
    drift.set_property(account, group, "ingress", [])
    assert findings(fleet) == {}


def test_a_look_that_a_cloud_does_not_answer_is_no_answer(
    fleet: Rehearsal, account: Ledger, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    faults.add(account, faults.Fault(kind="fail", operation="read", type=AWS_VOLUME, message="Throttling: later"))
    with pytest.raises(StreamError, match="nobody knows whether there is drift"):
        look(fleet)
    faults.add(account, faults.Fault(kind="fail", operation="read", type=AWS_VOLUME, message="Throttling: later"))
    monkeypatch.setattr(stacks, "chosen", lambda _: fleet)
    assert command.main(["--stack", "testnet"]) == 2
    assert "Throttling: later" in capsys.readouterr().err


def test_what_costs_the_stake_is_held_back_and_the_rest_can_be_put_back_alone(
    fleet: Rehearsal, account: Ledger
) -> None:
    """The last but one: afterwards a shard and its watermark are lost, in the account and in the state."""
    drift.delete(account, at(AWS_VOLUME, "s1-cosigner-1"))
    drift.delete(account, at(DO_VOLUME, "s3-cosigner-1"))
    drift.delete(account, at(GCP_HOST, "s2-cosigner-1"))
    drift.open_rule(account, at(GCP_FIREWALL, "s2-gateway-tcp-22-from-ranges"))
    found = findings(fleet)
    for place in ((AWS_VOLUME, "s1-cosigner-1"), (DO_VOLUME, "s3-cosigner-1")):
        assert (found[place].severity, found[place].holds) == ("stake", True)
        assert "its watermark are lost: do not start this host's signer" in said(found[place])
        assert {"hold", "by hand", "import", "config", "investigate"} == kinds(found[place])
    assert (found[GCP_HOST, "s2-cosigner-1"].severity, found[GCP_HOST, "s2-cosigner-1"].holds) == ("stake", True)

    rule = found[GCP_FIREWALL, "s2-gateway-tcp-22-from-ranges"]
    fleet.up("--refresh", "--skip-preview", "--target", rule.resource.urn)
    left = findings(fleet)
    assert rule.resource.urn not in {one.resource.urn for one in left.values()}
    assert left.keys() == found.keys() - {(rule.resource.type, rule.resource.name)}

    fleet.preview(
        "--expect-no-changes"
    )  # without --refresh nothing is noticed, which is why drift has to be looked for
    disks = {(one.type, one.id) for one in account.records(type=GCP_DISK)}
    with pytest.raises(RehearsalError, match="would start a signer without its watermark"):
        fleet.up("--refresh", "--skip-preview")
    assert {(one.type, one.id) for one in account.records(type=GCP_DISK)} == disks
    volumes = {one.name for kind in (AWS_VOLUME, DO_VOLUME) for one in account.records(type=kind)}
    assert not volumes & {"s1-cosigner-1", "s3-cosigner-1"}, "an empty one stands in the place of a watermark"


def test_a_key_that_is_to_be_deleted_is_the_worst(fleet: Rehearsal, account: Ledger) -> None:
    drift.schedule_deletion(account, at(AWS_KEY, "s1-volumes"))
    drift.schedule_deletion(account, at(GCP_KEY, "s2-volumes"))
    found = findings(fleet)
    for place in ((AWS_KEY, "s1-volumes"), (GCP_KEY, "s2-volumes")):
        assert (found[place].severity, found[place].holds) == ("stake", True)
        assert "no disk of theirs opens again" in said(found[place])
        assert "up" not in kinds(found[place])
