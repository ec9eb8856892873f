"""A host boots Debian as Debian publishes it on Google: the program's own image is one of that project's.

An image is the root of whatever runs on a host, before its first command does.
"""

import re
from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.gcp.tokens import INSTANCE

_DEBIAN: Final = re.compile(
    r"(https://(www|compute)\.googleapis\.com/compute/v1/)?projects/debian-cloud/global/images/[a-z0-9-]+"
)


def _check(instance: Seen) -> Iterator[str]:
    if not _DEBIAN.fullmatch(instance.text("bootDisk.initializeParams.image")):
        yield "it does not boot an image of debian-cloud"


RULE: Final = Rule(
    id="gcp-instance-image",
    title="An instance boots an image of Debian's own project.",
    why="Whoever made another image is root on every host that boots it, the cosigners among them.",
    remedy="set image of boot_disk.initialize_params to the self link of an image of debian-cloud, as components.gcp.site does",
    severity=Severity.CRITICAL,
    tags=("signing", "identity"),
    waivable=False,
    types=frozenset({INSTANCE}),
    check=_check,
)
