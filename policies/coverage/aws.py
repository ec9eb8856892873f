"""The checks of `aws`, and where CIS AWS Foundations 5.0 puts those of Prowler.

Ids and what they want: bridgecrewio/checkov, checkov/terraform/checks; aquasecurity/trivy-checks, checks/cloud/aws;
prowler-cloud/prowler, prowler/providers/aws/services. Requirements: prowler/compliance/aws/cis_5.0_aws.json of the latter.
Types are those that a check would look at in Pulumi's terms.
"""

from typing import Final

from policies.coverage import Check
from policies.coverage.aws_prowler import PROWLER
from policies.coverage.aws_types import (
    ACL,
    ATTACHED,
    BLOCK,
    BUCKET,
    BY_DEFAULT,
    DEFAULT_GROUP,
    DEFAULT_VPC,
    FIREWALL,
    GROUP,
    INSTANCE,
    KEY,
    LAUNCH,
    LOG_GROUP,
    NO_BACKUPS,
    POLICIES,
    ROLE,
    RULES,
    SUBNET,
    TRAIL,
    VOLUME,
    VPC,
    checks,
)

CHECKOV: Final = (
    *checks(
        "Checkov",
        INSTANCE,
        {
            "CKV_AWS_79": "the metadata service wants a session token",
            "CKV_AWS_8": "disks of instances are encrypted",
            "CKV_AWS_46": "user data holds no secrets",
            "CKV_AWS_88": "an instance has no public address",
        },
    ),
    *checks("Checkov", LAUNCH, {"CKV_AWS_341": "the metadata service answers one hop away at most"}),
    *checks(
        "Checkov",
        VOLUME,
        {
            "CKV_AWS_3": "a volume is encrypted",
            "CKV2_AWS_2": "only encrypted volumes are attached to instances",
            "CKV_AWS_189": "a volume is encrypted with a customer's key",
        },
    ),
    *checks("Checkov", VOLUME, {"CKV2_AWS_9": "a volume is in a backup plan"}, reason=NO_BACKUPS),
    *checks("Checkov", BY_DEFAULT, {"CKV_AWS_106": "the account encrypts volumes by default"}),
    *checks("Checkov", SUBNET, {"CKV_AWS_130": "a subnet gives no public address"}),
    *checks(
        "Checkov",
        VPC,
        {
            "CKV2_AWS_11": "a VPC has a flow log",
            "CKV2_AWS_12": "the default group of a VPC restricts all traffic",
        },
    ),
    *checks("Checkov", DEFAULT_VPC, {"CKV_AWS_148": "the default VPC is not made"}),
    *checks("Checkov", GROUP, {"CKV2_AWS_5": "a group is attached to something"}),
    *checks(
        "Checkov",
        GROUP | RULES,
        {
            "CKV_AWS_23": "groups and rules have descriptions",
            "CKV_AWS_24": "no rule opens port 22 to 0.0.0.0/0",
            "CKV_AWS_277": "no rule opens every port to 0.0.0.0/0",
            "CKV_AWS_382": "no rule lets every protocol out to 0.0.0.0/0",
        },
    ),
    *checks(
        "Checkov",
        ACL,
        {
            "CKV_AWS_229": "no network ACL opens port 21 to 0.0.0.0/0",
            "CKV_AWS_230": "no network ACL opens port 20 to 0.0.0.0/0",
            "CKV_AWS_231": "no network ACL opens port 3389 to 0.0.0.0/0",
            "CKV_AWS_232": "no network ACL opens port 22 to 0.0.0.0/0",
            "CKV_AWS_352": "no network ACL opens all ports",
        },
    ),
    *checks(
        "Checkov",
        KEY,
        {
            "CKV_AWS_7": "a key rotates",
            "CKV_AWS_33": "a key's policy has no wildcard principal",
            "CKV2_AWS_64": "a key has a policy",
        },
    ),
    *checks(
        "Checkov",
        POLICIES,
        {
            "CKV_AWS_62": "no policy allows everything on everything",
            "CKV_AWS_63": "no policy allows every action",
            "CKV2_AWS_40": "no policy allows all of IAM",
        },
    ),
    *checks("Checkov", ROLE | ATTACHED, {"CKV_AWS_274": "AdministratorAccess is attached to nothing"}),
    *checks(
        "Checkov",
        ROLE,
        {
            "CKV_AWS_60": "a role names the services or principals that may take it",
            "CKV_AWS_61": "a role is not for everybody of an account",
            "CKV_AWS_393": "a role for GitHub Actions names a safe subject",
        },
    ),
    *checks(
        "Checkov",
        BLOCK,
        {
            "CKV_AWS_53": "a bucket blocks public ACLs",
            "CKV_AWS_54": "a bucket blocks public policies",
            "CKV_AWS_55": "a bucket ignores public ACLs",
            "CKV_AWS_56": "a bucket restricts public access",
        },
    ),
    *checks(
        "Checkov",
        BUCKET,
        {
            "CKV2_AWS_6": "a bucket has a public access block",
            "CKV_AWS_21": "a bucket keeps versions",
            "CKV_AWS_143": "a bucket has an object lock",
            "CKV_AWS_379": "a bucket is reached over TLS alone",
        },
    ),
    *checks(
        "Checkov",
        TRAIL,
        {"CKV_AWS_67": "CloudTrail covers all regions", "CKV_AWS_36": "CloudTrail validates its log files"},
    ),
    *checks("Checkov", LOG_GROUP, {"CKV_AWS_338": "logs are kept for a year"}),
    *checks(
        "Checkov",
        FIREWALL,
        {
            "CKV2_AWS_63": "a network firewall has logging",
            "CKV_AWS_344": "a network firewall is protected against deletion",
        },
    ),
    *checks(
        "Checkov",
        RULES,
        {
            "CKV_AWS_25": "no RDP from anywhere",
            "CKV_AWS_260": "no HTTP from anywhere",
        },
    ),
    *checks("Checkov", KEY, {"CKV_AWS_227": "a key is enabled"}),
    *checks(
        "Checkov",
        LOG_GROUP,
        {
            "CKV_AWS_66": "logs are kept for a time that is said",
            "CKV_AWS_158": "logs are encrypted with a key",
        },
    ),
    *checks(
        "Checkov",
        POLICIES,
        {
            "CKV_AWS_286": "no escalation of privileges",
            "CKV_AWS_287": "no credentials exposed",
            "CKV_AWS_288": "no data exfiltrated",
            "CKV_AWS_289": "no management of permissions without constraints",
            "CKV_AWS_290": "no writing without constraints",
            "CKV_AWS_355": "no wildcard resource for actions that can name theirs",
        },
    ),
    *checks("Checkov", ROLE, {"CKV2_AWS_56": "IAMFullAccess is attached to nothing"}),
    *checks(
        "Checkov",
        INSTANCE,
        {
            "CKV_AWS_126": "detailed monitoring is on",
            "CKV2_AWS_41": "an instance has an IAM role",
        },
        reason=(
            "decided otherwise: hosts are watched over the mesh, and an exposed host holds no cloud credential"
            " (aws-instance-profile)"
        ),
    ),
    *checks(
        "Checkov",
        INSTANCE,
        {"CKV_AWS_135": "an instance is EBS-optimized"},
        reason="the sizes that the plan offers are so by default, which AWS does not let one switch off",
    ),
    *checks(
        "Checkov",
        frozenset({"aws:ec2/eip:Eip"}),
        {"CKV2_AWS_19": "an address is attached to an instance"},
        reason="a NAT gateway's address is attached to none, and a kept host's waits for it while it is replaced",
    ),
    *checks(
        "Checkov",
        frozenset({"aws:ec2/route:Route", "aws:ec2/routeTable:RouteTable"}),
        {
            "CKV2_AWS_35": "a default route leads to a NAT gateway",
            "CKV2_AWS_44": "a route to a peering is not too wide",
        },
    ),
    *checks("Checkov", ACL, {"CKV2_AWS_1": "a network ACL belongs to a subnet"}),
)

TRIVY: Final = (
    *checks(
        "Trivy",
        INSTANCE,
        {
            "AWS-0028": "the metadata service wants a session token",
            "AWS-0131": "disks of instances are encrypted",
            "AWS-0009": "an instance has no public address",
            "AWS-0029": "user data holds no secrets",
        },
    ),
    *checks(
        "Trivy",
        LAUNCH,
        {
            "AWS-0130": "the metadata service of launched instances wants a session token",
            "AWS-0008": "disks of launched instances are encrypted",
            "AWS-0129": "user data of launched instances holds no secrets",
        },
    ),
    *checks(
        "Trivy",
        VOLUME,
        {"AWS-0026": "a volume is encrypted", "AWS-0027": "a volume is encrypted with a customer's key"},
    ),
    *checks("Trivy", SUBNET, {"AWS-0164": "a subnet gives no public address"}),
    *checks("Trivy", VPC, {"AWS-0178": "a VPC has a flow log"}),
    *checks("Trivy", DEFAULT_GROUP, {"AWS-0173": "the default group restricts all traffic"}),
    *checks("Trivy", DEFAULT_VPC, {"AWS-0101": "the default VPC is not made"}),
    *checks("Trivy", GROUP, {"AWS-0099": "a group has a description"}),
    *checks(
        "Trivy",
        GROUP | RULES,
        {
            "AWS-0124": "a rule has a description",
            "AWS-0107": "no rule opens SSH or RDP to everybody",
            "AWS-0104": "no rule lets traffic out to everybody",
        },
    ),
    *checks(
        "Trivy",
        ACL,
        {"AWS-0102": "no network ACL allows every port", "AWS-0105": "no network ACL lets in everybody"},
    ),
    *checks("Trivy", KEY, {"AWS-0065": "a key rotates"}),
    *checks(
        "Trivy",
        POLICIES,
        {
            "AWS-0057": "no policy has wildcards (deprecated there)",
            "AWS-0342": "no policy passes any role",
            "AWS-0345": "no policy allows all of S3",
        },
    ),
    *checks(
        "Trivy",
        BLOCK,
        {
            "AWS-0086": "a bucket blocks public ACLs",
            "AWS-0087": "a bucket blocks public policies",
            "AWS-0091": "a bucket ignores public ACLs",
            "AWS-0093": "a bucket restricts public access",
        },
    ),
    *checks(
        "Trivy",
        BUCKET,
        {"AWS-0094": "a bucket has a public access block", "AWS-0090": "a bucket keeps versions"},
    ),
    *checks(
        "Trivy",
        TRAIL,
        {"AWS-0014": "CloudTrail covers all regions", "AWS-0016": "CloudTrail validates its log files"},
    ),
    *checks(
        "Trivy",
        frozenset(),
        {"AWS-0344": "a search for an image names its owner"},
        reason="a search is no resource: components/aws/site.py searches among the images of Debian's own account alone",
    ),
)

CHECKS: Final[tuple[Check, ...]] = (*CHECKOV, *TRIVY, *PROWLER)
