"""Cases of digitalocean-kept-guards."""

from policies.rules.digitalocean.kept_guards import RULE
from tests.support.policy_cases import Cases, all_of, drop, having, on, plus, put, unknown, without
from tests.support.policy_samples import digitalocean as do

DROPLET, FIREWALL, TAG = "s3-cosigner-1", "s3-cosigner-base", "s3-cosigner"

CASES = Cases(
    rule=RULE,
    good=[
        do.droplet(),
        do.firewall("cosigner"),
        do.firewall("cosigner", "peers"),
        do.tag("cosigner"),
        do.droplet("sentry"),
        do.firewall("sentry"),
        do.tag("sentry"),
    ],
    fails={
        "tag open": on(TAG, having(protect=False)),
        "tag gone": without(TAG),
        "firewall open": on(FIREWALL, having(protect=False)),
        "firewall gone": without(FIREWALL),
        "firewall of another group": on(FIREWALL, put("tags", [do.tag_of("sentry")])),
        "droplet without tags": on(DROPLET, drop("tags")),
        "a second tag open": on(DROPLET, put("tags", [do.tag_of("cosigner"), do.tag_of("sentry")])),
        "a sentry that is kept": on("s3-sentry-1", having(protect=True)),
        "an odd shape": on(DROPLET, put("tags", {})),
    },
    passes={
        "not kept": all_of(on(DROPLET, having(protect=False)), on(TAG, having(protect=False)), without(FIREWALL)),
        "another tag of the account": plus(do.tag("monitor")),
    },
    defers={"a droplet's tags unknown": on(DROPLET, unknown("tags")), "a tag's name unknown": on(TAG, unknown("name"))},
)
