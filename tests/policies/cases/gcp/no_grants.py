"""Cases of gcp-no-grants."""

from policies.rules.gcp.no_grants import RULE
from tests.support.policy_cases import Cases, having
from tests.support.policy_samples import gcp

CASES = Cases(
    rule=RULE,
    good=gcp.grant(),
    fails={
        "a project's": having(type="gcp:projects/iAMMember:IAMMember"),
        "a project's binding": having(type="gcp:projects/iAMBinding:IAMBinding"),
        "a project's policy": having(type="gcp:projects/iAMPolicy:IAMPolicy"),
        "a role": having(type="gcp:projects/iAMCustomRole:IAMCustomRole"),
        "a folder's": having(type="gcp:folder/iAMMember:IAMMember"),
        "an account's": having(type="gcp:serviceaccount/iAMMember:IAMMember"),
        "a key ring's": having(type="gcp:kms/keyRingIAMMember:KeyRingIAMMember"),
        "a key's binding": having(type="gcp:kms/cryptoKeyIAMBinding:CryptoKeyIAMBinding"),
        "an instance's": having(type="gcp:compute/instanceIAMMember:InstanceIAMMember"),
        "one that is spelt otherwise": having(type="gcp:iap/tunnelIamMember:TunnelIamMember"),
    },
    passes={
        "what is logged": having(type="gcp:projects/iAMAuditConfig:IAMAuditConfig"),
        "an account": lambda _: gcp.account(),
        "what is not GCP's": having(type="redoubt:aws:IAM"),
    },
)
