"""Cases of aws-route-gateways."""

from policies.rules.aws.route_gateways import RULE
from tests.support.policy_cases import Cases, all_of, having, on, put, unknown, without
from tests.support.policy_samples import aws

OUT = "s1-private-a-default"
TABLE = "aws:ec2/routeTable:RouteTable"
LOOP = {"cidrBlock": "10.2.0.0/16", "vpcPeeringConnectionId": "pcx-0123456789abcdef0"}

CASES = Cases(
    rule=RULE,
    good=(
        aws.vpc(),
        aws.internet_gateway(),
        aws.nat_gateway(),
        aws.route_table(),
        aws.route_table("s1-private-a"),
        aws.route(),
        aws.route(OUT, "s1-private-a"),
    ),
    fails={
        "gateway from elsewhere": on("s1-public-default", having(dependencies={})),
        "NAT from elsewhere": on(OUT, having(dependencies={})),
        "gateway gone": without("s1", type="aws:ec2/internetGateway:InternetGateway"),
        "NAT gone": without("s1-private-a-nat"),
        "peering": on(OUT, having(dependencies={"vpcPeeringConnectionId": ("s1-private-a-nat",)})),
        "something else as a gateway": on(
            "s1-public-default", having(dependencies={"gatewayId": ("s1-private-a-nat",)})
        ),
        "route inside": on("s1-public", put("routes", [LOOP])),
        "routes from a VPN": on("s1-private-a", put("propagatingVgws", ["vgw-0123456789abcdef0"])),
        "routes unknown here, set there": all_of(
            on("s1-public", unknown("routes")), on("s1-private-a", put("routes", [LOOP]))
        ),
    },
    passes={
        "no routes inside": on("s1-public", put("routes", []), type=TABLE),
        "ids unknown": all_of(on("s1-public-default", unknown("gatewayId")), on(OUT, unknown("natGatewayId"))),
    },
    defers={"routes inside unknown": on("s1-public", unknown("routes"))},
)
