"""A fleet on GCP alone, and its recordings."""

from functools import cache
from typing import Any

from tests.support.mocked import Recording, run_program
from tests.support.samples import Config, four_providers


def gcp_fleet(**fields: Any) -> Config:
    """Three regions of GCP in two projects: the first with NAT, the others sealed."""
    config = four_providers()
    config["signer"] = {
        "kind": "horcrux",
        "threshold": 2,
        "shards": ["s1-cosigner-1", "s2-cosigner-1", "s3-cosigner-1"],
        "accepted_risks": {"single_provider": "A test network without stake, to test one provider."},
    }
    one: Config = {"provider": "gcp", "project": "project-one", "cosigners": 1}
    two = one | {"project": "project-two"}
    hosts = {"sentries": 1, "validators": 1}
    config["sites"] = [
        {"id": 1, "name": "frankfurt", "region": "europe-west3", "egress": "nat", **one, **hosts},
        {"id": 2, "name": "groningen", "region": "europe-west4", **two},
        {"id": 3, "name": "ghislain", "region": "europe-west1", **two},
    ]
    return config | fields


@cache
def recorded(*, preview: bool) -> Recording:
    """The program, run once for all tests: not to be changed."""
    return run_program(gcp_fleet(), preview=preview)
