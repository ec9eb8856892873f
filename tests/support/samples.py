"""Good configs to change one thing in. Keys and checksums are made here, when the tests run."""

import base64
import hashlib
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
Config = dict[str, Any]


def public_key(seed: str) -> str:
    """A well-formed ed25519 public key that belongs to nobody."""
    kind = b"ssh-ed25519"
    blob = len(kind).to_bytes(4, "big") + kind + (32).to_bytes(4, "big") + hashlib.sha256(seed.encode()).digest()
    return f"ssh-ed25519 {base64.b64encode(blob).decode()}"


def committed(stack: str) -> Config:
    """The fleet's config of a committed stack file, with its placeholders filled in."""
    document = yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text())
    value: Config = document["config"]["redoubt:fleet"]
    value["access"]["ssh_user_ca"] = public_key("ca")
    value["access"]["approvers"] = [public_key("approver")]
    for name in ("binary", "genesis"):
        value["chain"][name]["sha256"] = hashlib.sha256(name.encode()).hexdigest()
    return value


def changed(config: Config, change: Callable[[Config], object]) -> Config:
    """A copy of a config with one change."""
    copy = deepcopy(config)
    change(copy)
    return copy


def shrink(config: Config) -> None:
    """Cuts a fleet to the least that the plan accepts: one validator, one sentry, three cosigners, three sealed sites."""
    config["sites"] = config["sites"][:3]
    config["signer"] |= {"threshold": 2, "shards": config["signer"]["shards"][:3]}
    for site in config["sites"]:
        site |= {"egress": "sealed", "sentries": 0, "validators": 0, "monitors": 0}
    config["sites"][0] |= {"sentries": 1, "validators": 1}


def small(**fields: Any) -> Config:
    """The least testnet, with fields of the fleet set."""
    config = committed("testnet")
    shrink(config)
    return config | fields


def four_providers() -> Config:
    """A fleet on all four providers: 3 of 4 sign, one cosigner on each."""
    value = committed("testnet")
    value["signer"] = {
        "kind": "horcrux",
        "threshold": 3,
        "shards": ["s1-cosigner-1", "s2-cosigner-1", "s3-cosigner-1", "s4-cosigner-1"],
    }
    value["sites"] = [
        {
            "id": 1,
            "name": "fra-aws",
            "provider": "aws",
            "region": "eu-central-1",
            "egress": "nat",
            "sentries": 2,
            "validators": 1,
            "cosigners": 1,
            "monitors": 1,
        },
        {
            "id": 2,
            "name": "fra-gcp",
            "provider": "gcp",
            "region": "europe-west3",
            "project": "my-project",
            "sentries": 1,
            "validators": 1,
            "cosigners": 1,
        },
        {"id": 3, "name": "fra-do", "provider": "digitalocean", "region": "fra1", "sentries": 1, "cosigners": 1},
        {
            "id": 4,
            "name": "metal",
            "provider": "baremetal",
            "location": {"latitude": 50.1, "longitude": 8.7},
            "jump_sites": [1, 2],
            "hosts": [
                {"name": "rack1", "role": "cosigner", "address": "198.19.0.9", "host_key": public_key("rack1")},
            ],
        },
    ]
    return value
