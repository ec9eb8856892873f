"""Cases of digitalocean-group-tag."""

from policies.rules.digitalocean.group_tag import RULE
from tests.support.policy_cases import Cases, all_of, drop, having, put, unknown
from tests.support.policy_samples import digitalocean as do

CASES = Cases(
    rule=RULE,
    good=do.droplet(),
    fails={
        "none": drop("tags"),
        "empty": put("tags", []),
        "another after it": put("tags", [do.tag_of("cosigner"), "web"]),
        "another before it": put("tags", ["web", do.tag_of("cosigner")]),
        "twice": put("tags", [do.tag_of("cosigner")] * 2),
        "another group's": put("tags", [do.tag_of("sentry")]),
        "another site's": put("tags", ["redoubt-testnet-s2-cosigner"]),
        "another stack's": put("tags", ["redoubt-mainnet-s3-cosigner"]),
        "no fleet": put("tags", ["-testnet-s3-cosigner"]),
        "a host's": put("tags", ["redoubt-testnet-s3-cosigner-1"]),
        "a role that there is not": all_of(put("tags", ["redoubt-testnet-s3-spare"]), having(name="s3-spare-1")),
        "another volume's": lambda _: put("tags", [do.tag_of("sentry")])(do.volume()),
        "another firewall's": lambda _: put("tags", [do.tag_of("cosigner")])(do.firewall("sentry")),
        "an odd shape": put("tags", "redoubt-testnet-s3-cosigner"),
    },
    passes={
        "a volume": lambda _: do.volume(),
        "a firewall": lambda _: do.firewall("gateway", "peers"),
        "a second droplet": having(name="s3-cosigner-12"),
    },
    defers={"unknown": unknown("tags"), "an entry unknown": unknown("tags.0")},
)
