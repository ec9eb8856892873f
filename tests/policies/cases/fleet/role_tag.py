"""Cases of fleet-role-tag."""

from policies.rules.fleet.role_tag import RULE
from tests.support.policy_cases import Cases, all_of, drop, having, put, put_key
from tests.support.policy_samples.fleet import DROPLET, GCP_INSTANCE, INSTANCE, one

CASES = Cases(
    rule=RULE,
    good=one(INSTANCE, "s1-cosigner-1"),
    fails={
        "no role tag": drop("tags.redoubt:role"),
        "no tags": drop("tags"),
        "a role that is none": put_key("tags", "redoubt:role", "auditor"),
        "another role than its name's": put_key("tags", "redoubt:role", "sentry"),
        "a name that is no host's": having(name="bastion"),
        "a role of an odd shape": put_key("tags", "redoubt:role", 7),
        "a droplet with two roles": all_of(
            having(type=DROPLET), put("tags", ["redoubt-testnet-s1-cosigner", "redoubt-testnet-s1-sentry"])
        ),
        "a droplet with a tag of nobody's": all_of(having(type=DROPLET), put("tags", ["cosigner"])),
        "labels without a role": all_of(having(type=GCP_INSTANCE), drop("tags"), put("labels", {"redoubt-site": "a"})),
    },
    passes={
        "a volume": having(type="aws:ebs/volume:Volume"),
        "a disk with labels": all_of(
            having(type="gcp:compute/disk:Disk"), drop("tags"), put("labels", {"redoubt-role": "cosigner"})
        ),
        "a droplet with one tag of ours": all_of(
            having(type=DROPLET), put("tags", ["backup", "redoubt-testnet-s1-cosigner"])
        ),
        "a GCP host with network tags": all_of(
            having(type=GCP_INSTANCE),
            put("tags", ["redoubt-testnet-s2-public"]),
            put("labels", {"redoubt-role": "cosigner"}),
        ),
    },
)
