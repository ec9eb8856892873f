"""Start the simulated GCP provider: `python -m simcloud.gcp ENGINE_ADDRESS`, see bin/pulumi-resource-gcp."""

import sys

from simcloud.core.start import start
from simcloud.gcp.config import refuse_real_credentials
from simcloud.gcp.provider import GcpProvider

if __name__ == "__main__":
    sys.exit(start("pulumi-gcp", GcpProvider, refuse_real_credentials))
