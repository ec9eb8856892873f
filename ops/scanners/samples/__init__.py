"""The samples: one module for each cloud, and what Checkov holds against their sound forms."""

from typing import Final

from ops.scanners.model import Sample
from ops.scanners.samples import aws, digitalocean, gcp

SAMPLES: Final[tuple[Sample, ...]] = (*aws.SAMPLES, *gcp.SAMPLES, *digitalocean.SAMPLES)
"""In the order of the table."""

ACCEPTED: Final[dict[str, str]] = {**aws.ACCEPTED, **gcp.ACCEPTED, **digitalocean.ACCEPTED}
"""Checks of Checkov that fail on sound forms, each with the reason why the pack lets them pass."""
