"""Prowler's checks of `aws`, and where CIS AWS Foundations 5.0 puts them."""

from typing import Final

from policies.coverage.aws_types import (
    ACL,
    ATTACHED,
    BLOCK,
    BUCKET,
    BY_DEFAULT,
    DEFAULT_GROUP,
    FIREWALL,
    FIREWALL_POLICY,
    GROUP,
    INLINE,
    INSTANCE,
    KEY,
    NO_BACKUPS,
    NO_ENCLAVES,
    POLICY,
    ROLE,
    RULES,
    SUBNET,
    TEMPLATE,
    TRAIL,
    VOLUME,
    VPC,
    checks,
)

PROWLER: Final = (
    *checks(
        "Prowler",
        INSTANCE,
        {"ec2_instance_imdsv2_enabled": "the metadata service wants a session token"},
        frameworks=("CIS AWS 5.0 5.7",),
    ),
    *checks(
        "Prowler",
        INSTANCE,
        {
            "ec2_instance_public_ip": "an instance has no public address",
            "ec2_instance_secrets_user_data": "user data holds no secrets",
            "ec2_instance_internet_facing_with_instance_profile": "a host on the Internet has no role",
        },
    ),
    *checks(
        "Prowler",
        INSTANCE,
        {"ec2_instance_with_outdated_ami": "an instance's image is not an old one"},
        reason=(
            "a new image would replace the host: a host keeps the image that it was made from (fleet-ignore-changes), and"
            " takes its updates through its gateway (fleet/flows.py)"
        ),
    ),
    *checks(
        "Prowler",
        TEMPLATE,
        {
            "ec2_launch_template_imdsv2_required": "the metadata service of launched instances wants a session token",
            "ec2_launch_template_no_secrets": "user data of launched instances holds no secrets",
        },
    ),
    *checks(
        "Prowler",
        frozenset({"aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults"}),
        {"ec2_instance_account_imdsv2_enabled": "the account's default wants a session token"},
    ),
    *checks(
        "Prowler",
        VOLUME,
        {"ec2_ebs_volume_encryption": "a volume is encrypted"},
        frameworks=("CIS AWS 5.0 5.1.1",),
    ),
    *checks(
        "Prowler",
        VOLUME,
        {"ec2_ebs_volume_protected_by_backup_plan": "a volume is in a backup plan"},
        reason=NO_BACKUPS,
    ),
    *checks("Prowler", BY_DEFAULT, {"ec2_ebs_default_encryption": "the account encrypts volumes by default"}),
    *checks("Prowler", SUBNET, {"vpc_subnet_no_public_ip_by_default": "a subnet gives no public address"}),
    *checks(
        "Prowler",
        DEFAULT_GROUP,
        {"ec2_securitygroup_default_restrict_traffic": "the default group restricts all traffic"},
        frameworks=("CIS AWS 5.0 5.5",),
    ),
    *checks(
        "Prowler",
        GROUP | RULES,
        {
            "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22": "no rule opens port 22 to everybody",
            "ec2_securitygroup_allow_ingress_from_internet_to_all_ports": "no rule opens all ports to everybody",
        },
        frameworks=("CIS AWS 5.0 5.3", "CIS AWS 5.0 5.4"),
    ),
    *checks(
        "Prowler",
        GROUP | RULES,
        {"ec2_securitygroup_allow_ingress_from_internet_to_any_port": "no rule opens any port to everybody"},
    ),
    *checks("Prowler", GROUP, {"ec2_securitygroup_not_used": "a group is attached to something"}),
    *checks(
        "Prowler",
        ACL,
        {
            "ec2_networkacl_allow_ingress_any_port": "no network ACL opens any port to everybody",
            "ec2_networkacl_allow_ingress_tcp_port_22": "no network ACL opens port 22 to everybody",
            "ec2_networkacl_allow_ingress_tcp_port_3389": "no network ACL opens port 3389 to everybody",
        },
        frameworks=("CIS AWS 5.0 5.2",),
    ),
    *checks("Prowler", VPC, {"vpc_flow_logs_enabled": "a VPC has a flow log"}, frameworks=("CIS AWS 5.0 3.7",)),
    *checks("Prowler", KEY, {"kms_cmk_rotation_enabled": "a key rotates"}, frameworks=("CIS AWS 5.0 3.6",)),
    *checks("Prowler", KEY, {"kms_key_not_publicly_accessible": "a key's policy is not for everybody"}),
    *checks(
        "Prowler",
        KEY,
        {
            "kms_key_enclave_attestation_not_enforced": "an enclave's key wants attestation",
            "kms_key_enclave_attestation_bypassable_path": "no other statement goes past the attestation",
            "kms_key_enclave_attestation_no_deployment_binding": "the attestation is bound to a deployment",
            "kms_key_enclave_attestation_pcr_mismatch": "the attestation is for the image that runs",
            "kms_key_enclave_attestation_unknown_image": "the attestation is for a known image",
            "kms_key_enclave_debug_attestation_detected": "no enclave in debug mode is admitted",
        },
        reason=NO_ENCLAVES,
    ),
    *checks(
        "Prowler",
        ROLE | ATTACHED,
        {"iam_aws_attached_policy_no_administrative_privileges": "no policy of AWS that allows everything is attached"},
        frameworks=("CIS AWS 5.0 1.15",),
    ),
    *checks(
        "Prowler",
        POLICY | ATTACHED,
        {"iam_customer_attached_policy_no_administrative_privileges": "no attached policy allows everything"},
        frameworks=("CIS AWS 5.0 1.15",),
    ),
    *checks(
        "Prowler",
        POLICY,
        {
            "iam_customer_unattached_policy_no_administrative_privileges": "no policy that waits allows everything",
            "iam_policy_allows_privilege_escalation": "no policy leads to more rights than it gives",
        },
    ),
    *checks(
        "Prowler",
        INLINE,
        {"iam_inline_policy_no_administrative_privileges": "no policy of a role allows everything"},
    ),
    *checks(
        "Prowler",
        ROLE,
        {"iam_role_cross_service_confused_deputy_prevention": "a service takes a role for one account alone"},
    ),
    *checks(
        "Prowler",
        BLOCK,
        {"s3_bucket_level_public_access_block": "a bucket has a public access block"},
        frameworks=("CIS AWS 5.0 2.1.4",),
    ),
    *checks(
        "Prowler",
        BUCKET,
        {"s3_bucket_secure_transport_policy": "a bucket is reached over TLS alone"},
        frameworks=("CIS AWS 5.0 2.1.1",),
    ),
    *checks(
        "Prowler",
        BUCKET,
        {
            "s3_bucket_object_versioning": "a bucket keeps versions",
            "s3_bucket_object_lock": "a bucket has an object lock",
        },
    ),
    *checks(
        "Prowler",
        TRAIL,
        {"cloudtrail_multi_region_enabled": "CloudTrail covers all regions"},
        frameworks=("CIS AWS 5.0 3.1",),
    ),
    *checks(
        "Prowler",
        TRAIL,
        {"cloudtrail_log_file_validation_enabled": "CloudTrail validates its log files"},
        frameworks=("CIS AWS 5.0 3.2",),
    ),
    *checks(
        "Prowler",
        FIREWALL,
        {
            "networkfirewall_deletion_protection": "a network firewall is protected against deletion",
            "networkfirewall_in_all_vpc": "every VPC has a network firewall",
            "networkfirewall_logging_enabled": "a network firewall has logging",
            "networkfirewall_multi_az": "a network firewall spans several zones",
        },
    ),
    *checks(
        "Prowler",
        FIREWALL_POLICY,
        {
            "networkfirewall_policy_default_action_fragmented_packets": "fragments are dropped or forwarded to rules",
            "networkfirewall_policy_default_action_full_packets": "packets are dropped or forwarded to rules",
            "networkfirewall_policy_rule_group_associated": "a firewall policy has a rule group",
        },
    ),
)
