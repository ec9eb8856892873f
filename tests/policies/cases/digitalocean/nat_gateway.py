"""Cases of digitalocean-nat-gateway."""

from policies.rules.digitalocean.nat_gateway import RULE
from tests.support.policy_cases import Cases, drop, having, on, put, unknown, without
from tests.support.policy_samples import digitalocean as do

NAME = "s3-nat"

CASES = Cases(
    rule=RULE,
    good=[do.nat_gateway(), do.vpc()],
    fails={
        "another type": on(NAME, put("type", "PRIVATE")),
        "no type": on(NAME, drop("type")),
        "a VPC of another program": without("s3"),
        "a VPC by its id": on(NAME, having(dependencies={})),
        "not the default": on(NAME, put("vpcs.0.defaultGateway", False)),
        "default not said": on(NAME, drop("vpcs.0.defaultGateway")),
        "not the default of a second": on(
            NAME, put("vpcs", [{"vpcUuid": "a", "defaultGateway": True}, {"vpcUuid": "b", "defaultGateway": False}])
        ),
        "an odd shape": on(NAME, put("vpcs", "vpc-s3")),
    },
    passes={"the id unknown": on(NAME, unknown("vpcs.0.vpcUuid")), "no gateway": without(NAME)},
    defers={"VPCs unknown": on(NAME, unknown("vpcs")), "type unknown": on(NAME, unknown("type"))},
)
