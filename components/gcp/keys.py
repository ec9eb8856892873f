"""The KMS key of a GCP site: one for all disks, protected and retained, rotated every 90 days.

GCP deletes neither key rings nor keys, and never gives a ring's name out again: `destroy` only takes the ring out of the
state, and schedules the key's versions for destruction (30 days to change one's mind; with the key protected it does
not come to that). So an `up` after a `destroy` cannot make a ring of the same name: it would fail with a 409
(terraform-provider-google#1214). The ring alone is therefore named by the provider, which appends random digits once and
keeps the name in the state: the next `up` makes a new ring, and the old one stays behind, empty of usable keys and free
of charge.
"""

import re
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from components.context import SiteContext
from components.options import child_options, kept_options

ROTATION = "7776000s"
"""90 days, the longest that CIS allows (CKV_GCP_43)."""
DESTRUCTION_DELAY = "2592000s"
"""30 days, which is also GCP's default."""
KEY_ID = re.compile(r"(?P<project>projects/[^/]+)/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+")
ENCRYPTER = "roles/cloudkms.cryptoKeyEncrypterDecrypter"


@dataclass(frozen=True, kw_only=True)
class KeysArgs:
    """Arguments of `Keys`.

    Attributes:
        context: The site.
        project_number: Number of the site's project, which names its service agents.
    """

    context: SiteContext
    project_number: pulumi.Input[str]


class Keys(pulumi.ComponentResource):
    """The site's key, and the grant by which Compute Engine may use it."""

    volume_key: pulumi.Output[str]
    """Id of the key."""
    grant: pulumi.Resource
    """What whoever makes a disk has to wait for. Kept like the key: without it a disk's instance does not start again."""

    def __init__(self, name: str, args: KeysArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("redoubt:gcp:Keys", name, None, opts)
        context, volumes = args.context, f"{name}-volumes"
        keep = context.keeps_any()
        ring = gcp.kms.KeyRing(
            f"{name}-{context.planned.fleet}-{context.planned.stack}",
            location=context.site.region or "",
            opts=child_options(self),
        )
        key = gcp.kms.CryptoKey(
            volumes,
            name=context.physical_name(volumes),
            key_ring=ring.id,
            purpose="ENCRYPT_DECRYPT",
            rotation_period=ROTATION,
            destroy_scheduled_duration=DESTRUCTION_DELAY,
            labels=context.labels(),
            opts=kept_options(self, keep=keep, hooks=context.guard.volume_key()),
        )
        self.volume_key = key.id
        self.grant = gcp.kms.CryptoKeyIAMMember(
            volumes,
            crypto_key_id=key.id,
            role=ENCRYPTER,
            member=pulumi.Output.format(
                "serviceAccount:service-{0}@compute-system.iam.gserviceaccount.com", args.project_number
            ),
            opts=kept_options(self, keep=keep),
        )
        self.register_outputs({"volume_key": self.volume_key})


async def volumes_needing(args: pulumi.ResourceHookArgs, options: pulumi.InvokeOutputOptions) -> list[str]:
    """Disks of the key's project that it encrypts. Compute Engine's provider lists none: this asks Cloud Asset Inventory,
    whose API has to be enabled and whose answers lag behind by minutes (not verified). Snapshots are not looked for.

    Raises:
        LookupError: When the key's id is not known.
    """
    found = KEY_ID.fullmatch(args.id)
    if found is None:
        raise LookupError(f"{args.id or 'nothing'} is no id of a key")
    answer = gcp.cloudasset.get_search_all_resources_output(
        scope=found["project"], asset_types=["compute.googleapis.com/Disk"], opts=options
    )
    disks = await answer.results.future()
    if disks is None:
        raise LookupError("Cloud Asset Inventory gave no answer")
    return [one.name for one in disks if any(f"{name}/".startswith(f"{args.id}/") for name in one.kms_keys)]
