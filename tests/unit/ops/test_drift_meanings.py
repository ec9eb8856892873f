"""Every type that the program makes has meanings of its own, and what they say is right about who is concerned."""

from typing import Any

import pytest

from ops.drift.judged import judged, meanings_of
from ops.drift.meanings import aws, generic
from ops.drift.model import SEVERITIES, Change, Finding, Refresh, Seen, place_of
from tests.support.mocked import recorded

GCP_HOST = "gcp:compute/instance:Instance"


def seen(kind: str, name: str, old: dict[str, Any], new: dict[str, Any] | None, *paths: str, **more: Any) -> Seen:
    changes = tuple(Change(path=path, kind="update", replaces=more.get("replaces", False)) for path in paths)
    urn = f"urn:pulumi:testnet::redoubt::redoubt:Site${kind}::{name}"
    protected = more.get("protected", False)
    return Seen(urn=urn, type=kind, id=more.get("id", "id"), protected=protected, old=old, new=new, changes=changes)


def one(*resources: Seen) -> Finding:
    (finding,) = judged(Refresh(seen=resources))
    return finding


def said(finding: Finding) -> str:
    return "; ".join(point.meaning.says for point in finding.points)


def kinds(finding: Finding) -> list[str]:
    return [remedy.kind for point in finding.points for remedy in point.meaning.remedies]


def program_types() -> dict[str, set[str]]:
    """The types that the committed stacks make, with the inputs that any of them sets."""
    found: dict[str, set[str]] = {}
    for stack in ("testnet", "mainnet"):
        for resource in recorded(stack).resources:
            if resource.custom and not resource.type.startswith("pulumi:"):
                found.setdefault(resource.type, set()).update(resource.inputs)
    return found


@pytest.mark.parametrize("kind", sorted(program_types()))
def test_every_type_of_the_program_has_a_meaning_for_gone_and_for_changed(kind: str) -> None:
    entry = meanings_of(kind)
    assert entry is not generic.ANY
    for name in ("s1-cosigner-1", "s1-gateway-tcp-22", "s1", "s1-logs"):
        gone = one(seen(kind, name, {"denies": []}, None))
        assert said(gone).startswith("gone")
        assert kinds(gone)
        for prop in program_types()[kind]:
            changed = judged(Refresh(seen=(seen(kind, name, {prop: "a"}, {prop: "b"}, prop),)))
            assert changed, (kind, prop)
            assert "{" not in said(changed[0])
            assert kinds(changed[0])


def test_what_up_leaves_alone_has_no_up_as_its_remedy() -> None:
    """`ignore_changes` keeps the cloud's value, so an update puts nothing back."""
    ignored = {
        (resource.type, path.partition(".")[0].partition("[")[0]): path
        for stack in ("testnet", "mainnet")
        for resource in recorded(stack).resources
        for path in resource.ignore_changes
    }
    assert ignored
    for (kind, prop), path in ignored.items():
        for name in ("s1-cosigner-1", "s1-gateway-1"):
            finding = one(seen(kind, name, {prop: [{"a": 1}]}, {prop: [{"a": 2}]}, path))
            assert "up" not in kinds(finding), (kind, path)


def test_a_provider_or_a_type_without_meanings_gets_a_generic_one_that_is_no_all_clear() -> None:
    for kind in ("toycloud:index/server:Server", "aws:s3/bucket:Bucket", "../../etc:x:Y"):
        assert meanings_of(kind) is generic.ANY
        gone = one(seen(kind, "s1-x", {}, None))
        assert "nobody has written down" in said(gone)
        assert gone.holds
        assert one(seen(kind, "s1-x", {}, {}, "size")).severity == "exposure"


@pytest.mark.parametrize(
    ("name", "severity", "says"),
    [
        ("s1-cosigner-1", "stake", "its shard and its watermark are lost: do not start this host's signer"),
        ("s2-validator-1", "stake", "its watermark is lost: do not start this host's signer"),
        ("s1-sentry-2", "uptime", "it holds no key"),
    ],
)
@pytest.mark.parametrize("kind", ["aws:ebs/volume:Volume", "gcp:compute/disk:Disk", "digitalocean:index/volume:Volume"])
def test_a_volume_that_is_gone_is_worst_where_it_signs(kind: str, name: str, severity: str, says: str) -> None:
    finding = one(seen(kind, name, {}, None))
    assert finding.severity == severity
    assert f"the data volume of {name}" in said(finding)
    assert says in said(finding)
    assert finding.holds == (severity == "stake")
    assert ("up" in kinds(finding)) == (severity != "stake")


def test_a_gcp_disk_or_instance_made_anew_under_its_name_is_not_the_same() -> None:
    disk = one(seen("gcp:compute/disk:Disk", "s2-cosigner-1", {"diskId": "1"}, {"diskId": "2"}))
    assert disk.severity == "stake"
    assert disk.holds
    assert said(disk).startswith("another disk has its name, gone is: the data volume of s2-cosigner-1")
    host = one(seen(GCP_HOST, "s2-cosigner-1", {"instanceId": "1"}, {"instanceId": "2"}))
    assert (host.severity, host.holds) == ("stake", True)


def test_findings_come_worst_first_and_then_by_name() -> None:
    drifted = [
        seen("aws:ebs/volume:Volume", "s1-sentry-1", {}, {}, "tags"),
        seen("aws:ec2/instance:Instance", "s1-sentry-1", {}, {}, "instanceType"),
        seen("aws:kms/key:Key", "s1-volumes", {}, None),
        seen("gcp:compute/instance:Instance", "s2-gateway-1", {}, {}, "tags"),
        seen("aws:ebs/volume:Volume", "s1-cosigner-1", {}, None),
    ]
    found = judged(Refresh(seen=tuple(drifted)))
    assert [one.resource.name for one in found] == [
        "s1-cosigner-1",
        "s1-volumes",
        "s2-gateway-1",
        "s1-sentry-1",
        "s1-sentry-1",
    ]
    assert [SEVERITIES.index(one.severity) for one in found] == [0, 0, 1, 2, 3]
    assert judged(Refresh(seen=tuple(reversed(drifted)))) == found


def rule(name: str, **outputs: Any) -> dict[str, Any]:
    return {"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "securityGroupId": "sg-1", **outputs}


def block(source: str, port: int = 22, kind: str = "cidrBlocks") -> dict[str, Any]:
    return {"protocol": "tcp", "fromPort": port, "toPort": port, kind: [source]}


def group(*blocks: dict[str, Any]) -> Seen:
    """A group as AWS's provider reads it; before the first refresh the state knows no rule of it."""
    return seen(
        "aws:ec2/securityGroup:SecurityGroup", "s1-cosigner", {"ingress": []}, {"ingress": list(blocks)}, id="sg-1"
    )


def ours(**outputs: Any) -> Seen:
    there = rule("", **outputs)
    return seen(aws.INGRESS, "s1-cosigner-tcp-22-from-s1-gateway", there, there)


def test_rules_that_our_resources_stand_for_are_no_drift_of_their_group() -> None:
    """The provider reads all rules of a group into its `ingress`, so after the first refresh ours stand there too."""
    resources = (
        ours(referencedSecurityGroupId="sg-2"),
        ours(cidrIpv4="10.0.0.0/8"),
        ours(referencedSecurityGroupId="sg-1"),
    )
    blocks = (block("sg-2", kind="securityGroups"), block("10.0.0.0/8"), {**block("x"), "cidrBlocks": [], "self": True})
    assert judged(Refresh(seen=(group(*blocks), *resources))) == ()


@pytest.mark.parametrize(
    ("foreign", "says"),
    [
        (block("0.0.0.0/0"), "a stranger can reach SSH (tcp 22) of s1-cosigner"),
        (block("::/0", 2222, "ipv6CidrBlocks"), "a stranger can reach cosigner traffic (tcp 2222)"),
        (block("203.0.113.0/24"), "whoever is in 203.0.113.0/24"),
        (block("sg-9", kind="securityGroups"), "whoever is in sg-9"),
        (block("pl-1", kind="prefixListIds"), "whoever is in pl-1"),
        (
            {"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": ["0.0.0.0/0"]},
            "a stranger can reach all ports of",
        ),
    ],
)
def test_a_rule_beside_ours_is_an_exposure_that_up_leaves(foreign: dict[str, Any], says: str) -> None:
    finding = one(group(block("sg-2", kind="securityGroups"), foreign), ours(referencedSecurityGroupId="sg-2"))
    assert finding.severity == "exposure"
    assert says in said(finding)
    assert "up" not in kinds(finding)
    assert [change.unseen for point in finding.points for change in point.changes] == [True]


def test_a_narrower_rule_shuts_and_a_wider_one_opens() -> None:
    kind = "gcp:compute/firewall:Firewall"
    allow = {"direction": "INGRESS", "allows": [{"protocol": "tcp", "ports": ["22"]}]}
    narrow, wide = {**allow, "sourceRanges": ["10.0.0.0/24"]}, {**allow, "sourceRanges": ["10.0.0.0/8"]}
    assert "whoever is in 10.0.0.0/8" in said(one(seen(kind, "s2-cosigner-tcp-22", narrow, wide, "sourceRanges[0]")))
    assert "can reach" not in said(one(seen(kind, "s2-cosigner-tcp-22", wide, narrow, "sourceRanges[0]")))


def test_a_gcp_key_that_rotated_is_no_drift_and_one_that_is_destroyed_is() -> None:
    def key(version: str, state: str) -> dict[str, Any]:
        return {"primaries": [{"name": version, "state": state}]}

    kind = "gcp:kms/cryptoKey:CryptoKey"
    assert judged(Refresh(seen=(seen(kind, "s2-volumes", key("1", "ENABLED"), key("2", "ENABLED")),))) == ()
    assert one(seen(kind, "s2-volumes", key("1", "ENABLED"), key("1", "DISABLED"))).severity == "stake"


@pytest.mark.parametrize(
    ("kind", "prop", "off", "on"),
    [
        ("aws:ec2/instance:Instance", "instanceState", "stopped", "running"),
        (GCP_HOST, "currentStatus", "TERMINATED", "RUNNING"),
        ("digitalocean:index/droplet:Droplet", "status", "off", "active"),
    ],
)
def test_a_stopped_host_is_seen_although_the_engine_calls_it_the_same(kind: str, prop: str, off: str, on: str) -> None:
    finding = one(seen(kind, "s1-validator-1", {prop: on}, {prop: off}))
    assert (finding.severity, said(finding)) == ("uptime", "s1-validator-1 does not run")
    assert judged(Refresh(seen=(seen(kind, "s1-validator-1", {prop: off}, {prop: on}),))) == ()


def test_the_data_disk_of_our_own_attachment_is_no_drift() -> None:
    where = {"deviceName": "redoubt-data", "instance": "projects/p/zones/z/instances/id"}
    attachment = seen("gcp:compute/attachedDisk:AttachedDisk", "s2-cosigner-1", where, where)
    own, foreign = {"attachedDisks": [where]}, {"attachedDisks": [where, {"deviceName": "eve"}]}
    assert judged(Refresh(seen=(seen(GCP_HOST, "s2-cosigner-1", {}, own), attachment))) == ()
    assert "a disk of somebody else" in said(one(seen(GCP_HOST, "s2-cosigner-1", {}, foreign), attachment))


@pytest.mark.parametrize(
    ("path", "name", "severity", "up"),
    [
        ('metadata["startup-script"]', "s2-cosigner-1", "stake", False),
        ("metadata.startup-script", "s2-sentry-1", "exposure", False),
        ("metadata.ssh-keys", "s2-cosigner-1", "stake", True),
        ("metadata.ssh-keys", "s2-gateway-1", "exposure", True),
        ("metadata.other", "s2-gateway-1", "exposure", True),
    ],
)
def test_metadata_that_makes_somebody_root(path: str, name: str, severity: str, up: bool) -> None:
    finding = one(seen(GCP_HOST, name, {}, {}, path))
    assert (finding.severity, "up" in kinds(finding)) == (severity, up)


def test_a_change_that_up_would_replace_what_is_protected_for_is_held_back() -> None:
    finding = one(seen("aws:ec2/instance:Instance", "s1-cosigner-1", {}, {}, "subnetId", replaces=True, protected=True))
    assert finding.holds
    assert "up" not in kinds(finding)
    assert "would have to replace what is protected" in finding.points[0].meaning.remedies[0].text
    assert not one(seen("aws:ec2/instance:Instance", "s1-sentry-1", {}, {}, "subnetId", replaces=True)).holds


@pytest.mark.parametrize(
    ("name", "site", "role", "host"),
    [
        ("s1-cosigner-1", "s1", "cosigner", "s1-cosigner-1"),
        ("s12-validator-10-private", "s12", "validator", "s12-validator-10"),
        ("s1-cosigner-tcp-22-from-s1-gateway", "s1", "cosigner", None),
        ("s3-gateway-base", "s3", "gateway", None),
        ("s1-private-a-nat", "s1", None, None),
        ("s1", "s1", None, None),
        ("redoubt", "", None, None),
    ],
)
def test_names_tell_where_a_resource_belongs(name: str, site: str, role: str | None, host: str | None) -> None:
    place = place_of(name)
    assert (place.site, place.role, place.host) == (site, role, host)
