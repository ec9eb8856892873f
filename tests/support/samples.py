"""Good configs to change one thing in. Keys and checksums are made here, when the tests run."""

import hashlib
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from ops.recording import stackfile
from ops.recording.run import ROOT

__all__ = [
    "ROOT",
    "Config",
    "aws_testnet",
    "changed",
    "committed",
    "four_providers",
    "on_aws",
    "public_key",
    "shrink",
    "small",
]

Config = dict[str, Any]


def public_key(seed: str) -> str:
    """A well-formed ed25519 public key that belongs to nobody."""
    return stackfile.public_key(hashlib.sha256(seed.encode()).digest())


def committed(stack: str) -> Config:
    """The fleet's config of a committed stack file, with its placeholders filled in."""
    return stackfile.committed_fleet(stack)[0]


def changed(config: Config, change: Callable[[Config], object]) -> Config:
    """A copy of a config with one change."""
    copy = deepcopy(config)
    change(copy)
    return copy


def on_aws(config: Config) -> None:
    """Puts a fleet on three AWS regions: two validators, four sentries, 2 of 3 sign."""
    size = {"type": "t3.large", "data_gb": 50}
    machines = {"sentry": size, "validator": size}
    config["signer"] = {
        "kind": "horcrux",
        "threshold": 2,
        "shards": ["s1-cosigner-1", "s2-cosigner-1", "s3-cosigner-1"],
        "accepted_risks": {"single_provider": "a sample fleet that shows one provider alone"},
    }
    places = (
        ("frankfurt", "eu-central-1", "nat", 2, 1),
        ("dublin", "eu-west-1", "sealed", 1, 1),
        ("paris", "eu-west-3", "sealed", 1, 0),
    )
    config["sites"] = [
        {
            "id": index,
            "name": name,
            "provider": "aws",
            "region": region,
            "egress": egress,
            "sentries": sentries,
            "validators": validators,
            "cosigners": 1,
            "machines": dict(machines),
        }
        for index, (name, region, egress, sentries, validators) in enumerate(places, 1)
    ]


def aws_testnet() -> Config:
    """A testnet on three AWS regions."""
    return changed(committed("testnet"), on_aws)


def shrink(config: Config) -> None:
    """Cuts a fleet on three or more clouds to the least that the plan accepts: one validator and one sentry, three
    cosigners, three sealed sites."""
    config["sites"] = config["sites"][:3]
    config["signer"] |= {"threshold": 2, "shards": config["signer"]["shards"][:3]}
    for site in config["sites"]:
        site |= {"egress": "sealed", "sentries": 0, "validators": 0, "monitors": 0}
    config["sites"][0] |= {"sentries": 1, "validators": 1}


def small(**fields: Any) -> Config:
    """The least fleet on AWS, with fields of the fleet set."""
    config = aws_testnet()
    shrink(config)
    return config | fields


def four_providers() -> Config:
    """The committed testnet, on all four providers with 3 of 4, and a monitor in its first site."""
    config = committed("testnet")
    config["sites"][0]["monitors"] = 1
    return config
