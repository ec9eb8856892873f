"""Cases of digitalocean-tags-owned."""

from policies.rules.digitalocean.tags_owned import RULE
from tests.support.policy_cases import Cases, drop, on, put, unknown, without
from tests.support.policy_samples import digitalocean as do

DROPLET, VOLUME = "digitalocean:index/droplet:Droplet", "digitalocean:index/volume:Volume"
NAME, FIREWALL = "s3-cosigner-1", "s3-cosigner-base"

CASES = Cases(
    rule=RULE,
    good=[do.droplet(), do.volume(), do.firewall("cosigner"), do.tag("cosigner"), do.tag("gateway")],
    fails={
        "a droplet's": on(NAME, put("tags.0", "web"), type=DROPLET),
        "a droplet's second": on(NAME, put("tags", [do.tag_of("cosigner"), "web"]), type=DROPLET),
        "a volume's": on(NAME, put("tags.0", "web"), type=VOLUME),
        "a firewall's": on(FIREWALL, put("tags.0", "web")),
        "a firewall's, rules unknown": on(FIREWALL, put("tags.0", "web"), unknown("inboundRules")),
        "a source's": on(FIREWALL, put("inboundRules.2.sourceTags.0", "web")),
        "a source's, tags unknown": on(FIREWALL, put("inboundRules.2.sourceTags.0", "web"), unknown("tags")),
        "a destination's": on(FIREWALL, put("outboundRules.2.destinationTags.0", "web")),
        "a destination's, sources unknown": on(
            FIREWALL, put("outboundRules.2.destinationTags.0", "web"), unknown("inboundRules")
        ),
        "one that is made elsewhere": without("s3-gateway"),
        "an odd shape": on(FIREWALL, put("tags", "web")),
    },
    passes={"no tags": on(NAME, drop("tags"), type=DROPLET)},
    defers={
        "a droplet's unknown": on(NAME, unknown("tags"), type=DROPLET),
        "a source's unknown": on(FIREWALL, unknown("inboundRules.1.sourceTags")),
        "rules unknown": on(FIREWALL, unknown("outboundRules")),
        "a resource's name unknown": on("s3-gateway", unknown("name")),
    },
)
