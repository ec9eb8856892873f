"""The hook of volume keys: whom it asks, and when it lets a key go."""

from typing import Any

import pytest

from components.guard import Guard
from components.state import PresentState
from tests.support.hooked import Answering, Asked, call, planned, said

TAGS = {"redoubt:fleet": "atlas", "redoubt:stack": "testnet", "redoubt:site": "aws-fra"}
AWS_KEY = Asked("s1-volumes", "aws:kms/key:Key", old={"tags": {**TAGS, "Name": "atlas-testnet-s1-volumes"}})
GCP_ID = "projects/p-1/locations/europe-west4/keyRings/ring/cryptoKeys/k"
GCP_KEY = Asked("s2-volumes", "gcp:kms/cryptoKey:CryptoKey", id=GCP_ID)
PROVIDER = "urn:pulumi:testnet::redoubt::pulumi:providers:x::s1-x::0123"


def asked_for(key: Asked, *, protected: bool = False, retained: bool = False) -> PresentState:
    this, none = frozenset({key.urn}), frozenset[str]()
    return PresentState(
        providers={key.urn: PROVIDER}, protected=this if protected else none, retained=this if retained else none
    )


async def delete_key(guard: Guard, key: Asked) -> None:
    await call(guard.volume_key(), "before_delete", key)


@pytest.mark.parametrize(
    ("key", "needing", "names"),
    [
        (AWS_KEY, {"ids": ["vol-1"]}, "vol-1"),
        (GCP_KEY, {"results": [{"name": "//disk-1", "kmsKeys": [f"{GCP_ID}/cryptoKeyVersions/1"]}]}, "//disk-1"),
        (GCP_KEY, {"results": [{"name": "//disk-1", "kmsKeys": [f"{GCP_ID}2"]}]}, ""),
        (AWS_KEY, {"ids": []}, ""),
    ],
)
@pytest.mark.parametrize("gone", [False, True])
def test_a_volume_key_goes_when_no_volume_of_its_site_needs_it(
    key: Asked, needing: dict[str, Any], names: str, gone: bool
) -> None:
    """Also when the site has left the config: the provider of the state is asked, and no component of the site."""
    if gone:
        tags = {**key.old.get("tags", {}), "Name": "atlas-testnet-s9-volumes"}
        key = Asked("s9-volumes", key.type, old={"tags": tags}, id=key.id)
    found = planned() if gone else planned(retire=True)
    cloud = Answering(needing)
    refusal = said(found, lambda guard: delete_key(guard, key), asked_for(key), cloud)
    assert (f"{names} cannot be read without it" in refusal) if names else refusal == ""
    assert {provider for _, provider, _ in cloud.asked} == {PROVIDER}


def test_volumes_are_looked_for_by_name_and_by_owner_and_not_among_those_that_are_going() -> None:
    cloud = Answering({"ids": []})
    assert said(planned(retire=True), lambda guard: delete_key(guard, AWS_KEY), asked_for(AWS_KEY), cloud) == ""
    filters = [{one["name"]: one["values"] for one in args["filters"]} for _, _, args in cloud.asked]
    assert [one.pop("status") for one in filters] == [["creating", "available", "in-use", "error"]] * 2
    assert filters == [{"tag:Name": ["atlas-testnet-s1-*"]}, {f"tag:{key}": [value] for key, value in TAGS.items()}]


def test_a_volume_key_is_kept_while_a_host_of_its_site_is_or_the_state_keeps_it() -> None:
    async def delete(guard: Guard) -> None:
        await delete_key(guard, AWS_KEY)

    found = planned()
    hosts = [host.name for host in found.hosts if host.site_id == 1 and found.keeps(host)]
    refusal = said(found, delete, asked_for(AWS_KEY))
    assert f"the volumes of {', '.join(hosts)} cannot be read without it" in refusal
    assert "\n  remedy: " in refusal
    for flag in ("protected", "retained"):
        away = Asked("s9-volumes", "aws:kms/key:Key", old=AWS_KEY.old)
        refusal = said(found, lambda guard, key=away: delete_key(guard, key), asked_for(away, **{flag: True}))
        assert "the state keeps it still" in refusal


@pytest.mark.parametrize(
    ("key", "state", "why"),
    [
        (AWS_KEY, PresentState(), "does not say which provider"),
        (Asked("s1-volumes", "aws:kms/key:Key"), None, "has no tags of this fleet"),
        (Asked("s2-volumes", "gcp:kms/cryptoKey:CryptoKey", id=""), None, "nothing is no id of a key"),
    ],
)
def test_a_key_of_which_nothing_is_known_is_not_deleted(key: Asked, state: PresentState | None, why: str) -> None:
    refusal = said(planned(retire=True), lambda guard: delete_key(guard, key), state or asked_for(key), Answering({}))
    assert "the account cannot be asked what it has" in refusal
    assert why in refusal
