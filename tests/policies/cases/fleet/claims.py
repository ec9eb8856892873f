"""Cases of fleet-claims: what no single rule shows. The prover's own mutants are in tests/proofs."""

from policies.rules.fleet.claims import RULE
from tests.support.policy_cases import Cases, Sample, all_of, drop, having, on, put, unknown, without
from tests.support.policy_samples.fleet import AWS, DO, GCP, INSTANCE, STACK, fleet, linking, opened

CASES = Cases(
    rule=RULE,
    good=fleet,
    fails={
        "a validator opened to anybody": opened("s1-validator", "0.0.0.0/0", port=26656),
        "an admin range too many": opened("s1-gateway", "192.0.2.0/24", port=22),
        "a flow that is closed": without("s1-validator-tcp-22-from-s1-gateway", type=AWS),
        "a sentry that is closed on GCP": on("s2-sentry-tcp-26656-from-ranges", put("disabled", True), type=GCP),
        "a private host with a public address": on(
            "s1-cosigner-1", put("associatePublicIpAddress", True), type=INSTANCE
        ),
        "what the proofs cannot read": on("s1", put("instanceTenancy", "dedicated"), type="aws:ec2/vpc:Vpc"),
        "a host that is missing": all_of(
            without("s1-cosigner-1", type=INSTANCE),
            without("s1-cosigner-1", type="aws:ec2/volumeAttachment:VolumeAttachment"),
        ),
        "a stack that says nothing": lambda given: [
            having(outputs={})(each) if each.type == STACK else each for each in given
        ],
    },
    passes={
        "a type that was let in by config": lambda given: [
            *given,
            Sample(type="aws:s3/bucket:Bucket", name="backups", props={}),
        ],
        "what a provider fills in": on("s1", put("instanceTenancy", "default"), type="aws:ec2/vpc:Vpc"),
        "what pulumi-aws fills in": on("s1", put("region", "eu-central-1"), put("tagsAll", {}), type="aws:ec2/vpc:Vpc"),
        "what the bridge notes": on("s1-cosigner-1", put("metadataOptions.__defaults", []), type=INSTANCE),
        "what the bridge filled in": on(
            "s3-sentry-base",
            put("inboundRules.0.__defaults", ["icmpType"]),
            put("inboundRules.0.icmpType", 8),
            type=DO,
        ),
        "two addresses that happen to be neighbours": all_of(
            on("s1-gateway-1", having(outputs={"publicIp": "198.18.77.2"}), type="aws:ec2/eip:Eip"),
            on("s1-sentry-1", having(outputs={"publicIp": "198.18.77.3"}), type="aws:ec2/eip:Eip"),
        ),
        "a description": on("s2-sentry-tcp-26656-from-ranges", drop("description"), type=GCP),
    },
    defers={
        "a range that nothing tells": lambda given: on("extra", unknown("cidrIpv4"), linking("cidrIpv4"), type=AWS)(
            opened("s1-sentry", "", port=26656)(given)
        ),
    },
)
