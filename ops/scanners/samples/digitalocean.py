"""Samples of `digitalocean`."""

from collections.abc import Mapping
from typing import Any, Final

from ops.scanners.model import Form, Resource, Sample

_PREFIX: Final = "redoubt-testnet"
_SSH_KEY: Final = Resource(
    type="digitalocean:index/sshKey:SshKey",
    name="s3-nobody",
    props={
        "name": f"{_PREFIX}-s3-nobody",
        "publicKey": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGVfegUbM0arrPvD6ExwaJ2ZRVtKUa9PJg9k0aASxEQq",
    },
)
_FROM_GATEWAY: Final = {"protocol": "tcp", "portRange": "22", "sourceTags": [f"{_PREFIX}-s3-gateway"]}


def _droplet(*, key: bool = True) -> Form:
    droplet = Resource(
        type="digitalocean:index/droplet:Droplet",
        name="s3-cosigner-1",
        props={
            "name": f"{_PREFIX}-s3-cosigner-1",
            "region": "fra1",
            "size": "c-2",
            "image": "debian-13-x64",
            "tags": [f"{_PREFIX}-s3-cosigner"],
            "vpcUuid": "4d4ad8b3-8a71-4a0f-9d0e-6b8e1f8a1c11",
            "publicNetworking": False,
            "gracefulShutdown": True,
            "resizeDisk": False,
            "dropletAgent": False,
            "monitoring": False,
            "backups": False,
            "ipv6": False,
            **({"sshKeys": ["410867812"]} if key else {}),
        },
        links={"sshKeys": _SSH_KEY.key} if key else {},
        protect=True,
    )
    return (droplet, _SSH_KEY)


def _firewall(*inbound: Mapping[str, Any]) -> Form:
    firewall = Resource(
        type="digitalocean:index/firewall:Firewall",
        name="s3-cosigner-base",
        props={
            "name": f"{_PREFIX}-s3-cosigner-base",
            "tags": [f"{_PREFIX}-s3-cosigner"],
            "inboundRules": [dict(one) for one in inbound],
            "outboundRules": [{"protocol": "tcp", "portRange": "3128", "destinationTags": [f"{_PREFIX}-s3-gateway"]}],
        },
        protect=True,
    )
    return (firewall,)


def _metrics(source: Mapping[str, Any]) -> dict[str, Any]:
    return {"protocol": "tcp", "portRange": "9100", **source}


SAMPLES: Final = (
    Sample(
        name="digitalocean-second-rule",
        resource="firewall",
        fault="its second inbound rule opens metrics to 0.0.0.0/0",
        sound=_firewall(_FROM_GATEWAY, _metrics({"sourceTags": [f"{_PREFIX}-s3-gateway"]})),
        broken=_firewall(_FROM_GATEWAY, _metrics({"sourceAddresses": ["0.0.0.0/0"]})),
        why="CKV_DIO_4 reads the first inbound rule that a firewall has in a plan, and no other.",
        near=("CKV_DIO_4", _firewall(_metrics({"sourceAddresses": ["0.0.0.0/0"]}), _FROM_GATEWAY)),
    ),
    Sample(
        name="digitalocean-no-key",
        resource="droplet",
        fault="it names no SSH key, so that a root password is mailed",
        sound=_droplet(),
        broken=_droplet(key=False),
    ),
)

ACCEPTED: Final[dict[str, str]] = {}
