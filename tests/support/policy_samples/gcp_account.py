"""GCP samples that no packet passes: keys, accounts and the provider."""

from tests.support.policy_cases import Sample
from tests.support.policy_samples.gcp_base import ACCOUNT, GRANT, KEY, KEY_ID, PROJECT, PROVIDER, REGION, labels


def key() -> Sample:
    return Sample(
        type=KEY,
        name="s2-volumes",
        protect=True,
        provider=PROVIDER,
        props={
            "name": "redoubt-testnet-s2-volumes",
            "keyRing": f"{PROJECT}/locations/{REGION}/keyRings/s2-redoubt-testnet-0123abc",
            "purpose": "ENCRYPT_DECRYPT",
            "rotationPeriod": "7776000s",
            "destroyScheduledDuration": "2592000s",
            "labels": labels(),
        },
    )


def grant() -> Sample:
    return Sample(
        type=GRANT,
        name="s2-volumes",
        protect=True,
        provider=PROVIDER,
        dependencies={"cryptoKeyId": (f"{KEY}::s2-volumes",)},
        props={
            "cryptoKeyId": KEY_ID,
            "role": "roles/cloudkms.cryptoKeyEncrypterDecrypter",
            "member": "serviceAccount:service-210987654321@compute-system.iam.gserviceaccount.com",
        },
    )


def account(role: str = "cosigner") -> Sample:
    return Sample(
        type=ACCOUNT,
        name=f"s2-{role}",
        provider=PROVIDER,
        props={
            "accountId": f"s2-{role}-2bb7f1f4",
            "displayName": f"redoubt-testnet-s2-{role}",
            "description": f"Redoubt s2-{role}: tells its hosts apart in firewalls, may do nothing",
        },
    )


def provider() -> Sample:
    return Sample(
        type="pulumi:providers:gcp",
        name="s2-gcp",
        provider=None,
        props={"project": "fleet-testnet", "region": REGION, "version": "9.0.0"},
    )
