"""Cases of fleet-private-routes."""

from policies.rules.fleet.private_routes import RULE
from tests.support.policy_cases import Cases, Sample, all_of, drop, having, on, put, unknown
from tests.support.policy_samples.fleet import GCP_INSTANCE, fleet, intending, linking

TABLE = "aws:ec2/routeTable:RouteTable"
ROUTE = "aws:ec2/route:Route"
TARGETS = (
    "gatewayId",
    "egressOnlyGatewayId",
    "transitGatewayId",
    "vpcPeeringConnectionId",
    "networkInterfaceId",
    "vpcEndpointId",
    "carrierGatewayId",
    "localGatewayId",
    "coreNetworkArn",
)
GCP_ROUTE = "gcp:compute/route:Route"
PUBLIC_TAG = "redoubt-testnet-s2-public"


def nat(type_: str, name: str) -> Sample:
    return Sample(type=type_, name=name, props={})


CASES = Cases(
    rule=RULE,
    good=fleet,
    fails={
        **{
            f"a private route to a {target}": on("s1-private-a-default", put(target, "x"), type=ROUTE)
            for target in TARGETS
        },
        "a private route to something unknown": on("s1-private-a-default", unknown("gatewayId"), type=ROUTE),
        "a public table for a private subnet": on(
            "s1-private-a",
            linking("routeTableId", f"{TABLE}::s1-public"),
            type="aws:ec2/routeTableAssociation:RouteTableAssociation",
        ),
        "NAT on a sealed site on AWS": all_of(
            intending(lambda config: config["sites"][0].update(egress="sealed")),
        ),
        "NAT on a sealed site on GCP": lambda given: [*given, nat("gcp:compute/routerNat:RouterNat", "s2-nat")],
        "NAT on a sealed site on DigitalOcean": lambda given: [
            *given,
            nat("digitalocean:index/vpcNatGateway:VpcNatGateway", "s3-nat"),
        ],
        "GCP, a route for everybody": on("s2-public-default", put("tags", []), type=GCP_ROUTE),
        "GCP, a route without tags": on("s2-public-default", drop("tags"), type=GCP_ROUTE),
        "GCP, a tag that nobody public carries": on("s2-public-default", put("tags", ["other"]), type=GCP_ROUTE),
        "GCP, a second tag": on("s2-public-default", put("tags", [PUBLIC_TAG, "other"]), type=GCP_ROUTE),
        "GCP, a private host with the public tag": on("s2-cosigner-1", put("tags", [PUBLIC_TAG]), type=GCP_INSTANCE),
    },
    passes={
        "GCP, behind NAT": all_of(
            intending(lambda config: config["sites"][1].update(egress="nat")),
            on("s2-cosigner-1", put("tags", [PUBLIC_TAG]), type=GCP_INSTANCE),
        ),
        "an empty private site": on("s1-private-a-default", having(dependencies={}), put("gatewayId", "x"), type=ROUTE),
    },
)
