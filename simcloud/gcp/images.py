"""Public images: found by name or family, as a disk's `image` or by getImage (google-beta/services/compute/image.go)."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from simcloud.core.errors import CloudError, SimcloudError
from simcloud.core.model import Call, Properties
from simcloud.gcp.account import OFFERED, base_name, link_of

PROJECTS_BY_WORD = {"debian": "debian-cloud", "ubuntu": "ubuntu-os-cloud"}
"""An image whose name contains the word is looked for in that project too (image.go, imageMap; those with images here)."""

FORM = re.compile(
    r"^(?:.*projects/)?(?:(?P<project>(?!family/|global/)[^/]+)/)?(?:global/images/)?(?P<family>family/)?(?P<name>[^/]+)$"
)
"""Links, `projects/p/global/images/[family/]x`, `p/x`, `family/x` and `x`."""


def image_link(image: Properties) -> str:
    """The self link of an image."""
    return link_of(f"projects/{image['project']}/global/images/{image['name']}")


def by_name(project: str, name: str) -> Properties | None:
    """The image of that name."""
    found = (image for image in OFFERED["images"] if (image["project"], image["name"]) == (project, name))
    return next(found, None)


def by_family(project: str, family: str) -> Properties | None:
    """The newest image of a family that is not deprecated."""
    found = [
        image
        for image in OFFERED["images"]
        if (image["project"], image["family"]) == (project, family) and not image.get("deprecated")
    ]
    return max(found, key=lambda image: image["created"], default=None)


def not_found(what: str) -> CloudError:
    """The answer when there is no such image."""
    offered = sorted({f"{image['project']}/{image['family']}" for image in OFFERED["images"]})
    return CloudError(
        "notFound",
        f"Could not find image or family {what}",
        f"name the project and the family, one of {', '.join(offered)}, or add it to simcloud/data/gcp-account.json",
    )


def resolve(own_project: str, image: str) -> Properties:
    """The image that a disk's `image` stands for: in its own project first, then where its name points."""
    form = FORM.match(image)
    if form is None:
        raise not_found(image)
    name = form["name"]
    by_word = [project for word, project in PROJECTS_BY_WORD.items() if word in name]
    projects = [form["project"]] if form["project"] else [own_project, *by_word]
    for look in (by_family,) if form["family"] else (by_name, by_family):
        for project in projects:
            found = look(project, name)
            if found:
                return found
    raise not_found(image)


def same_image(old: Any, new: Any) -> bool:
    """Whether a disk made from one image is as another spelling asks (diskImageDiffSuppress in image.go).

    A family equals each image whose name begins with it; so a family that moves on is no change.
    """
    if not isinstance(old, str) or not isinstance(new, str):
        return False
    before, after = FORM.match(old), FORM.match(new)
    if before is None or after is None:
        return False
    projects = {form["project"] for form in (before, after)} - {None}
    if len(projects) > 1:
        return False
    if before["name"] == after["name"]:
        return True
    if "/images/" in new and not after["family"]:
        return False
    return before["name"].startswith(f"{after['name']}-") and _names_family(after["name"])


def _names_family(name: str) -> bool:
    return any(image["family"] == name for image in OFFERED["images"])


def get_image(call: Call, args: Properties) -> Properties:
    """The function getImage; by a filter it is not simulated."""
    if args.get("filter"):
        raise SimcloudError("getImage by filter is not simulated: use name or family")
    project = args.get("project") or call.account
    what = args.get("name") or args["family"]
    image = by_name(project, what) if args.get("name") else by_family(project, what)
    if image is None:
        raise not_found(f"{project}/{what}")
    number = int(hashlib.sha256(image["name"].encode()).hexdigest()[:15], 16)
    return {
        "archiveSizeBytes": image["gb"] * 10**8,
        "creationTimestamp": image["created"],
        "description": image["description"],
        "diskSizeGb": image["gb"],
        "family": image["family"],
        "filter": "",
        "id": f"projects/{project}/global/images/{image['name']}",
        "imageEncryptionKeySha256": "",
        "imageId": str(number),
        "labelFingerprint": "42WmSpB8rSM=",
        "labels": {},
        "licenses": [link_of(f"projects/{project}/global/licenses/{base_name(image['license'])}")],
        "mostRecent": args.get("mostRecent", False),
        "name": image["name"],
        "project": project,
        "selfLink": image_link(image),
        "sourceDisk": "",
        "sourceDiskEncryptionKeySha256": "",
        "sourceDiskId": "",
        "sourceImageId": "",
        "status": "READY",
    }
