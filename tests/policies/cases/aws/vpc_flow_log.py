"""Cases of aws-vpc-flow-log."""

from policies.rules.aws.vpc_flow_log import RULE
from tests.support.policy_cases import Cases, all_of, having, on, plus, unknown, without
from tests.support.policy_samples import aws

LOG = aws.flow_log()
GROUP = "aws:cloudwatch/logGroup:LogGroup"

CASES = Cases(
    rule=RULE,
    good=(aws.vpc(), LOG, aws.log_group()),
    fails={
        "no log": without(LOG.name, type=LOG.type),
        "no group": without(LOG.name, type=GROUP),
        "of a subnet": on(
            LOG.name, having(dependencies={"logDestination": LOG.dependencies["logDestination"]}), type=LOG.type
        ),
        "to a bucket": on(LOG.name, having(dependencies={"vpcId": ("s1",)}), type=LOG.type),
        "a second VPC": plus(aws.vpc("s4")),
    },
    passes={
        "two VPCs": plus(aws.vpc("s4"), aws.flow_log("s4"), aws.log_group("s4-flow-logs")),
        "ids unknown": on(LOG.name, all_of(unknown("vpcId"), unknown("logDestination")), type=LOG.type),
    },
)
