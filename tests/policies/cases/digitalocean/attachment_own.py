"""Cases of digitalocean-attachment-own."""

from policies.rules.digitalocean.attachment_own import RULE
from tests.support.policy_cases import Cases, having, on, unknown
from tests.support.policy_samples import digitalocean as do

DROPLET, VOLUME = "digitalocean:index/droplet:Droplet", "digitalocean:index/volume:Volume"
ATTACHMENT = "digitalocean:index/volumeAttachment:VolumeAttachment"
NAME = "s3-cosigner-1"


CASES = Cases(
    rule=RULE,
    good=[
        do.droplet(),
        do.volume(),
        do.attachment(),
        do.droplet("sentry"),
        do.volume("sentry"),
        do.attachment("sentry"),
    ],
    fails={
        "another volume": on(
            NAME,
            having(dependencies={"dropletId": (f"{DROPLET}::{NAME}",), "volumeId": (f"{VOLUME}::s3-sentry-1",)}),
            type=ATTACHMENT,
        ),
        "another droplet": on(
            NAME,
            having(dependencies={"dropletId": (f"{DROPLET}::s3-sentry-1",), "volumeId": (f"{VOLUME}::{NAME}",)}),
            type=ATTACHMENT,
        ),
        "a volume by its id": on(NAME, having(dependencies={"dropletId": (f"{DROPLET}::{NAME}",)}), type=ATTACHMENT),
        "a droplet by its id": on(NAME, having(dependencies={"volumeId": (f"{VOLUME}::{NAME}",)}), type=ATTACHMENT),
        "the second attachment": on("s3-sentry-1", having(dependencies={}), type=ATTACHMENT),
        "another name": on(NAME, having(name="s3-data"), type=ATTACHMENT),
    },
    passes={"ids unknown": on(NAME, unknown("dropletId"), unknown("volumeId"), type=ATTACHMENT)},
)
