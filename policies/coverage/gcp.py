"""The checks of `gcp`.

The requirements are those of Prowler's own mapping (prowler/compliance/gcp/cis_4.0_gcp.json), given to equal checks of the
others too. Read there: 1.4, 1.5, 1.9, 1.10, 3.1, 3.2, 3.8 and 4; the rest are the benchmark's own numbers.
"""

from typing import Final, Literal

from policies.coverage import Check
from policies.rules.gcp.tokens import DISK, FIREWALL, GRANT, INSTANCE, KEY, NETWORK, SUBNETWORK

PROJECT: Final = "gcp:organizations/project:Project"
PROJECT_METADATA: Final = frozenset(
    {"gcp:compute/projectMetadata:ProjectMetadata", "gcp:compute/projectMetadataItem:ProjectMetadataItem"}
)
PROJECT_IAM: Final = frozenset({"gcp:projects/iAMMember:IAMMember", "gcp:projects/iAMBinding:IAMBinding"})
ACCOUNT_KEY: Final = "gcp:serviceaccount/key:Key"
RING_IAM: Final = frozenset(
    {"gcp:kms/keyRingIAMMember:KeyRingIAMMember", "gcp:kms/keyRingIAMBinding:KeyRingIAMBinding"}
)
AUDIT: Final = "gcp:projects/iAMAuditConfig:IAMAuditConfig"
BUCKET: Final = "gcp:storage/bucket:Bucket"
BUCKET_IAM: Final = frozenset(
    {"gcp:storage/bucketIAMMember:BucketIAMMember", "gcp:storage/bucketIAMBinding:BucketIAMBinding"}
)
POOL: Final = "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider"
DNS_POLICY: Final = "gcp:dns/policy:Policy"

Tool = Literal["Checkov", "Trivy", "Prowler"]


def _check(
    tool: Tool,
    id: str,  # noqa: A002 - the scanners' word
    about: str,
    *types: str,
    reason: str = "",
    cis: str = "",
) -> Check:
    frameworks = (f"CIS GCP 4.0 {cis}",) if cis else ()
    return Check(id=id, tool=tool, about=about, types=frozenset(types), reason=reason, frameworks=frameworks)


OS_LOGIN: Final = (
    "Decided otherwise: operators log in with SSH certificates of the fleet's own CA, through the gateway, so that Google's"
    " IAM is no way in; `gcp-instance-metadata` holds OS Login off, and SSH keys out, on every instance."
)
GOOGLE_ACCESS: Final = (
    "Decided otherwise: a sealed site has no way out, and Private Google Access is one, to every bucket that anybody has"
    " at Google; `gcp-subnetwork-sealed` holds it off, except beside NAT."
)

_CHECKOV: Final = (
    _check("Checkov", "CKV_GCP_2", "no SSH from anywhere", FIREWALL, cis="3.6"),
    _check("Checkov", "CKV_GCP_3", "no RDP from anywhere", FIREWALL, cis="3.7"),
    _check("Checkov", "CKV_GCP_26", "flow logs on every subnet", SUBNETWORK, cis="3.8"),
    _check("Checkov", "CKV_GCP_27", "a project comes without the default network", PROJECT, cis="3.1"),
    _check("Checkov", "CKV_GCP_29", "buckets have uniform access", BUCKET, cis="5.2"),
    _check("Checkov", "CKV_GCP_30", "not the default service account", INSTANCE, cis="4.1"),
    _check("Checkov", "CKV_GCP_31", "no full access for the default account", INSTANCE, cis="4.2"),
    _check("Checkov", "CKV_GCP_32", "project-wide SSH keys blocked", INSTANCE, cis="4.3"),
    _check("Checkov", "CKV_GCP_33", "OS Login on for the project", *PROJECT_METADATA, cis="4.4"),
    _check("Checkov", "CKV_GCP_34", "no instance overrides OS Login", INSTANCE, reason=OS_LOGIN, cis="4.4"),
    _check("Checkov", "CKV_GCP_35", "serial console off", INSTANCE, cis="4.5"),
    _check("Checkov", "CKV_GCP_36", "IP forwarding off", INSTANCE, cis="4.6"),
    _check("Checkov", "CKV_GCP_37", "disks with the customer's key", DISK, cis="4.7"),
    _check("Checkov", "CKV_GCP_38", "boot disks with the customer's key", INSTANCE, cis="4.7"),
    _check("Checkov", "CKV_GCP_39", "Shielded VM", INSTANCE, cis="4.8"),
    _check("Checkov", "CKV_GCP_40", "no public address", INSTANCE, cis="4.9"),
    _check("Checkov", "CKV_GCP_41", "no impersonation roles for users of the project", *PROJECT_IAM, cis="1.6"),
    _check("Checkov", "CKV_GCP_43", "keys rotated within 90 days", KEY, cis="1.10"),
    _check("Checkov", "CKV_GCP_49", "no roles that impersonate every service account", *PROJECT_IAM, cis="1.6"),
    _check("Checkov", "CKV_GCP_74", "Private Google Access on", SUBNETWORK, reason=GOOGLE_ACCESS),
    _check("Checkov", "CKV_GCP_75", "no FTP from anywhere", FIREWALL),
    _check("Checkov", "CKV_GCP_76", "Private Google Access on for IPv6", SUBNETWORK),
    _check("Checkov", "CKV_GCP_77", "no FTP data from anywhere", FIREWALL),
    _check("Checkov", "CKV_GCP_78", "buckets keep versions", BUCKET),
    _check("Checkov", "CKV_GCP_82", "keys protected from deletion", KEY),
    _check("Checkov", "CKV_GCP_88", "no MySQL from anywhere", FIREWALL),
    _check("Checkov", "CKV_GCP_106", "no HTTP from anywhere", FIREWALL),
    _check("Checkov", "CKV_GCP_112", "a key's policy names not everybody", GRANT, cis="1.9"),
    _check("Checkov", "CKV_GCP_114", "buckets prevent public access", BUCKET, cis="5.1"),
    _check("Checkov", "CKV_GCP_117", "no basic roles in the project", *PROJECT_IAM),
    _check("Checkov", "CKV2_GCP_2", "no legacy network", NETWORK, cis="3.2"),
    _check("Checkov", "CKV2_GCP_3", "no keys of service accounts", ACCOUNT_KEY, cis="1.4"),
    _check("Checkov", "CKV2_GCP_5", "audit logs for all services", AUDIT, cis="2.1"),
    _check("Checkov", "CKV2_GCP_6", "keys are not public", KEY, GRANT, cis="1.9"),
    _check("Checkov", "CKV2_GCP_8", "key rings are not public", *RING_IAM, cis="1.9"),
    _check("Checkov", "CKV2_GCP_12", "no ingress to all ports from anywhere", FIREWALL),
    _check("Checkov", "CKV2_GCP_18", "a network has firewalls of its own", NETWORK),
)
_TRIVY: Final = (
    _check("Trivy", "GCP-0001", "buckets are not public", *BUCKET_IAM, cis="5.1"),
    _check("Trivy", "GCP-0002", "buckets have uniform access", BUCKET, cis="5.2"),
    _check("Trivy", "GCP-0007", "service accounts have no privileged roles", *PROJECT_IAM, cis="1.5"),
    _check("Trivy", "GCP-0010", "no default network", PROJECT, cis="3.1"),
    _check("Trivy", "GCP-0011", "no impersonation grants in the project", *PROJECT_IAM, cis="1.6"),
    _check("Trivy", "GCP-0027", "no ingress from anywhere", FIREWALL),
    _check("Trivy", "GCP-0029", "flow logs on", SUBNETWORK, cis="3.8"),
    _check("Trivy", "GCP-0030", "project-wide SSH keys blocked", INSTANCE, cis="4.3"),
    _check("Trivy", "GCP-0031", "no public address", INSTANCE, cis="4.9"),
    _check("Trivy", "GCP-0032", "serial console off", INSTANCE, cis="4.5"),
    _check("Trivy", "GCP-0033", "an instance's disks with the customer's key", INSTANCE, cis="4.7"),
    _check("Trivy", "GCP-0034", "disks with the customer's key", DISK, cis="4.7"),
    _check("Trivy", "GCP-0035", "no egress to anywhere", FIREWALL),
    _check("Trivy", "GCP-0036", "no instance overrides OS Login", INSTANCE, reason=OS_LOGIN, cis="4.4"),
    _check("Trivy", "GCP-0037", "no disk key in plain text", INSTANCE, DISK),
    _check("Trivy", "GCP-0041", "vTPM on", INSTANCE, cis="4.8"),
    _check("Trivy", "GCP-0042", "OS Login on for the project", *PROJECT_METADATA, cis="4.4"),
    _check("Trivy", "GCP-0043", "IP forwarding off", INSTANCE, cis="4.6"),
    _check("Trivy", "GCP-0044", "not the default service account", INSTANCE, cis="4.1"),
    _check("Trivy", "GCP-0045", "integrity monitoring on", INSTANCE, cis="4.8"),
    _check("Trivy", "GCP-0065", "keys rotated within 90 days", KEY, cis="1.10"),
    _check("Trivy", "GCP-0067", "secure boot on", INSTANCE, cis="4.8"),
    _check("Trivy", "GCP-0068", "workload identity has a condition", POOL),
    _check("Trivy", "GCP-0070", "no RDP from anywhere", FIREWALL, cis="3.7"),
    _check("Trivy", "GCP-0071", "no SSH from anywhere", FIREWALL, cis="3.6"),
    _check("Trivy", "GCP-0072", "no firewall for all ports", FIREWALL),
    _check("Trivy", "GCP-0073", "none of the default firewalls", FIREWALL),
    _check(
        "Trivy",
        "GCP-0074",
        "no ingress to a range of more than 30 ports",
        FIREWALL,
        reason=(
            "A gateway takes WireGuard at one port for each host of its site, and one for each host of other sites"
            " (fleet.ports): such a range is open to the peers' addresses and groups alone, which"
            " `gcp-firewall-wide-ingress` holds."
        ),
    ),
    _check("Trivy", "GCP-0075", "Private Google Access on", SUBNETWORK, reason=GOOGLE_ACCESS),
    _check("Trivy", "GCP-0076", "flow logs on", SUBNETWORK, cis="3.8"),
    _check("Trivy", "GCP-0078", "buckets keep versions", BUCKET),
    _check("Trivy", "GCP-0079", "audit logs for all services", AUDIT, cis="2.1"),
)
_PROWLER: Final = (
    _check(
        "Prowler", "compute_firewall_rdp_access_from_the_internet_allowed", "no RDP from anywhere", FIREWALL, cis="3.7"
    ),
    _check(
        "Prowler", "compute_firewall_ssh_access_from_the_internet_allowed", "no SSH from anywhere", FIREWALL, cis="3.6"
    ),
    _check("Prowler", "compute_instance_automatic_restart_enabled", "starts again after a failure", INSTANCE),
    _check(
        "Prowler",
        "compute_instance_block_project_wide_ssh_keys_disabled",
        "project-wide SSH keys blocked",
        INSTANCE,
        cis="4.3",
    ),
    _check(
        "Prowler",
        "compute_instance_confidential_computing_enabled",
        "Confidential VM",
        INSTANCE,
        reason=(
            "Decided otherwise: the machine types of the fleet do not all offer it, and such a VM is stopped by"
            " maintenance where ours migrate; the key shard is spread over operators and clouds instead, so that the"
            " memory of one host signs nothing."
        ),
        cis="4.11",
    ),
    _check(
        "Prowler",
        "compute_instance_default_service_account_in_use",
        "not the default service account",
        INSTANCE,
        cis="4.1",
    ),
    _check(
        "Prowler",
        "compute_instance_default_service_account_in_use_with_full_api_access",
        "no full access for the default account",
        INSTANCE,
        cis="4.2",
    ),
    _check("Prowler", "compute_instance_deletion_protection_enabled", "locked against deletion", INSTANCE),
    _check(
        "Prowler",
        "compute_instance_disk_auto_delete_disabled",
        "disks outlive their instance",
        INSTANCE,
        reason=(
            "The root disk goes with its instance on purpose: all that must stay is on the data disk, an attachment of"
            " its own that no instance deletes, and protected where its host is kept."
        ),
    ),
    _check(
        "Prowler",
        "compute_instance_encryption_with_csek_enabled",
        "disks with keys that the customer supplies",
        INSTANCE,
        DISK,
        reason=(
            "A supplied key would pass through Pulumi's state, which `gcp-disk-raw-keys` refuses: `gcp-disk-key` wants a"
            " key of the site's own in KMS."
        ),
        cis="4.7",
    ),
    _check("Prowler", "compute_instance_ip_forwarding_is_enabled", "IP forwarding off", INSTANCE, cis="4.6"),
    _check("Prowler", "compute_instance_on_host_maintenance_migrate", "maintenance migrates it", INSTANCE),
    _check("Prowler", "compute_instance_preemptible_vm_disabled", "neither preemptible nor spot", INSTANCE),
    _check("Prowler", "compute_instance_public_ip", "no public address", INSTANCE, cis="4.9"),
    _check("Prowler", "compute_instance_serial_ports_in_use", "serial console off", INSTANCE, cis="4.5"),
    _check("Prowler", "compute_instance_shielded_vm_enabled", "Shielded VM", INSTANCE, cis="4.8"),
    _check("Prowler", "compute_instance_single_network_interface", "one network interface", INSTANCE),
    _check("Prowler", "compute_network_default_in_use", "no default network", NETWORK, cis="3.1"),
    _check(
        "Prowler",
        "compute_network_dns_logging_enabled",
        "DNS queries are logged",
        NETWORK,
        DNS_POLICY,
        reason=(
            "Hosts ask no resolver of Google's: the host firewall closes 169.254.169.254 for names, and gateways alone"
            " resolve, over TLS, at the resolvers of the fleet's spec."
        ),
        cis="2.12",
    ),
    _check("Prowler", "compute_network_not_legacy", "no legacy network", NETWORK, cis="3.2"),
    _check("Prowler", "compute_project_os_login_2fa_enabled", "OS Login with a second factor", *PROJECT_METADATA),
    _check("Prowler", "compute_project_os_login_enabled", "OS Login on for the project", *PROJECT_METADATA, cis="4.4"),
    _check("Prowler", "compute_subnet_flow_logs_enabled", "flow logs on every subnet", SUBNETWORK, cis="3.8"),
    _check("Prowler", "cloudstorage_bucket_data_access_audit_logs_enabled", "data access is logged", BUCKET),
    _check("Prowler", "cloudstorage_bucket_lifecycle_management_enabled", "objects have a life cycle", BUCKET),
    _check("Prowler", "cloudstorage_bucket_log_retention_policy_lock", "log buckets are locked", BUCKET, cis="2.3"),
    _check("Prowler", "cloudstorage_bucket_logging_enabled", "access is logged", BUCKET),
    _check("Prowler", "cloudstorage_bucket_public_access", "buckets are not public", *BUCKET_IAM, cis="5.1"),
    _check("Prowler", "cloudstorage_bucket_soft_delete_enabled", "deleted objects come back", BUCKET),
    _check("Prowler", "cloudstorage_bucket_sufficient_retention_period", "objects are kept long enough", BUCKET),
    _check("Prowler", "cloudstorage_bucket_uniform_bucket_level_access", "uniform access", BUCKET, cis="5.2"),
    _check("Prowler", "cloudstorage_bucket_uses_vpc_service_controls", "inside a service perimeter", BUCKET),
    _check("Prowler", "cloudstorage_bucket_versioning_enabled", "buckets keep versions", BUCKET),
    _check("Prowler", "iam_audit_logs_enabled", "audit logs for all services", AUDIT, cis="2.1"),
    _check(
        "Prowler", "iam_no_service_roles_at_project_level", "no impersonation in the project", *PROJECT_IAM, cis="1.6"
    ),
    _check("Prowler", "iam_sa_no_administrative_privileges", "service accounts are no admins", *PROJECT_IAM, cis="1.5"),
    _check("Prowler", "iam_sa_no_user_managed_keys", "no keys of service accounts", ACCOUNT_KEY, cis="1.4"),
    _check(
        "Prowler", "iam_workload_identity_pool_provider_attribute_condition", "workload identity has a condition", POOL
    ),
    _check("Prowler", "kms_key_not_publicly_accessible", "keys are not public", KEY, GRANT, cis="1.9"),
    _check("Prowler", "kms_key_rotation_enabled", "keys are rotated", KEY, cis="1.10"),
    _check("Prowler", "kms_key_rotation_max_90_days", "keys rotated within 90 days", KEY, cis="1.10"),
)

CHECKS: Final[tuple[Check, ...]] = (*_CHECKOV, *_TRIVY, *_PROWLER)
