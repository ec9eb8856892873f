"""A good sample of every type of GCP, and the things around it; a test changes one thing in one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simcloud.gcp import tokens
from simcloud.gcp.accounts import service_agent
from simcloud.gcp.models import MODELS
from simcloud.gcp.provider import GcpProvider
from tests.simcloud.driver import Made, Package, Props, World

PROJECT = "fleet-prod"
REGION = "europe-west3"
ZONE = f"{REGION}-a"
IMAGE = "projects/debian-cloud/global/images/debian-13-trixie-v20261014"
IMAGE_LINK = f"https://www.googleapis.com/compute/v1/{IMAGE}"
CRYPTER = "roles/cloudkms.cryptoKeyEncrypterDecrypter"


def instance(world: World, **more: Any) -> Props:
    subnet = world.have(tokens.SUBNETWORK)["selfLink"]
    return {
        "name": "sentry-1",
        "zone": ZONE,
        "machineType": "n2-standard-2",
        "bootDisk": {"initializeParams": {"image": IMAGE_LINK, "size": 20, "type": "pd-balanced"}},
        "networkInterfaces": [{"subnetwork": subnet, "networkIp": "10.1.0.10"}],
        "serviceAccount": {"email": world.have(tokens.ACCOUNT)["email"], "scopes": ["cloud-platform"]},
        "metadata": {"user-data": "#cloud-config\n"},
        "shieldedInstanceConfig": {"enableSecureBoot": True},
        "tags": ["sentry"],
        "labels": {"role": "sentry"},
        **more,
    }


def _disk(world: World) -> Props:
    world.have(tokens.CRYPTO_KEY_IAM_MEMBER)
    key = {"kmsKeySelfLink": world.have(tokens.CRYPTO_KEY).id}
    return {"name": "state", "zone": ZONE, "size": 50, "type": "pd-ssd", "diskEncryptionKey": key}


SAMPLES: dict[str, Callable[[World], Props]] = {
    tokens.NETWORK: lambda _: {"name": "fleet", "autoCreateSubnetworks": False, "deleteDefaultRoutesOnCreate": True},
    tokens.SUBNETWORK: lambda w: {
        "name": "private",
        "network": w.have(tokens.NETWORK)["selfLink"],
        "ipCidrRange": "10.1.0.0/24",
        "region": REGION,
    },
    tokens.ROUTER: lambda w: {"name": "router", "network": w.have(tokens.NETWORK)["selfLink"], "region": REGION},
    tokens.ROUTER_NAT: lambda w: {
        "name": "nat",
        "router": w.have(tokens.ROUTER)["name"],
        "region": REGION,
        "natIpAllocateOption": "MANUAL_ONLY",
        "natIps": [w.have(tokens.ADDRESS)["selfLink"]],
        "sourceSubnetworkIpRangesToNat": "LIST_OF_SUBNETWORKS",
        "subnetworks": [
            {"name": w.have(tokens.SUBNETWORK)["selfLink"], "sourceIpRangesToNats": ["PRIMARY_IP_RANGE"]},
        ],
    },
    tokens.FIREWALL: lambda w: {
        "name": "ssh",
        "network": w.have(tokens.NETWORK)["selfLink"],
        "allows": [{"protocol": "tcp", "ports": ["22"]}],
        "sourceRanges": ["198.51.100.0/24"],
        "targetTags": ["sentry"],
        "priority": 900,
    },
    tokens.ADDRESS: lambda _: {"name": "egress", "region": REGION, "addressType": "EXTERNAL", "labels": {"use": "nat"}},
    tokens.ROUTE: lambda w: {
        "name": "internet",
        "network": w.have(tokens.NETWORK)["selfLink"],
        "destRange": "0.0.0.0/0",
        "nextHopGateway": f"https://www.googleapis.com/compute/v1/projects/{PROJECT}/global/gateways/default-internet-gateway",
    },
    tokens.INSTANCE: instance,
    tokens.DISK: _disk,
    tokens.ATTACHED_DISK: lambda w: {
        "disk": w.have(tokens.DISK)["selfLink"],
        "instance": w.have(tokens.INSTANCE)["selfLink"],
        "deviceName": "state",
    },
    tokens.ACCOUNT: lambda _: {"accountId": "sentry-host", "displayName": "sentries"},
    tokens.KEY_RING: lambda _: {"name": "fleet", "location": REGION},
    tokens.CRYPTO_KEY: lambda w: {
        "name": "state",
        "keyRing": w.have(tokens.KEY_RING).id,
        "rotationPeriod": "7776000s",
        "labels": {"use": "disks"},
    },
    tokens.CRYPTO_KEY_IAM_MEMBER: lambda w: {
        "cryptoKeyId": w.have(tokens.CRYPTO_KEY).id,
        "role": CRYPTER,
        "member": f"serviceAccount:{service_agent(PROJECT)}",
    },
}

GCP = Package(
    name="gcp",
    provider=GcpProvider,
    config={"project": PROJECT, "region": REGION, "zone": ZONE},
    models=MODELS,
    samples=SAMPLES,
    import_ids={
        tokens.CRYPTO_KEY_IAM_MEMBER: lambda made: f"{made['cryptoKeyId']} {made['role']} {made['member']}",
    },
    undeletable=frozenset({tokens.KEY_RING, tokens.CRYPTO_KEY}),
)


def make(world: World, type_: str, **changes: Any) -> Made:
    """A resource like the sample, with some properties changed."""
    return world.cloud.create(type_, world.sample(type_, **changes))
