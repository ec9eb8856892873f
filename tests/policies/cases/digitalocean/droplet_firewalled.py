"""Cases of digitalocean-droplet-firewalled."""

from dataclasses import replace

from policies.rules.digitalocean.droplet_firewalled import RULE
from tests.support.policy_cases import Cases, all_of, drop, on, plus, put, unknown, without
from tests.support.policy_samples import digitalocean as do

DROPLET, FIREWALL = "s3-cosigner-1", "s3-cosigner-base"

CASES = Cases(
    rule=RULE,
    good=[do.firewall("sentry"), do.firewall("cosigner"), do.droplet(), do.droplet("sentry")],
    fails={
        "no firewall": without(FIREWALL),
        "a firewall without tags": on(FIREWALL, drop("tags")),
        "a firewall by id": on(FIREWALL, drop("tags"), put("dropletIds", [410867812])),
        "a firewall of another group": on(FIREWALL, put("tags", [do.tag_of("gateway")])),
        "a droplet without tags": on(DROPLET, drop("tags")),
        "another tag": on(DROPLET, put("tags", [do.tag_of("validator")])),
        "the second droplet": on("s3-sentry-1", put("tags", [])),
        "a third droplet": plus(do.droplet("monitor")),
        "an odd shape": on(DROPLET, put("tags", 7)),
    },
    passes={
        "tags unknown of one that is not needed": all_of(
            plus(replace(do.firewall("sentry"), name="s3-sentry-more")), on("s3-sentry-base", unknown("tags"))
        ),
        "one tag of two": on(FIREWALL, put("tags", ["web", do.tag_of("cosigner")])),
    },
    defers={
        "a droplet's tags unknown": on(DROPLET, unknown("tags")),
        "a firewall's tags unknown": on(FIREWALL, unknown("tags")),
    },
)
