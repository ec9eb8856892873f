"""GCP's service accounts and keys: names that are never free again, grants, and who may use a key for a disk."""

from typing import Any

import pytest

from simcloud.core.errors import CloudError
from simcloud.core.values import UNKNOWN
from simcloud.gcp import tokens
from simcloud.gcp.accounts import service_agent
from simcloud.ledger import Ledger
from tests.simcloud.driver import Cloud, RefusedError, World, shared
from tests.simcloud.gcp_samples import CRYPTER, GCP, PROJECT, make

PACKAGE = GCP
EMAIL = f"sentry-host@{PROJECT}.iam.gserviceaccount.com"


def refused(world: World, type_: str, **changes: Any) -> set[str]:
    with pytest.raises(RefusedError) as error:
        world.cloud.check(type_, "x", world.sample(type_, **changes))
    return error.value.properties


@shared(["short", "a" * 31, "Sentry-host", "1-sentry", "sentry-"])
def test_an_account_id_has_the_form_that_gcp_wants(world: World, account_id: str) -> None:
    assert refused(world, tokens.ACCOUNT, accountId=account_id) == {"accountId"}


def test_an_accounts_address_is_known_at_the_preview(world: World) -> None:
    planned = world.cloud.preview(tokens.ACCOUNT, world.sample(tokens.ACCOUNT))
    assert (planned["email"], planned["member"]) == (EMAIL, f"serviceAccount:{EMAIL}")
    assert planned["uniqueId"] is UNKNOWN
    assert world.cloud.preview(tokens.ACCOUNT, {"accountId": UNKNOWN})["email"] is UNKNOWN


def test_an_account_is_there_once_but_may_be_adopted(world: World) -> None:
    made = world.have(tokens.ACCOUNT)
    with pytest.raises(CloudError, match=r"alreadyExists: .*set createIgnoreAlreadyExists to adopt it"):
        make(world, tokens.ACCOUNT)
    assert make(world, tokens.ACCOUNT, createIgnoreAlreadyExists=True)["uniqueId"] == made["uniqueId"]
    make(world, tokens.ACCOUNT, project="other-project")


def test_an_account_is_disabled_only_by_a_later_update(world: World) -> None:
    sample = world.sample(tokens.ACCOUNT, disabled=True)
    made = world.cloud.create(tokens.ACCOUNT, sample)
    assert made["disabled"] is False
    assert list(world.cloud.diff(made, sample).detailed_diff) == ["disabled"]
    after = world.cloud.update(made, sample)
    assert world.cloud.diff(after, sample).changes is False


def test_names_of_an_account_change_in_place_within_their_limits(world: World) -> None:
    made = world.have(tokens.ACCOUNT)
    for changes in ({"displayName": "new"}, {"description": "d"}):
        assert world.cloud.diff(made, world.sample(tokens.ACCOUNT, **changes)).replaces == []
    assert world.cloud.diff(made, world.sample(tokens.ACCOUNT, accountId="other-host")).replaces == ["accountId"]
    assert refused(world, tokens.ACCOUNT, description="d" * 257) == {"description"}
    with pytest.raises(CloudError, match="at most 100 characters"):
        world.cloud.update(made, world.sample(tokens.ACCOUNT, displayName="d" * 101))


def test_a_project_has_a_hundred_accounts_until_the_quota_is_raised(world: World, ledger: Ledger) -> None:
    ledger.set("quota.service-accounts", "1")
    world.have(tokens.ACCOUNT)
    with pytest.raises(CloudError, match="Quota 'SERVICE_ACCOUNTS' exceeded"):
        make(world, tokens.ACCOUNT, accountId="second-host")


def test_grants_of_an_account_go_with_it_and_do_not_come_back(world: World) -> None:
    account = world.have(tokens.ACCOUNT)
    grant = make(world, tokens.CRYPTO_KEY_IAM_MEMBER, member=account["member"])
    world.cloud.delete(account)
    assert make(world, tokens.ACCOUNT)["uniqueId"] != account["uniqueId"]
    assert world.cloud.read(grant) is None


@pytest.mark.parametrize("name", ["a b", "", "k" * 64, "käse"])
@pytest.mark.parametrize("type_", [tokens.KEY_RING, tokens.CRYPTO_KEY])
def test_names_of_rings_and_keys_have_their_form(world: World, type_: str, name: str) -> None:
    assert refused(world, type_, name=name) == {"name"}


def test_a_ring_is_in_a_location_of_kms(world: World) -> None:
    assert refused(world, tokens.KEY_RING, location="europe-west3-a") == {"location"}
    assert make(world, tokens.KEY_RING, location="global").id == f"projects/{PROJECT}/locations/global/keyRings/fleet"


@pytest.mark.parametrize("type_", [tokens.KEY_RING, tokens.CRYPTO_KEY])
def test_a_name_is_taken_for_ever_and_the_refusal_says_what_to_do(world: World, ledger: Ledger, type_: str) -> None:
    made = world.have(type_)
    world.cloud.delete(made)
    with pytest.raises(CloudError, match="GCP never deletes one") as error:
        make(world, type_)
    assert f"pulumi import {type_} NAME {made.id}" in str(error.value)
    adopted = world.cloud.adopt(type_, made.id)
    assert adopted is not None
    assert world.cloud.diff(adopted, world.sample(type_)).replaces == []
    ledger.purge("unit")
    world.made.clear()
    make(world, type_)


def test_a_deleted_key_is_there_but_cannot_be_used(world: World) -> None:
    world.have(tokens.CRYPTO_KEY_IAM_MEMBER)
    key = world.have(tokens.CRYPTO_KEY)
    sample = world.sample(tokens.DISK)
    world.cloud.delete(key)
    record = world.cloud.record(key)
    assert record is not None
    assert record.outputs["primaries"][0]["state"] == "DESTROY_SCHEDULED"
    with pytest.raises(CloudError, match="has no enabled version: DESTROY_SCHEDULED"):
        world.cloud.create(tokens.DISK, sample)


def test_a_kept_key_goes_on_working(world: World) -> None:
    key = make(world, tokens.CRYPTO_KEY, deletionPolicy="ABANDON")
    world.cloud.delete(key)
    record = world.cloud.record(key)
    assert record is not None
    assert record.hidden["state"] == "ENABLED"


@shared(
    [
        ({"keyRing": "fleet"}, "keyRing"),
        ({"rotationPeriod": "86399s"}, "rotationPeriod"),
        ({"rotationPeriod": "86400"}, "rotationPeriod"),
        ({"rotationPeriod": "86400.0000000001s"}, "rotationPeriod"),
        ({"purpose": "MAC"}, "rotationPeriod"),
        ({"purpose": "SIGN", "rotationPeriod": None}, "purpose"),
        ({"importOnly": True}, "importOnly"),
        ({"versionTemplate": {"algorithm": "X", "protectionLevel": "EXTERNAL"}}, "versionTemplate.protectionLevel"),
    ]
)
def test_a_bad_key_is_refused_at_the_preview(world: World, changes: dict, path: str) -> None:
    assert refused(world, tokens.CRYPTO_KEY, **changes) == {path}


@shared(
    [
        {"keyRing": f"{PROJECT}/europe-west3/nowhere"},
        {"versionTemplate": {"algorithm": "EC_SIGN_P256_SHA256"}},
        {"purpose": "ASYMMETRIC_SIGN", "rotationPeriod": None},
    ]
)
def test_a_key_that_gcp_cannot_have_is_refused_by_it(world: World, changes: dict) -> None:
    world.have(tokens.KEY_RING)
    with pytest.raises(CloudError):
        make(world, tokens.CRYPTO_KEY, **changes)


@pytest.mark.parametrize(
    ("changes", "replaces"),
    [
        ({"rotationPeriod": "86400s"}, []),
        ({"labels": {}}, []),
        ({"destroyScheduledDuration": "86400s"}, ["destroyScheduledDuration"]),
        ({"purpose": "MAC", "rotationPeriod": None}, ["purpose"]),
        (
            {"versionTemplate": {"algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION", "protectionLevel": "HSM"}},
            ["versionTemplate"],
        ),
        ({"keyRing": f"{PROJECT}/europe-west3/fleet"}, None),
        ({"keyRing": f"{PROJECT}/europe-west3/other"}, ["keyRing"]),
        ({"name": "other"}, ["name"]),
    ],
    ids=str,
)
def test_what_replaces_a_key(world: World, changes: dict, replaces: list | None) -> None:
    before = {**changes} if changes.get("keyRing") else {}
    key = world.have(tokens.CRYPTO_KEY)
    if "purpose" in changes:
        key = make(world, tokens.CRYPTO_KEY, name="plain", rotationPeriod=None)
        changes = {**changes, "name": "plain"}
    answer = world.cloud.diff(key, world.sample(tokens.CRYPTO_KEY, **{**before, **changes}))
    assert (answer.changes, answer.replaces) == (replaces is not None, replaces or [])


@shared(
    [
        ({"member": "sentry-host"}, "member"),
        ({"member": "deleted:serviceAccount:a@b?uid=1"}, "member"),
        ({"role": "cryptoKeyEncrypterDecrypter"}, "role"),
    ]
)
def test_a_bad_grant_is_refused_at_the_preview(world: World, changes: dict, path: str) -> None:
    assert refused(world, tokens.CRYPTO_KEY_IAM_MEMBER, **changes) == {path}


@shared(
    [
        ({"cryptoKeyId": f"{PROJECT}/europe-west3/fleet/nowhere"}, "notFound"),
        ({"member": f"serviceAccount:{EMAIL}"}, "badRequest"),
        ({"member": "serviceAccount:service-1@compute-system.iam.gserviceaccount.com"}, "badRequest"),
        ({"member": f"serviceAccount:{service_agent('stranger-project')}"}, "badRequest"),
    ]
)
def test_a_grant_is_on_a_key_and_to_an_account_that_exist(world: World, changes: dict, expected: str) -> None:
    with pytest.raises(CloudError) as error:
        make(world, tokens.CRYPTO_KEY_IAM_MEMBER, **changes)
    assert error.value.code == expected


@shared(["user:a@example.com", "group:ops@example.com", "allUsers"])
def test_members_that_only_google_knows_are_taken_to_exist(world: World, member: str) -> None:
    assert make(world, tokens.CRYPTO_KEY_IAM_MEMBER, member=member)["member"] == member


def test_a_grant_that_is_there_is_taken_as_it_is_and_every_change_replaces_it(world: World) -> None:
    made = world.have(tokens.CRYPTO_KEY_IAM_MEMBER)
    again = make(world, tokens.CRYPTO_KEY_IAM_MEMBER)
    assert again.id == made.id
    for name, value in (("role", "roles/cloudkms.viewer"), ("member", "user:a@example.com")):
        assert world.cloud.diff(made, world.sample(tokens.CRYPTO_KEY_IAM_MEMBER, **{name: value})).replaces == [name]
    key = f"{PROJECT}/europe-west3/fleet/state"
    spelt = {"cryptoKeyId": key, "member": made["member"].replace("compute-system", "Compute-System")}
    assert world.cloud.diff(made, world.sample(tokens.CRYPTO_KEY_IAM_MEMBER, **spelt)).changes is False


@pytest.mark.parametrize(
    "grant",
    [None, {"role": "roles/cloudkms.viewer"}, {"member": "user:a@example.com"}],
    ids=str,
)
def test_a_disk_under_a_key_needs_the_grant_to_computes_own_account(world: World, grant: dict | None) -> None:
    key = {"diskEncryptionKey": {"kmsKeySelfLink": world.have(tokens.CRYPTO_KEY).id}}
    disk = {"name": "state", "size": 50, **key}
    if grant:
        make(world, tokens.CRYPTO_KEY_IAM_MEMBER, **grant)
    with pytest.raises(CloudError, match=f"kmsPermissionDenied: .*grant {CRYPTER} on the key to .* depends_on"):
        world.cloud.create(tokens.DISK, disk)
    made = world.have(tokens.CRYPTO_KEY_IAM_MEMBER)
    world.cloud.delete(world.cloud.create(tokens.DISK, disk))
    world.cloud.delete(made)
    with pytest.raises(CloudError, match="kmsPermissionDenied"):
        world.cloud.create(tokens.DISK, disk)


@pytest.mark.parametrize(
    ("ring", "key", "message"),
    [
        ({"location": "us-east1"}, {}, "use a key of europe-west3 or a global one"),
        (
            {},
            {
                "purpose": "ASYMMETRIC_DECRYPT",
                "rotationPeriod": None,
                "versionTemplate": {"algorithm": "RSA_DECRYPT_OAEP_2048_SHA256"},
            },
            "is not for ENCRYPT_DECRYPT",
        ),
    ],
)
def test_a_key_for_a_disk_is_symmetric_and_of_its_region(world: World, ring: dict, key: dict, message: str) -> None:
    world.made[tokens.KEY_RING] = make(world, tokens.KEY_RING, **ring)
    made = make(world, tokens.CRYPTO_KEY, **key)
    with pytest.raises(CloudError, match=message):
        world.cloud.create(tokens.DISK, {"name": "d", "diskEncryptionKey": {"kmsKeySelfLink": made.id}})


def test_a_global_key_serves_every_region_and_a_missing_one_none(world: World) -> None:
    world.made[tokens.KEY_RING] = make(world, tokens.KEY_RING, location="global")
    make(world, tokens.DISK)
    with pytest.raises(CloudError, match="notFound"):
        make(world, tokens.DISK, name="d", diskEncryptionKey={"kmsKeySelfLink": "projects/p/locations/l/keyRings/r"})


def test_another_projects_agent_is_not_this_ones(world: World, ledger: Ledger) -> None:
    key = world.have(tokens.CRYPTO_KEY)
    Cloud(ledger, GCP, project="other-project").create(tokens.ADDRESS, {"name": "a"})
    make(world, tokens.CRYPTO_KEY_IAM_MEMBER, member=f"serviceAccount:{service_agent('other-project')}")
    disk = {"name": "d", "diskEncryptionKey": {"kmsKeySelfLink": key.id}}
    with pytest.raises(CloudError, match="kmsPermissionDenied"):
        world.cloud.create(tokens.DISK, disk)
    Cloud(ledger, GCP, project="other-project").create(tokens.DISK, disk)
