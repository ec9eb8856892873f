"""GCP resources as the program registers them, in the shape of the provider's checked inputs."""

from collections.abc import Sequence
from typing import Any

from tests.support.policy_cases import Sample
from tests.support.policy_samples.gcp_account import account, grant, key, provider
from tests.support.policy_samples.gcp_base import (
    ACCOUNT,
    ADDRESS,
    ATTACHMENT,
    DISK,
    FIREWALL,
    GRANT,
    INSTANCE,
    KEPT,
    KEY,
    KEY_ID,
    NAT,
    NETWORK,
    NETWORK_ID,
    ON_NETWORK,
    OPEN,
    PROJECT,
    PROVIDER,
    REGION,
    ROUTE,
    ROUTER,
    SUBNETWORK,
    ZONE,
    email,
    labels,
    side,
)

__all__ = [
    "ACCOUNT",
    "ADDRESS",
    "ATTACHMENT",
    "DISK",
    "FIREWALL",
    "GRANT",
    "INSTANCE",
    "KEPT",
    "KEY",
    "KEY_ID",
    "NAT",
    "NETWORK",
    "NETWORK_ID",
    "ON_NETWORK",
    "OPEN",
    "PROJECT",
    "PROVIDER",
    "REGION",
    "ROUTE",
    "ROUTER",
    "SUBNETWORK",
    "ZONE",
    "account",
    "allowance",
    "attachment",
    "denial",
    "disk",
    "email",
    "grant",
    "inner_allowance",
    "instance",
    "key",
    "labels",
    "nat",
    "nat_address",
    "network",
    "private_address",
    "provider",
    "public_address",
    "route",
    "router",
    "side",
    "subnetwork",
]


def instance(role: str = "cosigner") -> Sample:
    interface: dict[str, Any] = {
        "networkIp": "10.2.8.140",
        "stackType": "IPV4_ONLY",
        "subnetwork": f"{PROJECT}/regions/{REGION}/subnetworks/redoubt-testnet-s2-{side(role)}",
    }
    if role in OPEN:
        interface["accessConfigs"] = [{"networkTier": "PREMIUM", "natIp": "198.18.55.182"}]
    return Sample(
        type=INSTANCE,
        name=f"s2-{role}-1",
        protect=role in KEPT,
        ignore_changes=("bootDisk.initializeParams.image", 'metadata["startup-script"]', "attachedDisks"),
        provider=PROVIDER,
        dependencies={
            "bootDisk": (f"{KEY}::s2-volumes",),
            "serviceAccount": (f"{ACCOUNT}::s2-{role}",),
            "networkInterfaces": (f"{SUBNETWORK}::s2-{side(role)}", f"{ADDRESS}::s2-{role}-1-private"),
        },
        props={
            "__defaults": [],
            "name": f"redoubt-testnet-s2-{role}-1",
            "zone": ZONE,
            "machineType": "e2-standard-2",
            "canIpForward": False,
            "deletionProtection": role in KEPT,
            "allowStoppingForUpdate": True,
            "tags": [f"redoubt-testnet-s2-{side(role)}"],
            "labels": labels(role),
            "bootDisk": {
                "autoDelete": True,
                "kmsKeySelfLink": KEY_ID,
                "initializeParams": {
                    "image": "https://www.googleapis.com/compute/v1/projects/debian-cloud/global/images/debian-13-v1",
                    "size": 20.0,
                    "type": "pd-balanced",
                    "labels": labels(role),
                },
            },
            "networkInterfaces": [interface],
            "serviceAccount": {"email": email(role), "scopes": []},
            "shieldedInstanceConfig": {"enableSecureBoot": True, "enableVtpm": True, "enableIntegrityMonitoring": True},
            "scheduling": {
                "automaticRestart": True,
                "onHostMaintenance": "MIGRATE",
                "preemptible": False,
                "provisioningModel": "STANDARD",
            },
            "metadata": {
                "enable-oslogin": "FALSE",
                "block-project-ssh-keys": "TRUE",
                "serial-port-enable": "FALSE",
                "enable-osconfig": "FALSE",
                "enable-guest-attributes": "FALSE",
                "startup-script": "#!/bin/sh\nset -eu\n",
            },
        },
    )


def disk(role: str = "cosigner") -> Sample:
    return Sample(
        type=DISK,
        name=f"s2-{role}-1",
        protect=role in KEPT,
        provider=PROVIDER,
        dependencies={"diskEncryptionKey": (f"{KEY}::s2-volumes",)},
        props={
            "__defaults": [],
            "name": f"redoubt-testnet-s2-{role}-1-data",
            "zone": ZONE,
            "size": 10.0,
            "type": "pd-balanced",
            "diskEncryptionKey": {"kmsKeySelfLink": KEY_ID},
            "labels": labels(role),
        },
    )


def attachment(role: str = "cosigner") -> Sample:
    return Sample(
        type=ATTACHMENT,
        name=f"s2-{role}-1",
        protect=role in KEPT,
        provider=PROVIDER,
        dependencies={"disk": (f"{DISK}::s2-{role}-1",), "instance": (f"{INSTANCE}::s2-{role}-1",)},
        props={
            "disk": f"{PROJECT}/zones/{ZONE}/disks/redoubt-testnet-s2-{role}-1-data",
            "instance": f"{PROJECT}/zones/{ZONE}/instances/redoubt-testnet-s2-{role}-1",
            "deviceName": "redoubt-data",
            "mode": "READ_WRITE",
            "zone": ZONE,
        },
    )


def private_address(role: str = "cosigner") -> Sample:
    return Sample(
        type=ADDRESS,
        name=f"s2-{role}-1-private",
        protect=role in KEPT,
        provider=PROVIDER,
        dependencies={"subnetwork": (f"{SUBNETWORK}::s2-{side(role)}",)},
        props={
            "name": f"redoubt-testnet-s2-{role}-1-private",
            "region": REGION,
            "addressType": "INTERNAL",
            "purpose": "GCE_ENDPOINT",
            "subnetwork": f"{PROJECT}/regions/{REGION}/subnetworks/redoubt-testnet-s2-{side(role)}",
            "address": "10.2.8.140",
            "labels": labels(role),
        },
    )


def public_address(role: str = "sentry") -> Sample:
    return Sample(
        type=ADDRESS,
        name=f"s2-{role}-1",
        protect=role in KEPT,
        provider=PROVIDER,
        props={
            "name": f"redoubt-testnet-s2-{role}-1",
            "region": REGION,
            "addressType": "EXTERNAL",
            "networkTier": "PREMIUM",
            "labels": labels(role),
        },
    )


def nat_address() -> Sample:
    return Sample(
        type=ADDRESS,
        name="s2-nat",
        provider=PROVIDER,
        props={
            "name": "redoubt-testnet-s2-nat",
            "region": REGION,
            "addressType": "EXTERNAL",
            "networkTier": "PREMIUM",
            "labels": labels(),
        },
    )


def network() -> Sample:
    return Sample(
        type=NETWORK,
        name="s2",
        provider=PROVIDER,
        props={
            "name": "redoubt-testnet-s2",
            "description": "Redoubt s2",
            "autoCreateSubnetworks": False,
            "deleteDefaultRoutesOnCreate": True,
            "routingMode": "REGIONAL",
            "enableUlaInternalIpv6": False,
            "mtu": 1460.0,
        },
    )


def subnetwork(which: str = "private") -> Sample:
    return Sample(
        type=SUBNETWORK,
        name=f"s2-{which}",
        provider=PROVIDER,
        dependencies=ON_NETWORK,
        props={
            "name": f"redoubt-testnet-s2-{which}",
            "network": NETWORK_ID,
            "region": REGION,
            "ipCidrRange": "10.2.8.0/24",
            "stackType": "IPV4_ONLY",
            "privateIpGoogleAccess": False,
            "logConfig": {
                "aggregationInterval": "INTERVAL_5_SEC",
                "flowSampling": 1.0,
                "metadata": "INCLUDE_ALL_METADATA",
            },
        },
    )


def route(which: str = "public") -> Sample:
    return Sample(
        type=ROUTE,
        name=f"s2-{which}-default",
        provider=PROVIDER,
        dependencies=ON_NETWORK,
        props={
            "name": f"redoubt-testnet-s2-{which}-default",
            "network": NETWORK_ID,
            "description": f"Redoubt s2-{which}-default: {which} hosts alone",
            "destRange": "0.0.0.0/0",
            "nextHopGateway": "default-internet-gateway",
            "tags": [f"redoubt-testnet-s2-{which}"],
        },
    )


def router() -> Sample:
    return Sample(
        type=ROUTER,
        name="s2-nat",
        provider=PROVIDER,
        dependencies=ON_NETWORK,
        props={"name": "redoubt-testnet-s2-nat", "network": NETWORK_ID, "region": REGION},
    )


def nat() -> Sample:
    return Sample(
        type=NAT,
        name="s2-nat",
        provider=PROVIDER,
        dependencies={
            "router": (f"{ROUTER}::s2-nat",),
            "natIps": (f"{ADDRESS}::s2-nat",),
            "subnetworks": (f"{SUBNETWORK}::s2-private",),
        },
        props={
            "name": "redoubt-testnet-s2-nat",
            "router": "redoubt-testnet-s2-nat",
            "region": REGION,
            "natIpAllocateOption": "MANUAL_ONLY",
            "natIps": [f"{PROJECT}/regions/{REGION}/addresses/redoubt-testnet-s2-nat"],
            "sourceSubnetworkIpRangesToNat": "LIST_OF_SUBNETWORKS",
            "subnetworks": [
                {
                    "name": f"{PROJECT}/regions/{REGION}/subnetworks/redoubt-testnet-s2-private",
                    "sourceIpRangesToNats": ["PRIMARY_IP_RANGE"],
                }
            ],
            "logConfig": {"enable": True, "filter": "ALL"},
        },
    )


def allowance(
    role: str = "sentry",
    *,
    protocol: str = "tcp",
    ports: Sequence[str] = ("26656",),
    ranges: Sequence[str] = ("0.0.0.0/0",),
    out: bool = False,
) -> Sample:
    """A firewall that lets something through, from or to ranges."""
    entry: dict[str, Any] = {"protocol": protocol} | ({"ports": list(ports)} if ports else {})
    name = "-".join((f"s2-{role}", protocol, *ports, "to-ranges" if out else "from-ranges"))
    return Sample(
        type=FIREWALL,
        name=name,
        provider=PROVIDER,
        dependencies={**ON_NETWORK, "targetServiceAccounts": (f"{ACCOUNT}::s2-{role}",)},
        props={
            "name": f"redoubt-testnet-{name}",
            "description": "p2p-public: any node of the chain may connect to a sentry",
            "network": NETWORK_ID,
            "direction": "EGRESS" if out else "INGRESS",
            "priority": 1000.0,
            "allows": [entry],
            "targetServiceAccounts": [email(role)],
            ("destinationRanges" if out else "sourceRanges"): list(ranges),
        },
    )


def inner_allowance(role: str = "cosigner") -> Sample:
    """A firewall that lets another group of the site in."""
    return Sample(
        type=FIREWALL,
        name=f"s2-{role}-tcp-22-from-groups",
        provider=PROVIDER,
        dependencies={
            **ON_NETWORK,
            "targetServiceAccounts": (f"{ACCOUNT}::s2-{role}",),
            "sourceServiceAccounts": (f"{ACCOUNT}::s2-gateway",),
        },
        props={
            "name": f"redoubt-testnet-s2-{role}-tcp-22-from-groups",
            "description": "ssh-inner: operators and applies reach hosts through the gateway",
            "network": NETWORK_ID,
            "direction": "INGRESS",
            "priority": 1000.0,
            "allows": [{"protocol": "tcp", "ports": ["22"]}],
            "targetServiceAccounts": [email(role)],
            "sourceServiceAccounts": [email("gateway")],
        },
    )


def denial(direction: str = "ingress", everything: str = "0.0.0.0/0") -> Sample:
    family = "ipv6" if ":" in everything else "ipv4"
    return Sample(
        type=FIREWALL,
        name=f"s2-deny-{direction}-{family}",
        provider=PROVIDER,
        dependencies=ON_NETWORK,
        props={
            "name": f"redoubt-testnet-s2-deny-{direction}-{family}",
            "description": "Redoubt: what the flow matrix does not name is refused",
            "network": NETWORK_ID,
            "direction": direction.upper(),
            "priority": 65534.0,
            "denies": [{"protocol": "all"}],
            ("sourceRanges" if direction == "ingress" else "destinationRanges"): [everything],
            "logConfig": {"metadata": "INCLUDE_ALL_METADATA"},
        },
    )
