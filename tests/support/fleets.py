"""Random sound fleets, from one seed: all providers, every egress, monitors, metal."""

import random
from typing import Any

from tests.support.samples import Config, committed, public_key


def random_fleet(seed: int) -> Config:
    """A fleet on three clouds and up to two metal sites, one cosigner in each.

    The same seed gives the same fleet.
    """
    rng = random.Random(seed)
    config = committed("testnet")
    clouds: list[Config] = [
        {"provider": "aws", "region": "eu-central-1", "quotas": {"elastic_ips": 60, "rules_per_group": 200}},
        {"provider": "gcp", "region": "europe-west3", "project": "my-project"},
        {"provider": "digitalocean", "region": "fra1"},
    ]
    rng.shuffle(clouds)
    config["sites"] = [_cloud(rng, index, cloud) for index, cloud in enumerate(clouds, 1)]
    config["sites"] += [_metal(rng, site_id) for site_id in range(4, 4 + rng.randint(0, 2))]
    shards = [f"s{site['id']}-cosigner-1" for site in config["sites"]]
    config["signer"] = {"kind": "horcrux", "threshold": len(shards) // 2 + 1, "shards": shards}
    return config


def _cloud(rng: random.Random, index: int, cloud: Config) -> Config:
    return {
        **cloud,
        "id": index,
        "name": f"site{index}",
        "egress": rng.choice(["nat", "sealed"]),
        "sentries": rng.randint(1 if index == 1 else 0, 3),
        "validators": 1 if index == 1 else rng.randint(0, 1),
        "monitors": rng.randint(0, 1),
        "cosigners": 1,
    }


def _metal(rng: random.Random, site_id: int) -> Config:
    def host(role: str, last: int) -> dict[str, Any]:
        name = f"{role}{site_id}"
        return {"name": name, "role": role, "address": f"198.19.{site_id}.{last}", "host_key": public_key(name)}

    return {
        "id": site_id,
        "name": f"metal{site_id}",
        "provider": "baremetal",
        "location": {"latitude": 50.0, "longitude": 8.0},
        "jump_sites": rng.sample([1, 2, 3], 2),
        "hosts": [host("cosigner", 9), *([host("sentry", 10)] if rng.random() < 0.5 else [])],
    }


def fifty_hosts() -> Config:
    """A mainnet of 50 hosts in five sites on all four providers, with raised quotas; 3 of 5 sign."""
    config = committed("mainnet")
    aws, gcp, digitalocean, paris, metal = config["sites"]
    quotas = {"elastic_ips": 20, "rules_per_group": 100}
    aws |= {"sentries": 6, "validators": 2, "zones": ["eu-central-1a", "eu-central-1b"] * 3, "quotas": quotas}
    gcp |= {"sentries": 8, "zones": ["europe-west4-a", "europe-west4-b"] * 4, "quotas": {"static_addresses": 20}}
    digitalocean |= {"sentries": 8, "validators": 1}
    paris |= {"sentries": 5, "validators": 1, "quotas": quotas}
    metal["hosts"] += [
        {
            "name": f"sentry{ordinal}",
            "role": "sentry",
            "ordinal": ordinal,
            "address": f"198.19.5.{ordinal}",
            "host_key": public_key(f"sentry{ordinal}"),
        }
        for ordinal in range(1, 9)
    ]
    return config
