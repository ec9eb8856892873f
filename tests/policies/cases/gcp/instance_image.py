"""Cases of gcp-instance-image."""

from policies.rules.gcp.instance_image import RULE
from tests.support.policy_cases import Cases, Change, drop, put, unknown
from tests.support.policy_samples import gcp

API = "https://www.googleapis.com/compute/v1/"
DEBIAN = "projects/debian-cloud/global/images/debian-13-v1"
IMAGE = "bootDisk.initializeParams.image"


def image(name: str) -> Change:
    return put(IMAGE, name)


CASES = Cases(
    rule=RULE,
    good=gcp.instance(),
    fails={
        "somebody's": image(f"{API}projects/other/global/images/debian-13-v1"),
        "somebody's with a like name": image(f"{API}projects/debian-cloud-1/global/images/debian-13-v1"),
        "the project's own": image("debian-13-v1"),
        "Debian's name in somebody's address": image(f"https://example.org/{DEBIAN}"),
        "Debian's name, and then somebody's": image(f"{DEBIAN}/../../../../other/global/images/one"),
        "whichever is newest": image("debian-cloud/debian-13"),
        "none": drop(IMAGE),
        "a disk instead": put("bootDisk", {"source": "old-root"}),
        "an odd shape": put(IMAGE, 13.0),
    },
    passes={
        "by its path": image(DEBIAN),
        "by the newer address": image(f"https://compute.googleapis.com/compute/v1/{DEBIAN}"),
        "a key that is unknown": unknown("bootDisk.kmsKeySelfLink"),
    },
    defers={"unknown": unknown(IMAGE)},
)
