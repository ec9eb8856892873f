"""GCP's instances: what they need, what a change does to them, when it stops them, and what goes with them."""

from typing import Any

import pytest

from simcloud.core.errors import CloudError
from simcloud.core.values import UNKNOWN
from simcloud.gcp import tokens
from simcloud.gcp.account import project_number
from simcloud.gcp.accounts import service_agent
from simcloud.ledger import Ledger
from tests.simcloud.driver import Made, RefusedError, World, paths, shared
from tests.simcloud.gcp_samples import CRYPTER, GCP, IMAGE, IMAGE_LINK, PROJECT, REGION, ZONE, make

PACKAGE = GCP
PARAMS = {"image": IMAGE_LINK, "size": 20, "type": "pd-balanced"}


def boot(**params: Any) -> dict[str, Any]:
    return {"bootDisk": {"initializeParams": {**PARAMS, **params}}}


def interface(world: World, **changes: Any) -> dict[str, Any]:
    first = {**world.sample(tokens.INSTANCE)["networkInterfaces"][0], **changes}
    return {"networkInterfaces": [{name: value for name, value in first.items() if value is not None}]}


def refusal(world: World, **changes: Any) -> str:
    with pytest.raises(CloudError) as error:
        make(world, tokens.INSTANCE, **changes)
    return str(error.value)


def public(made: Made) -> str:
    return made["networkInterfaces"][0]["accessConfigs"][0]["natIp"]


@shared(
    [
        ({"networkInterfaces": []}, "networkInterfaces"),
        ({"networkInterfaces": [{}]}, "networkInterfaces[0].subnetwork"),
        ({"networkInterfaces": [{"subnetwork": "s", "accessConfigs": [{}, {}]}]}, "networkInterfaces[0].accessConfigs"),
        ({"networkInterfaces": [{"subnetwork": "s", "stackType": "IPV6_ONLY"}]}, "networkInterfaces[0].stackType"),
        ({"networkInterfaces": [{"subnetwork": "s", "aliasIpRanges": [{"ipCidrRange": "/24"}]}]}, "aliasIpRanges"),
        ({"bootDisk": {}}, "bootDisk.initializeParams"),
        ({"bootDisk": {"source": "state"}}, "bootDisk.source"),
        ({"bootDisk": {"initializeParams": {"image": IMAGE, "snapshot": "s"}}}, "bootDisk.initializeParams.snapshot"),
        (boot(size=0), "bootDisk.initializeParams.size"),
        ({"metadataStartupScript": "x", "metadata": {"startup-script": "x"}}, "metadataStartupScript"),
        ({"hostname": "sentry"}, "hostname"),
        ({"desiredStatus": "SUSPENDED"}, "desiredStatus"),
        ({"scheduling": {"maxRunDuration": {"seconds": 1}}}, "scheduling.maxRunDuration"),
        ({"attachedDisks": [{"source": "state"}]}, "attachedDisks"),
        ({"serviceAccount": {"email": "x"}}, "serviceAccount.scopes"),
    ]
)
def test_a_bad_instance_is_refused_at_the_preview(world: World, changes: dict, path: str) -> None:
    with pytest.raises(RefusedError) as error:
        world.cloud.check(tokens.INSTANCE, "x", world.sample(tokens.INSTANCE, **changes))
    assert any(path in found for found in error.value.properties)


@shared(
    [
        ({"name": "n" * 64}, "Names have 1 to 63"),
        ({"zone": "mars-north1-a"}, "use a zone such as"),
        ({"zone": "us-east1-b"}, "It is not in region us-east1"),
        ({"machineType": "n2-standard-3"}, "no such machine type"),
        ({"machineType": "t2a-standard-2"}, "t2a-standard-2 is ARM64, the image debian-13-trixie-v20261014 is X86_64"),
        (boot(image="debian-cloud/debian-99"), "Could not find image or family"),
        (boot(image="a/b/c/d"), "Could not find image or family a/b/c/d"),
        (boot(image=None), "A boot disk needs an image"),
        (boot(size=9), "smaller than the image's 10 GB"),
        (boot(type="pd-fast"), "no such disk type"),
        (boot(size=70000), "use 10 to 65536 GB"),
        ({"networkInterfaces": [{"network": "fleet"}]}, "set subnetwork"),
        ({"networkInterfaces": [{"subnetwork": "nowhere"}]}, "notFound"),
        ({"networkInterfaces": [{"subnetwork": "private", "network": "nowhere"}]}, "notFound"),
        ({"networkInterfaces": [{"subnetwork": "private", "subnetworkProject": "other-project"}]}, "leave it out"),
        ({"networkInterfaces": [{"subnetwork": "private"}] * 2}, "Two are in one network"),
        ({"networkInterfaces": [{"subnetwork": "private"}] * 9}, "at most 8"),
        ({"serviceAccount": {"email": f"nobody@{PROJECT}.iam.gserviceaccount.com", "scopes": []}}, "nobody@"),
        ({"serviceAccount": {"email": "1-compute@developer.gserviceaccount.com", "scopes": []}}, "was not found"),
        ({"tags": ["Sentry"]}, "formed like names"),
        ({"tags": [f"t{number}" for number in range(65)]}, "takes 64 tags"),
        ({"metadata": {"k" * 129: "v"}}, "128 bytes for a key"),
        ({"metadata": {"k": "v" * (256 * 1024 + 1)}}, "256 KiB for a value"),
        ({"metadata": dict.fromkeys("abc", "v" * 200000)}, "512 in all"),
        ({"scheduling": {"preemptible": True}}, "automaticRestart to false"),
        ({"scheduling": {"provisioningModel": "SPOT", "automaticRestart": False}}, "onHostMaintenance to TERMINATE"),
    ]
)
def test_an_instance_that_gcp_cannot_have_is_refused_by_it(world: World, changes: dict, message: str) -> None:
    assert message in refusal(world, **changes)


@pytest.mark.parametrize(
    "email", [f"{project_number(PROJECT)}-compute@developer.gserviceaccount.com", service_agent(PROJECT)]
)
def test_the_accounts_that_gcp_makes_in_a_project_exist(world: World, email: str) -> None:
    made = make(world, tokens.INSTANCE, serviceAccount={"email": email, "scopes": ["cloud-platform"]})
    assert made["serviceAccount"]["email"] == email


def test_an_interface_is_in_the_network_of_its_subnet(world: World) -> None:
    make(world, tokens.NETWORK, name="other")
    assert "leave network out" in refusal(world, **interface(world, network="other"))


def test_what_the_cloud_fills_in_is_there_and_is_no_change(world: World) -> None:
    sample = world.sample(
        tokens.INSTANCE, serviceAccount={"scopes": ["cloud-platform"]}, **interface(world, networkIp=None)
    )
    made = world.cloud.create(tokens.INSTANCE, sample)
    first = made["networkInterfaces"][0]
    assert (first["networkIp"], first["name"], first["macAddress"]) == ("10.1.0.2", "nic0", "42:01:0a:01:00:02")
    assert first["network"] == world.have(tokens.NETWORK)["selfLink"]
    assert made["serviceAccount"] == {
        "email": f"{project_number(PROJECT)}-compute@developer.gserviceaccount.com",
        "scopes": ["https://www.googleapis.com/auth/cloud-platform"],
    }
    assert made["bootDisk"]["source"].endswith(f"zones/{ZONE}/disks/sentry-1")
    assert (made["currentStatus"], made["cpuPlatform"]) == ("RUNNING", "Intel Ice Lake")
    assert made["scheduling"]["onHostMaintenance"] == "MIGRATE"
    assert world.cloud.diff(made, sample).changes is False


SPELLINGS = [
    {
        "machineType": f"https://www.googleapis.com/compute/v1/projects/{PROJECT}/zones/{ZONE}/machineTypes/n2-standard-2"
    },
    boot(image=IMAGE),
    boot(image="debian-13-trixie-v20261014"),
    boot(image="debian-cloud/debian-13"),
    boot(image="family/debian-13"),
    boot(image="global/images/family/debian-13"),
    boot(image="projects/debian-cloud/global/images/family/debian-13"),
    boot(image="debian-13"),
    {"tags": ["sentry", "sentry"]},
    {"zone": f"projects/{PROJECT}/zones/{ZONE}"},
]


@pytest.mark.parametrize("changes", SPELLINGS, ids=str)
def test_another_spelling_is_no_change_and_makes_the_same(world: World, changes: dict) -> None:
    made = world.have(tokens.INSTANCE)
    assert paths(world.cloud.diff(made, world.sample(tokens.INSTANCE, **changes))) == {}
    world.cloud.delete(made)
    again = make(world, tokens.INSTANCE, **changes)
    for name in ("machineType", "zone"):
        assert again[name] == made[name]
    assert again["bootDisk"]["initializeParams"]["image"] == IMAGE_LINK


def test_a_family_that_moves_on_is_no_change_but_another_image_is(world: World) -> None:
    older = IMAGE_LINK.replace("v20261014", "v20260812")
    made = make(world, tokens.INSTANCE, **boot(image=older))
    for image, changed in (
        ("debian-cloud/debian-13", False),
        (IMAGE_LINK, True),
        ("debian-cloud/debian-12", True),
        ("ubuntu-os-cloud/debian-13", True),
        (UNKNOWN, True),
    ):
        answer = world.cloud.diff(made, world.sample(tokens.INSTANCE, **boot(image=image)))
        assert answer.replaces == (["bootDisk"] if changed else []), image


@shared(
    [
        ({"name": "other"}, "name"),
        ({"zone": f"{REGION}-b"}, "zone"),
        ({"hostname": "a.example.com"}, "hostname"),
        ({"metadataStartupScript": "x"}, "metadataStartupScript"),
        (boot(type="pd-ssd"), "bootDisk"),
        ({"bootDisk": {"initializeParams": PARAMS, "kmsKeySelfLink": "k"}}, "bootDisk"),
        ({"bootDisk": {"initializeParams": PARAMS, "deviceName": "root"}}, "bootDisk"),
        ({"scheduling": {"preemptible": True}}, "scheduling"),
        ({"keyRevocationActionType": "STOP"}, "keyRevocationActionType"),
        ({"machineType": "n2-standard-4"}, None),
        ({"canIpForward": True}, None),
        ({"metadata": {"user-data": "new"}}, None),
        ({"tags": ["a"]}, None),
        ({"labels": {}}, None),
        ({"deletionProtection": True}, None),
        ({"description": "d"}, None),
        (boot(size=30), None),
        ({"bootDisk": {"initializeParams": PARAMS, "autoDelete": False}}, None),
        ({"scheduling": {"onHostMaintenance": "TERMINATE"}}, None),
        ({"serviceAccount": None}, None),
        ({"shieldedInstanceConfig": {"enableSecureBoot": False}}, None),
        ({"desiredStatus": "TERMINATED"}, None),
    ]
)
def test_what_replaces_an_instance(world: World, changes: dict, replaces: str | None) -> None:
    answer = world.cloud.diff(world.have(tokens.INSTANCE), world.sample(tokens.INSTANCE, **changes))
    assert answer.changes
    assert answer.replaces == ([replaces] if replaces else [])


@shared(
    [
        ({"networkIp": "10.1.0.11"}, True),
        ({"networkIp": None}, False),
        ({"networkIp": "10.5.0.11", "subnetwork": "other"}, False),
        ({"subnetwork": "other"}, False),
        ({"accessConfigs": [{}]}, False),
        ({"nicType": "GVNIC"}, True),
    ]
)
def test_what_change_of_an_interface_replaces_an_instance(world: World, changes: dict, replaces: bool) -> None:
    answer = world.cloud.diff(world.have(tokens.INSTANCE), world.sample(tokens.INSTANCE, **interface(world, **changes)))
    assert bool(answer.replaces) is replaces
    second = [*world.sample(tokens.INSTANCE)["networkInterfaces"], {"subnetwork": "other"}]
    assert world.cloud.diff(
        world.have(tokens.INSTANCE), world.sample(tokens.INSTANCE, networkInterfaces=second)
    ).replaces


def test_a_start_up_script_moves_to_metadata_and_back_in_place(world: World) -> None:
    made = make(world, tokens.INSTANCE, metadataStartupScript="echo", metadata=None)
    for changes, replaces in (
        ({"metadata": {"startup-script": "echo"}}, []),
        ({"metadata": {"startup-script": "other"}}, ["metadataStartupScript"]),
        ({"metadata": None, "metadataStartupScript": "other"}, ["metadataStartupScript"]),
        ({"metadata": None, "metadataStartupScript": UNKNOWN}, ["metadataStartupScript"]),
        ({"metadata": None}, ["metadataStartupScript"]),
    ):
        assert world.cloud.diff(made, world.sample(tokens.INSTANCE, **changes)).replaces == replaces


STOPS: list[dict[str, Any]] = [
    {"machineType": "n2-standard-4"},
    {"minCpuPlatform": "Intel Ice Lake"},
    {"enableDisplay": True},
    {"shieldedInstanceConfig": {"enableSecureBoot": False}},
    {"serviceAccount": {"scopes": ["cloud-platform", "trace"]}},
    {"serviceAccount": None},
]


@pytest.mark.parametrize("changes", STOPS, ids=str)
def test_what_needs_a_stop_needs_leave_for_it(world: World, changes: dict) -> None:
    made = world.have(tokens.INSTANCE)
    with pytest.raises(CloudError, match="requires stopping it: set allowStoppingForUpdate to true"):
        world.cloud.update(made, world.sample(tokens.INSTANCE, **changes))
    allowed = world.sample(tokens.INSTANCE, allowStoppingForUpdate=True, **changes)
    after = world.cloud.update(made, allowed)
    assert after["currentStatus"] == "RUNNING"
    assert world.cloud.diff(after, allowed).changes is False


@pytest.mark.parametrize(
    "changes",
    [
        {"metadata": {"user-data": "new"}, "tags": ["a"], "labels": {"a": "b"}, "canIpForward": True},
        boot(size=30),
        {"scheduling": {"onHostMaintenance": "TERMINATE"}},
        {"shieldedInstanceConfig": None},
        {"serviceAccount": {"email": f"sentry-host@{PROJECT}.iam.gserviceaccount.com", "scopes": ["cloud-platform"]}},
    ],
    ids=str,
)
def test_other_changes_need_no_stop(world: World, changes: dict) -> None:
    after = world.cloud.update(world.have(tokens.INSTANCE), world.sample(tokens.INSTANCE, **changes))
    assert world.cloud.diff(after, world.sample(tokens.INSTANCE, **changes)).changes is False


def test_an_ephemeral_address_is_another_one_after_a_stop_and_the_same_without(world: World, ledger: Ledger) -> None:
    sample = world.sample(tokens.INSTANCE, allowStoppingForUpdate=True, **interface(world, accessConfigs=[{}]))
    made = world.cloud.create(tokens.INSTANCE, sample)
    relabelled = world.cloud.update(made, {**sample, "labels": {"a": "b"}})
    assert public(relabelled) == public(made) == "198.18.16.1"
    larger = world.cloud.update(relabelled, {**sample, "machineType": "n2-standard-4"})
    assert public(larger) == "198.18.16.2"
    stopped = world.cloud.update(larger, {**sample, "desiredStatus": "TERMINATED"})
    assert (stopped["currentStatus"], public(stopped)) == ("TERMINATED", "")
    assert ledger.records(type=tokens.EPHEMERAL_ADDRESS) == []
    started = world.cloud.update(stopped, {**sample, "desiredStatus": "RUNNING"})
    assert (started["currentStatus"], public(started)) == ("RUNNING", "198.18.16.1")
    bare = world.cloud.update(started, world.sample(tokens.INSTANCE))
    assert bare["networkInterfaces"][0]["accessConfigs"] == []
    assert ledger.records(type=tokens.EPHEMERAL_ADDRESS) == []


def test_a_stopped_instance_may_change_without_leave(world: World) -> None:
    stopped = make(world, tokens.INSTANCE, desiredStatus="TERMINATED")
    larger = world.cloud.update(stopped, world.sample(tokens.INSTANCE, machineType="n2-standard-4"))
    assert (larger["machineType"], larger["currentStatus"]) == ("n2-standard-4", "TERMINATED")


def test_a_move_to_another_subnet_brings_an_address_of_it(world: World) -> None:
    made = world.have(tokens.INSTANCE)
    make(world, tokens.SUBNETWORK, name="other", ipCidrRange="10.5.0.0/24")
    moved = interface(world, subnetwork="other", networkIp=None)
    with pytest.raises(CloudError, match=r"Changing networkInterfaces\.subnetwork"):
        world.cloud.update(made, world.sample(tokens.INSTANCE, **moved))
    after = world.cloud.update(made, world.sample(tokens.INSTANCE, allowStoppingForUpdate=True, **moved))
    assert after["networkInterfaces"][0]["networkIp"] == "10.5.0.2"


def test_a_boot_disk_grows_and_never_shrinks(world: World, ledger: Ledger) -> None:
    made = world.have(tokens.INSTANCE)
    grown = world.cloud.update(made, world.sample(tokens.INSTANCE, **boot(size=30)))
    assert [disk.outputs["size"] for disk in ledger.records(type=tokens.DISK)] == [30]
    with pytest.raises(CloudError, match="use 30 GB or more"):
        world.cloud.update(grown, world.sample(tokens.INSTANCE))


def test_a_boot_disk_has_the_instances_name_and_goes_with_it_unless_it_is_kept(world: World, ledger: Ledger) -> None:
    kept = world.sample(tokens.INSTANCE, bootDisk={"initializeParams": PARAMS, "autoDelete": False})
    made = world.cloud.create(tokens.INSTANCE, kept)
    world.cloud.delete(made)
    assert [disk.id for disk in ledger.records(type=tokens.DISK)] == [f"projects/{PROJECT}/zones/{ZONE}/disks/sentry-1"]
    with pytest.raises(CloudError, match="disks/sentry-1' already exists"):
        make(world, tokens.INSTANCE)
    world.cloud.delete(make(world, tokens.INSTANCE, name="sentry-2"))
    assert len(ledger.records(type=tokens.DISK)) == 1


def test_a_protected_instance_is_not_deleted(world: World) -> None:
    made = make(world, tokens.INSTANCE, deletionProtection=True)
    with pytest.raises(CloudError, match="set deletionProtection to false and `pulumi up`"):
        world.cloud.delete(made)
    world.cloud.delete(world.cloud.update(made, world.sample(tokens.INSTANCE, deletionProtection=False)))


def test_a_boot_disk_under_a_key_needs_a_key_that_gcp_may_use(world: World) -> None:
    key = world.have(tokens.CRYPTO_KEY).id
    disk = {"bootDisk": {"initializeParams": PARAMS, "kmsKeySelfLink": key}}
    assert f"grant {CRYPTER} on the key to serviceAccount:{service_agent(PROJECT)}" in refusal(world, **disk)
    world.have(tokens.CRYPTO_KEY_IAM_MEMBER)
    made = make(world, tokens.INSTANCE, **disk)
    assert made["bootDisk"]["kmsKeySelfLink"] == key
    versioned = {"initializeParams": PARAMS, "kmsKeySelfLink": f"{key}/cryptoKeyVersions/1"}
    assert world.cloud.diff(made, world.sample(tokens.INSTANCE, bootDisk=versioned)).changes is False
