"""Cases of fleet-jump-host."""

from policies.rules.fleet.jump_host import RULE
from tests.support.policy_cases import Cases, all_of, on, plus, put
from tests.support.policy_samples.fleet import fleet, linking, one

AWS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
GCP = "gcp:compute/firewall:Firewall"
DO = "digitalocean:index/firewall:Firewall"
SSH = on


CASES = Cases(
    rule=RULE,
    good=fleet,
    fails={
        "from a sentry": on(
            "s1-validator-tcp-22-from-s1-gateway", linking("referencedSecurityGroupId", f"{GROUP}::s1-sentry"), type=AWS
        ),
        "from a range": lambda given: [
            *given,
            all_of(linking("referencedSecurityGroupId"), put("cidrIpv4", "10.1.0.0/16"))(
                one(AWS, "s1-validator-tcp-22-from-s1-gateway")()
            ),
        ],
        "all ports of a sentry": on("s1-sentry-tcp-26656-from-0.0.0.0_0", put("fromPort", 1.0), type=AWS),
        "on GCP": on(
            "s2-cosigner-tcp-22-from-groups",
            linking("sourceServiceAccounts", "gcp:serviceaccount/account:Account::s2-sentry"),
            type=GCP,
        ),
        "on DigitalOcean": on(
            "s3-sentry-base",
            put("inboundRules.1", {"protocol": "tcp", "portRange": "22", "sourceTags": ["redoubt-testnet-s3-sentry"]}),
            type=DO,
        ),
    },
    passes={"SSH of a gateway": plus()},
)
