"""Samples of `gcp`."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ops.scanners.model import Form, Resource, Sample

_PROJECT: Final = "projects/fleet-testnet"
_KEY_ID: Final = f"{_PROJECT}/locations/europe-west3/keyRings/s2-redoubt/cryptoKeys/redoubt-testnet-s2-volumes"
_OFFICE: Final = "198.18.0.1/32"
_METADATA: Final = {
    "enable-oslogin": "FALSE",
    "block-project-ssh-keys": "TRUE",
    "serial-port-enable": "FALSE",
    "enable-osconfig": "FALSE",
    "enable-guest-attributes": "FALSE",
}


def _labels(role: str = "") -> dict[str, str]:
    found = {"redoubt-fleet": "redoubt", "redoubt-stack": "testnet", "redoubt-site": "fra-gcp"}
    return found | ({"redoubt-role": role} if role else {})


def _email(role: str) -> str:
    return f"s2-{role}-2bb7f1f4@fleet-testnet.iam.gserviceaccount.com"


def _account(role: str) -> Resource:
    return Resource(
        type="gcp:serviceaccount/account:Account",
        name=f"s2-{role}",
        props={"accountId": f"s2-{role}-2bb7f1f4", "displayName": f"Redoubt s2-{role}"},
    )


def _key() -> Resource:
    return Resource(
        type="gcp:kms/cryptoKey:CryptoKey",
        name="s2-volumes",
        props={
            "name": "redoubt-testnet-s2-volumes",
            "keyRing": f"{_PROJECT}/locations/europe-west3/keyRings/s2-redoubt",
            "purpose": "ENCRYPT_DECRYPT",
            "rotationPeriod": "7776000s",
            "destroyScheduledDuration": "2592000s",
            "labels": _labels(),
        },
        protect=True,
    )


def _instance(role: str = "cosigner", metadata: Mapping[str, str] = _METADATA, *, public: bool = False) -> Form:
    account, own_key = _account(role), _key()
    interface: dict[str, Any] = {
        "networkIp": "10.2.8.140",
        "stackType": "IPV4_ONLY",
        "subnetwork": f"{_PROJECT}/regions/europe-west3/subnetworks/redoubt-testnet-s2",
    }
    if public:
        interface["accessConfigs"] = [{"networkTier": "PREMIUM", "natIp": "198.18.55.182"}]
    boot: dict[str, Any] = {
        "autoDelete": True,
        "kmsKeySelfLink": _KEY_ID,
        "initializeParams": {
            "image": "projects/debian-cloud/global/images/debian-13-v1",
            "size": 20,
            "type": "pd-balanced",
            "labels": _labels(role),
        },
    }
    machine = Resource(
        type="gcp:compute/instance:Instance",
        name=f"s2-{role}-1",
        props={
            "name": f"redoubt-testnet-s2-{role}-1",
            "zone": "europe-west3-a",
            "machineType": "e2-standard-2",
            "canIpForward": False,
            "deletionProtection": role != "sentry",
            "allowStoppingForUpdate": True,
            "tags": ["redoubt-testnet-s2-private"],
            "labels": _labels(role),
            "bootDisk": boot,
            "networkInterfaces": [interface],
            "serviceAccount": {"email": _email(role), "scopes": []},
            "shieldedInstanceConfig": {"enableSecureBoot": True, "enableVtpm": True, "enableIntegrityMonitoring": True},
            "scheduling": {
                "automaticRestart": True,
                "onHostMaintenance": "MIGRATE",
                "preemptible": False,
                "provisioningModel": "STANDARD",
            },
            "metadata": dict(metadata),
        },
        links={"serviceAccount.email": account.key, "bootDisk.kmsKeySelfLink": own_key.key},
        protect=role != "sentry",
    )
    return (machine, account, own_key)


def _firewall(
    role: str = "gateway",
    ports: Sequence[str] = ("22",),
    ranges: Sequence[str] = (_OFFICE,),
    *,
    targeted: bool = True,
) -> Form:
    account = _account(role)
    firewall = Resource(
        type="gcp:compute/firewall:Firewall",
        name=f"s2-{role}-tcp-from-ranges",
        props={
            "name": f"redoubt-testnet-s2-{role}-tcp-from-ranges",
            "description": "ssh-admin: operators reach the gateway",
            "network": f"{_PROJECT}/global/networks/redoubt-testnet-s2",
            "direction": "INGRESS",
            "priority": 1000,
            "allows": [{"protocol": "tcp", "ports": list(ports)}],
            "sourceRanges": list(ranges),
            **({"targetServiceAccounts": [_email(role)]} if targeted else {}),
        },
        links={"targetServiceAccounts": account.key} if targeted else {},
    )
    return (firewall, account)


SAMPLES: Final = (
    Sample(
        name="gcp-ssh-ipv6",
        resource="firewall",
        fault="its second range opens SSH to ::/0",
        sound=_firewall(ranges=(_OFFICE, "198.18.0.2/32")),
        broken=_firewall(ranges=(_OFFICE, "::/0")),
        why="CKV_GCP_2 and its kin compare with `0.0.0.0/0` alone.",
        near=("CKV_GCP_2", _firewall(ranges=(_OFFICE, "0.0.0.0/0"))),
    ),
    Sample(
        name="gcp-no-target",
        resource="firewall",
        fault="it names no target, so that the sentries' p2p port is open on every host of the network",
        sound=_firewall("sentry", ("26656",), ("0.0.0.0/0",)),
        broken=_firewall("sentry", ("26656",), ("0.0.0.0/0",), targeted=False),
        why="Checkov has no check of targets; the pack wants service accounts on every firewall that lets something in.",
    ),
    Sample(
        name="gcp-os-login",
        resource="instance",
        fault="OS Login lets in whoever the project's IAM names",
        sound=_instance(),
        broken=_instance(metadata=_METADATA | {"enable-oslogin": "TRUE"}),
        why="Decided otherwise: CKV_GCP_34 refuses the sound form and passes the broken one. Operators log in by certificates of the fleet's own CA, and Google's IAM is no way in.",
    ),
    Sample(
        name="gcp-project-keys",
        resource="instance",
        fault="the project's SSH keys open it",
        sound=_instance(),
        broken=_instance(metadata=_METADATA | {"block-project-ssh-keys": "FALSE"}),
    ),
    Sample(
        name="gcp-public-role",
        resource="instance with a public address",
        fault="it is a cosigner; the sound one is a sentry",
        sound=_instance("sentry", public=True),
        broken=_instance("cosigner", public=True),
        why="Checkov knows no roles: CKV_GCP_40 refuses both forms alike, so that it has to be skipped for every sentry.",
    ),
)

ACCEPTED: Final[dict[str, str]] = {
    "CKV_GCP_34": "It wants OS Login, which the fleet keeps off (`gcp-instance-metadata`).",
    "CKV_GCP_40": "It wants no public address on any instance. A sentry's is what it is for; which roles may have one is"
    " told by `gcp-instance-private`.",
}
