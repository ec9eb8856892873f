"""A good sample of every type of DigitalOcean, and the things around it; a test changes one thing in one of them."""

from __future__ import annotations

import base64
from collections.abc import Callable

from simcloud.digitalocean import tokens
from simcloud.digitalocean.models import MODELS
from simcloud.digitalocean.provider import DigitalOceanProvider
from tests.simcloud.driver import Made, Package, Props, World

REGION = "fra1"
ALL = ["0.0.0.0/0", "::/0"]


def public_key(number: int = 1) -> str:
    """An OpenSSH public key; each number gives another one."""
    kind = b"ssh-ed25519"
    blob = len(kind).to_bytes(4, "big") + kind + (32).to_bytes(4, "big") + number.to_bytes(32, "big")
    return f"{kind.decode()} {base64.b64encode(blob).decode()} operator{number}"


def droplet(world: World, **changes: object) -> Made:
    """Another droplet than the world's one."""
    return world.cloud.create(tokens.DROPLET, world.sample(tokens.DROPLET, **changes))


def _droplet(world: World) -> Props:
    return {
        "name": "sentry-1",
        "image": "debian-13-x64",
        "size": "s-1vcpu-2gb",
        "region": REGION,
        "vpcUuid": world.have(tokens.VPC).id,
        "sshKeys": [world.have(tokens.SSH_KEY)["fingerprint"]],
        "tags": [world.have(tokens.TAG)["name"], "fleet"],
        "userData": "#cloud-config\n",
        "publicNetworking": True,
        "dropletAgent": False,
        "backups": True,
        "backupPolicy": {"plan": "weekly", "weekday": "SUN", "hour": 4},
    }


def _firewall(world: World) -> Props:
    return {
        "name": "sentries",
        "tags": [world.have(tokens.TAG)["name"]],
        "dropletIds": [int(world.have(tokens.DROPLET).id)],
        "inboundRules": [
            {"protocol": "tcp", "portRange": "22", "sourceAddresses": ["198.51.100.0/24", "2001:db8::/32"]},
            {"protocol": "tcp", "portRange": "26656", "sourceTags": ["fleet"]},
        ],
        "outboundRules": [
            {"protocol": "udp", "portRange": "all", "destinationAddresses": ALL},
            {"protocol": "icmp", "destinationAddresses": ALL},
        ],
    }


SAMPLES: dict[str, Callable[[World], Props]] = {
    tokens.VPC: lambda _: {
        "name": "redoubt",
        "region": REGION,
        "ipRange": "10.2.0.0/20",
        "description": "one site",
    },
    tokens.NAT_GATEWAY: lambda w: {
        "name": "way-out",
        "type": "PUBLIC",
        "region": REGION,
        "size": 1,
        "vpcs": [{"vpcUuid": w.have(tokens.VPC).id, "defaultGateway": True}],
        "tcpTimeoutSeconds": 600,
    },
    tokens.DROPLET: _droplet,
    tokens.FIREWALL: _firewall,
    tokens.VOLUME: lambda w: {
        "name": "state",
        "region": REGION,
        "size": 10,
        "description": "the watermark",
        "initialFilesystemType": "ext4",
        "initialFilesystemLabel": "state",
        "tags": [w.have(tokens.TAG)["name"]],
    },
    tokens.VOLUME_ATTACHMENT: lambda w: {
        "dropletId": int(w.have(tokens.DROPLET).id),
        "volumeId": w.have(tokens.VOLUME).id,
    },
    tokens.TAG: lambda _: {"name": "testnet-sentry"},
    tokens.PROJECT: lambda w: {
        "name": "testnet",
        "description": "validator",
        "environment": "Production",
        "resources": [w.have(tokens.DROPLET)["dropletUrn"]],
    },
    tokens.PROJECT_RESOURCES: lambda w: {
        "project": w.have(tokens.PROJECT).id,
        "resources": [w.have(tokens.VOLUME)["volumeUrn"]],
    },
    tokens.SSH_KEY: lambda _: {"name": "operator", "publicKey": public_key()},
}

DIGITALOCEAN = Package(
    name="digitalocean",
    provider=DigitalOceanProvider,
    config={},
    models=MODELS,
    samples=SAMPLES,
    import_ids={tokens.VOLUME_ATTACHMENT: lambda _: None, tokens.PROJECT_RESOURCES: lambda _: None},
)
