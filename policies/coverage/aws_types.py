"""What the checks of `aws` look at, in Pulumi's types, and reasons that several of them share."""

from typing import Final, Literal

from policies.coverage import Check

INSTANCE: Final = frozenset({"aws:ec2/instance:Instance"})
TEMPLATE: Final = frozenset({"aws:ec2/launchTemplate:LaunchTemplate"})
LAUNCH: Final = TEMPLATE | {"aws:ec2/launchConfiguration:LaunchConfiguration"}
VOLUME: Final = frozenset({"aws:ebs/volume:Volume"})
BY_DEFAULT: Final = frozenset({"aws:ebs/encryptionByDefault:EncryptionByDefault"})
SUBNET: Final = frozenset({"aws:ec2/subnet:Subnet"})
VPC: Final = frozenset({"aws:ec2/vpc:Vpc"})
DEFAULT_VPC: Final = frozenset({"aws:ec2/defaultVpc:DefaultVpc"})
DEFAULT_GROUP: Final = frozenset({"aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"})
GROUP: Final = frozenset({"aws:ec2/securityGroup:SecurityGroup"})
RULES: Final = frozenset(
    {
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        "aws:ec2/securityGroupRule:SecurityGroupRule",
    }
)
ACL: Final = frozenset({"aws:ec2/networkAcl:NetworkAcl", "aws:ec2/networkAclRule:NetworkAclRule"})
LOG_GROUP: Final = frozenset({"aws:cloudwatch/logGroup:LogGroup"})
KEY: Final = frozenset({"aws:kms/key:Key"})
ROLE: Final = frozenset({"aws:iam/role:Role"})
INLINE: Final = frozenset({"aws:iam/rolePolicy:RolePolicy"})
POLICY: Final = frozenset({"aws:iam/policy:Policy"})
POLICIES: Final = INLINE | POLICY
ATTACHED: Final = frozenset(
    {"aws:iam/rolePolicyAttachment:RolePolicyAttachment", "aws:iam/policyAttachment:PolicyAttachment"}
)
BUCKET: Final = frozenset({"aws:s3/bucket:Bucket"})
BLOCK: Final = frozenset({"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"})
TRAIL: Final = frozenset({"aws:cloudtrail/trail:Trail"})
FIREWALL: Final = frozenset({"aws:networkfirewall/firewall:Firewall"})
FIREWALL_POLICY: Final = frozenset({"aws:networkfirewall/firewallPolicy:FirewallPolicy"})

NO_ENCLAVES: Final = (
    "no host of the fleet is the parent of an enclave and no key admits one: cosigners keep their shards on volumes"
    " encrypted with the site's key, and quorum makes one shard worthless"
)
NO_BACKUPS: Final = (
    "a signer that comes back from a backup double signs: its volume is never copied (aws-volume-one-copy), and losing"
    " one is covered by the quorum"
)


def checks(
    tool: Literal["Checkov", "Trivy", "Prowler"],
    types: frozenset[str],
    wanted: dict[str, str],
    *,
    reason: str = "",
    frameworks: tuple[str, ...] = (),
) -> tuple[Check, ...]:
    """Checks of one tool about the same types: what each wants, by its id."""
    return tuple(
        Check(id=one, tool=tool, about=about, types=types, reason=reason, frameworks=frameworks)
        for one, about in wanted.items()
    )
