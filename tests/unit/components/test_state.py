"""What the program reads of its own state before it changes anything."""

from typing import Any

import pytest

from components.state import PresentState, StateError, of_deployment, recovery

AWS = "urn:pulumi:testnet::redoubt::redoubt:aws:Site$aws:ec2/instance:Instance::s1-cosigner-1"
GCP = "urn:pulumi:testnet::redoubt::redoubt:gcp:Site$gcp:compute/disk:Disk::s2-cosigner-1"


def deployment(**fields: Any) -> dict[str, Any]:
    return {"resources": [{"urn": AWS, "id": "i-1", "protect": True}, {"urn": GCP}], **fields}


def test_ids_and_protection_are_read() -> None:
    state = of_deployment(deployment())
    assert state.ids == {AWS: "i-1"}
    assert state.protected == {AWS}
    assert state.pending == ()


def test_what_waits_for_its_deletion_is_not_known_as_the_resource() -> None:
    state = of_deployment({"resources": [{"urn": AWS, "id": "i-old", "protect": True, "delete": True}]})
    assert (state.ids, state.protected) == ({}, frozenset())


def test_retained_and_half_replaced_resources_and_their_providers_are_read() -> None:
    one = {"urn": AWS, "id": "i-1", "retainOnDelete": True, "pendingReplacement": True, "provider": "urn::p::1"}
    state = of_deployment({"resources": [one, {"urn": GCP, "id": "d-1"}]})
    assert (state.retained, state.replacing) == ({AWS}, {AWS})
    assert state.providers == {AWS: "urn::p::1"}


def test_a_host_stands_while_its_machine_is_in_the_state_and_not_half_replaced() -> None:
    machine = {"urn": AWS, "id": "i-1"}
    assert of_deployment({"resources": [machine, {"urn": GCP, "id": "d-1"}]}).standing == {"s1-cosigner-1"}
    for flag in ("delete", "pendingReplacement"):
        assert of_deployment({"resources": [{**machine, flag: True}]}).standing == frozenset()


def test_in_a_rehearsal_the_rehearsed_state_is_put_right(monkeypatch: pytest.MonkeyPatch) -> None:
    assert recovery("testnet") == "python -m ops.recover --stack testnet"
    monkeypatch.setenv("REDOUBT_SIMCLOUD", "cloud.sqlite")
    assert recovery("testnet") == "make recover STACK=testnet"


def test_pending_operations_are_refused_with_each_of_them_and_the_command() -> None:
    pending = [{"type": "creating", "resource": {"urn": AWS}}, {"type": "deleting", "resource": {"urn": GCP}}]
    with pytest.raises(StateError) as refused:
        of_deployment(deployment(pending_operations=pending)).refuse_pending("testnet")
    assert str(refused.value).splitlines() == [
        "an update of stack testnet was interrupted with 2 operations pending; nothing was changed now",
        "  creating aws:ec2/instance:Instance s1-cosigner-1",
        "  deleting gcp:compute/disk:Disk s2-cosigner-1",
        "  remedy: `python -m ops.recover --stack testnet` looks what of it exists and puts the state right",
    ]


@pytest.mark.parametrize(
    "state", [PresentState(), of_deployment({}), of_deployment(deployment(pending_operations=None))]
)
def test_a_state_at_rest_is_not_refused(state: PresentState) -> None:
    state.refuse_pending("testnet")
