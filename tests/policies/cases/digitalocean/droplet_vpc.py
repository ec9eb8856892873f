"""Cases of digitalocean-droplet-vpc."""

from policies.rules.digitalocean.droplet_vpc import RULE
from tests.support.policy_cases import Cases, all_of, drop, having, on, plus, put, unknown, without
from tests.support.policy_samples import digitalocean as do

NAME, KIND = "s3-cosigner-1", "digitalocean:index/droplet:Droplet"

CASES = Cases(
    rule=RULE,
    good=[do.droplet(), do.vpc()],
    fails={
        "no VPC": on(NAME, drop("vpcUuid"), having(dependencies={})),
        "a VPC that is known by its id alone": on(NAME, having(dependencies={})),
        "a VPC of another program": without("s3"),
        "a second droplet without one": all_of(plus(do.droplet("sentry")), on("s3-sentry-1", having(dependencies={}))),
        "something else in its place": on(NAME, having(dependencies={"vpcUuid": (NAME,)})),
    },
    passes={
        "the id unknown": on(NAME, unknown("vpcUuid")),
        "another id": on(NAME, put("vpcUuid", "x"), type=KIND),
        "nothing to look at": without(NAME),
    },
)
