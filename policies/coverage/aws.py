"""The checks of `aws`, and where CIS AWS Foundations 5.0 puts those of Prowler.

Ids and what they want: bridgecrewio/checkov, checkov/terraform/checks; aquasecurity/trivy-checks, checks/cloud/aws;
prowler-cloud/prowler, prowler/providers/aws/services. Requirements: prowler/compliance/aws/cis_5.0_aws.json of the latter.
Types are those that a check would look at in Pulumi's terms.
"""

from typing import Final, Literal

from policies.coverage import Check

_INSTANCE: Final = frozenset({"aws:ec2/instance:Instance"})
_TEMPLATE: Final = frozenset({"aws:ec2/launchTemplate:LaunchTemplate"})
_LAUNCH: Final = _TEMPLATE | {"aws:ec2/launchConfiguration:LaunchConfiguration"}
_VOLUME: Final = frozenset({"aws:ebs/volume:Volume"})
_BY_DEFAULT: Final = frozenset({"aws:ebs/encryptionByDefault:EncryptionByDefault"})
_SUBNET: Final = frozenset({"aws:ec2/subnet:Subnet"})
_VPC: Final = frozenset({"aws:ec2/vpc:Vpc"})
_DEFAULT_VPC: Final = frozenset({"aws:ec2/defaultVpc:DefaultVpc"})
_DEFAULT_GROUP: Final = frozenset({"aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"})
_GROUP: Final = frozenset({"aws:ec2/securityGroup:SecurityGroup"})
_RULES: Final = frozenset(
    {
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        "aws:ec2/securityGroupRule:SecurityGroupRule",
    }
)
_ACL: Final = frozenset({"aws:ec2/networkAcl:NetworkAcl", "aws:ec2/networkAclRule:NetworkAclRule"})
_KEY: Final = frozenset({"aws:kms/key:Key"})
_ROLE: Final = frozenset({"aws:iam/role:Role"})
_INLINE: Final = frozenset({"aws:iam/rolePolicy:RolePolicy"})
_POLICY: Final = frozenset({"aws:iam/policy:Policy"})
_POLICIES: Final = _INLINE | _POLICY
_ATTACHED: Final = frozenset(
    {"aws:iam/rolePolicyAttachment:RolePolicyAttachment", "aws:iam/policyAttachment:PolicyAttachment"}
)
_BUCKET: Final = frozenset({"aws:s3/bucket:Bucket"})
_BLOCK: Final = frozenset({"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"})
_TRAIL: Final = frozenset({"aws:cloudtrail/trail:Trail"})
_FIREWALL: Final = frozenset({"aws:networkfirewall/firewall:Firewall"})
_FIREWALL_POLICY: Final = frozenset({"aws:networkfirewall/firewallPolicy:FirewallPolicy"})

_NO_ENCLAVES: Final = (
    "no host of the fleet is the parent of an enclave and no key admits one: cosigners keep their shards on volumes"
    " encrypted with the site's key, and quorum makes one shard worthless"
)
_NO_BACKUPS: Final = (
    "a signer that comes back from a backup double signs: its volume is never copied (aws-volume-one-copy), and losing"
    " one is covered by the quorum"
)


def _all(
    tool: Literal["Checkov", "Trivy", "Prowler"],
    types: frozenset[str],
    checks: dict[str, str],
    *,
    reason: str = "",
    frameworks: tuple[str, ...] = (),
) -> tuple[Check, ...]:
    return tuple(
        Check(id=one, tool=tool, about=about, types=types, reason=reason, frameworks=frameworks)
        for one, about in checks.items()
    )


CHECKOV: Final = (
    *_all(
        "Checkov",
        _INSTANCE,
        {
            "CKV_AWS_79": "the metadata service wants a session token",
            "CKV_AWS_8": "disks of instances are encrypted",
            "CKV_AWS_46": "user data holds no secrets",
            "CKV_AWS_88": "an instance has no public address",
        },
    ),
    *_all("Checkov", _LAUNCH, {"CKV_AWS_341": "the metadata service answers one hop away at most"}),
    *_all(
        "Checkov",
        _VOLUME,
        {
            "CKV_AWS_3": "a volume is encrypted",
            "CKV2_AWS_2": "only encrypted volumes are attached to instances",
            "CKV_AWS_189": "a volume is encrypted with a customer's key",
        },
    ),
    *_all("Checkov", _VOLUME, {"CKV2_AWS_9": "a volume is in a backup plan"}, reason=_NO_BACKUPS),
    *_all("Checkov", _BY_DEFAULT, {"CKV_AWS_106": "the account encrypts volumes by default"}),
    *_all("Checkov", _SUBNET, {"CKV_AWS_130": "a subnet gives no public address"}),
    *_all(
        "Checkov",
        _VPC,
        {
            "CKV2_AWS_11": "a VPC has a flow log",
            "CKV2_AWS_12": "the default group of a VPC restricts all traffic",
        },
    ),
    *_all("Checkov", _DEFAULT_VPC, {"CKV_AWS_148": "the default VPC is not made"}),
    *_all("Checkov", _GROUP, {"CKV2_AWS_5": "a group is attached to something"}),
    *_all(
        "Checkov",
        _GROUP | _RULES,
        {
            "CKV_AWS_23": "groups and rules have descriptions",
            "CKV_AWS_24": "no rule opens port 22 to 0.0.0.0/0",
            "CKV_AWS_277": "no rule opens every port to 0.0.0.0/0",
            "CKV_AWS_382": "no rule lets every protocol out to 0.0.0.0/0",
        },
    ),
    *_all(
        "Checkov",
        _ACL,
        {
            "CKV_AWS_229": "no network ACL opens port 21 to 0.0.0.0/0",
            "CKV_AWS_230": "no network ACL opens port 20 to 0.0.0.0/0",
            "CKV_AWS_231": "no network ACL opens port 3389 to 0.0.0.0/0",
            "CKV_AWS_232": "no network ACL opens port 22 to 0.0.0.0/0",
            "CKV_AWS_352": "no network ACL opens all ports",
        },
    ),
    *_all(
        "Checkov",
        _KEY,
        {
            "CKV_AWS_7": "a key rotates",
            "CKV_AWS_33": "a key's policy has no wildcard principal",
            "CKV2_AWS_64": "a key has a policy",
        },
    ),
    *_all(
        "Checkov",
        _POLICIES,
        {
            "CKV_AWS_62": "no policy allows everything on everything",
            "CKV_AWS_63": "no policy allows every action",
            "CKV2_AWS_40": "no policy allows all of IAM",
        },
    ),
    *_all("Checkov", _ROLE | _ATTACHED, {"CKV_AWS_274": "AdministratorAccess is attached to nothing"}),
    *_all(
        "Checkov",
        _ROLE,
        {
            "CKV_AWS_60": "a role names the services or principals that may take it",
            "CKV_AWS_61": "a role is not for everybody of an account",
            "CKV_AWS_393": "a role for GitHub Actions names a safe subject",
        },
    ),
    *_all(
        "Checkov",
        _BLOCK,
        {
            "CKV_AWS_53": "a bucket blocks public ACLs",
            "CKV_AWS_54": "a bucket blocks public policies",
            "CKV_AWS_55": "a bucket ignores public ACLs",
            "CKV_AWS_56": "a bucket restricts public access",
        },
    ),
    *_all(
        "Checkov",
        _BUCKET,
        {
            "CKV2_AWS_6": "a bucket has a public access block",
            "CKV_AWS_21": "a bucket keeps versions",
            "CKV_AWS_143": "a bucket has an object lock",
            "CKV_AWS_379": "a bucket is reached over TLS alone",
        },
    ),
    *_all(
        "Checkov",
        _TRAIL,
        {"CKV_AWS_67": "CloudTrail covers all regions", "CKV_AWS_36": "CloudTrail validates its log files"},
    ),
    *_all("Checkov", frozenset({"aws:cloudwatch/logGroup:LogGroup"}), {"CKV_AWS_338": "logs are kept for a year"}),
    *_all(
        "Checkov",
        _FIREWALL,
        {
            "CKV2_AWS_63": "a network firewall has logging",
            "CKV_AWS_344": "a network firewall is protected against deletion",
        },
    ),
)

TRIVY: Final = (
    *_all(
        "Trivy",
        _INSTANCE,
        {
            "AWS-0028": "the metadata service wants a session token",
            "AWS-0131": "disks of instances are encrypted",
            "AWS-0009": "an instance has no public address",
            "AWS-0029": "user data holds no secrets",
        },
    ),
    *_all(
        "Trivy",
        _LAUNCH,
        {
            "AWS-0130": "the metadata service of launched instances wants a session token",
            "AWS-0008": "disks of launched instances are encrypted",
            "AWS-0129": "user data of launched instances holds no secrets",
        },
    ),
    *_all(
        "Trivy",
        _VOLUME,
        {"AWS-0026": "a volume is encrypted", "AWS-0027": "a volume is encrypted with a customer's key"},
    ),
    *_all("Trivy", _SUBNET, {"AWS-0164": "a subnet gives no public address"}),
    *_all("Trivy", _VPC, {"AWS-0178": "a VPC has a flow log"}),
    *_all("Trivy", _DEFAULT_GROUP, {"AWS-0173": "the default group restricts all traffic"}),
    *_all("Trivy", _DEFAULT_VPC, {"AWS-0101": "the default VPC is not made"}),
    *_all("Trivy", _GROUP, {"AWS-0099": "a group has a description"}),
    *_all(
        "Trivy",
        _GROUP | _RULES,
        {
            "AWS-0124": "a rule has a description",
            "AWS-0107": "no rule opens SSH or RDP to everybody",
            "AWS-0104": "no rule lets traffic out to everybody",
        },
    ),
    *_all(
        "Trivy",
        _ACL,
        {"AWS-0102": "no network ACL allows every port", "AWS-0105": "no network ACL lets in everybody"},
    ),
    *_all("Trivy", _KEY, {"AWS-0065": "a key rotates"}),
    *_all(
        "Trivy",
        _POLICIES,
        {
            "AWS-0057": "no policy has wildcards (deprecated there)",
            "AWS-0342": "no policy passes any role",
            "AWS-0345": "no policy allows all of S3",
        },
    ),
    *_all(
        "Trivy",
        _BLOCK,
        {
            "AWS-0086": "a bucket blocks public ACLs",
            "AWS-0087": "a bucket blocks public policies",
            "AWS-0091": "a bucket ignores public ACLs",
            "AWS-0093": "a bucket restricts public access",
        },
    ),
    *_all(
        "Trivy",
        _BUCKET,
        {"AWS-0094": "a bucket has a public access block", "AWS-0090": "a bucket keeps versions"},
    ),
    *_all(
        "Trivy",
        _TRAIL,
        {"AWS-0014": "CloudTrail covers all regions", "AWS-0016": "CloudTrail validates its log files"},
    ),
    *_all(
        "Trivy",
        frozenset(),
        {"AWS-0344": "a search for an image names its owner"},
        reason="a search is no resource: components/aws/site.py searches among the images of Debian's own account alone",
    ),
)

PROWLER: Final = (
    *_all(
        "Prowler",
        _INSTANCE,
        {"ec2_instance_imdsv2_enabled": "the metadata service wants a session token"},
        frameworks=("CIS AWS 5.0 5.7",),
    ),
    *_all(
        "Prowler",
        _INSTANCE,
        {
            "ec2_instance_public_ip": "an instance has no public address",
            "ec2_instance_secrets_user_data": "user data holds no secrets",
            "ec2_instance_internet_facing_with_instance_profile": "a host on the Internet has no role",
        },
    ),
    *_all(
        "Prowler",
        _INSTANCE,
        {"ec2_instance_with_outdated_ami": "an instance's image is not an old one"},
        reason=(
            "a new image would replace the host: a host keeps the image that it was made from (fleet-ignore-changes), and"
            " takes its updates through its gateway (fleet/flows.py)"
        ),
    ),
    *_all(
        "Prowler",
        _TEMPLATE,
        {
            "ec2_launch_template_imdsv2_required": "the metadata service of launched instances wants a session token",
            "ec2_launch_template_no_secrets": "user data of launched instances holds no secrets",
        },
    ),
    *_all(
        "Prowler",
        frozenset({"aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults"}),
        {"ec2_instance_account_imdsv2_enabled": "the account's default wants a session token"},
    ),
    *_all(
        "Prowler",
        _VOLUME,
        {"ec2_ebs_volume_encryption": "a volume is encrypted"},
        frameworks=("CIS AWS 5.0 5.1.1",),
    ),
    *_all(
        "Prowler",
        _VOLUME,
        {"ec2_ebs_volume_protected_by_backup_plan": "a volume is in a backup plan"},
        reason=_NO_BACKUPS,
    ),
    *_all("Prowler", _BY_DEFAULT, {"ec2_ebs_default_encryption": "the account encrypts volumes by default"}),
    *_all("Prowler", _SUBNET, {"vpc_subnet_no_public_ip_by_default": "a subnet gives no public address"}),
    *_all(
        "Prowler",
        _DEFAULT_GROUP,
        {"ec2_securitygroup_default_restrict_traffic": "the default group restricts all traffic"},
        frameworks=("CIS AWS 5.0 5.5",),
    ),
    *_all(
        "Prowler",
        _GROUP | _RULES,
        {
            "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22": "no rule opens port 22 to everybody",
            "ec2_securitygroup_allow_ingress_from_internet_to_all_ports": "no rule opens all ports to everybody",
        },
        frameworks=("CIS AWS 5.0 5.3", "CIS AWS 5.0 5.4"),
    ),
    *_all(
        "Prowler",
        _GROUP | _RULES,
        {"ec2_securitygroup_allow_ingress_from_internet_to_any_port": "no rule opens any port to everybody"},
    ),
    *_all("Prowler", _GROUP, {"ec2_securitygroup_not_used": "a group is attached to something"}),
    *_all(
        "Prowler",
        _ACL,
        {
            "ec2_networkacl_allow_ingress_any_port": "no network ACL opens any port to everybody",
            "ec2_networkacl_allow_ingress_tcp_port_22": "no network ACL opens port 22 to everybody",
            "ec2_networkacl_allow_ingress_tcp_port_3389": "no network ACL opens port 3389 to everybody",
        },
        frameworks=("CIS AWS 5.0 5.2",),
    ),
    *_all("Prowler", _VPC, {"vpc_flow_logs_enabled": "a VPC has a flow log"}, frameworks=("CIS AWS 5.0 3.7",)),
    *_all("Prowler", _KEY, {"kms_cmk_rotation_enabled": "a key rotates"}, frameworks=("CIS AWS 5.0 3.6",)),
    *_all("Prowler", _KEY, {"kms_key_not_publicly_accessible": "a key's policy is not for everybody"}),
    *_all(
        "Prowler",
        _KEY,
        {
            "kms_key_enclave_attestation_not_enforced": "an enclave's key wants attestation",
            "kms_key_enclave_attestation_bypassable_path": "no other statement goes past the attestation",
            "kms_key_enclave_attestation_no_deployment_binding": "the attestation is bound to a deployment",
            "kms_key_enclave_attestation_pcr_mismatch": "the attestation is for the image that runs",
            "kms_key_enclave_attestation_unknown_image": "the attestation is for a known image",
            "kms_key_enclave_debug_attestation_detected": "no enclave in debug mode is admitted",
        },
        reason=_NO_ENCLAVES,
    ),
    *_all(
        "Prowler",
        _ROLE | _ATTACHED,
        {"iam_aws_attached_policy_no_administrative_privileges": "no policy of AWS that allows everything is attached"},
        frameworks=("CIS AWS 5.0 1.15",),
    ),
    *_all(
        "Prowler",
        _POLICY | _ATTACHED,
        {"iam_customer_attached_policy_no_administrative_privileges": "no attached policy allows everything"},
        frameworks=("CIS AWS 5.0 1.15",),
    ),
    *_all(
        "Prowler",
        _POLICY,
        {
            "iam_customer_unattached_policy_no_administrative_privileges": "no policy that waits allows everything",
            "iam_policy_allows_privilege_escalation": "no policy leads to more rights than it gives",
        },
    ),
    *_all(
        "Prowler",
        _INLINE,
        {"iam_inline_policy_no_administrative_privileges": "no policy of a role allows everything"},
    ),
    *_all(
        "Prowler",
        _ROLE,
        {"iam_role_cross_service_confused_deputy_prevention": "a service takes a role for one account alone"},
    ),
    *_all(
        "Prowler",
        _BLOCK,
        {"s3_bucket_level_public_access_block": "a bucket has a public access block"},
        frameworks=("CIS AWS 5.0 2.1.4",),
    ),
    *_all(
        "Prowler",
        _BUCKET,
        {"s3_bucket_secure_transport_policy": "a bucket is reached over TLS alone"},
        frameworks=("CIS AWS 5.0 2.1.1",),
    ),
    *_all(
        "Prowler",
        _BUCKET,
        {
            "s3_bucket_object_versioning": "a bucket keeps versions",
            "s3_bucket_object_lock": "a bucket has an object lock",
        },
    ),
    *_all(
        "Prowler",
        _TRAIL,
        {"cloudtrail_multi_region_enabled": "CloudTrail covers all regions"},
        frameworks=("CIS AWS 5.0 3.1",),
    ),
    *_all(
        "Prowler",
        _TRAIL,
        {"cloudtrail_log_file_validation_enabled": "CloudTrail validates its log files"},
        frameworks=("CIS AWS 5.0 3.2",),
    ),
    *_all(
        "Prowler",
        _FIREWALL,
        {
            "networkfirewall_deletion_protection": "a network firewall is protected against deletion",
            "networkfirewall_in_all_vpc": "every VPC has a network firewall",
            "networkfirewall_logging_enabled": "a network firewall has logging",
            "networkfirewall_multi_az": "a network firewall spans several zones",
        },
    ),
    *_all(
        "Prowler",
        _FIREWALL_POLICY,
        {
            "networkfirewall_policy_default_action_fragmented_packets": "fragments are dropped or forwarded to rules",
            "networkfirewall_policy_default_action_full_packets": "packets are dropped or forwarded to rules",
            "networkfirewall_policy_rule_group_associated": "a firewall policy has a rule group",
        },
    ),
)

CHECKS: Final[tuple[Check, ...]] = (*CHECKOV, *TRIVY, *PROWLER)
