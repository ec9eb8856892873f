"""Start the simulated DigitalOcean provider: `python -m simcloud.digitalocean ENGINE_ADDRESS`, see bin/pulumi-resource-digitalocean."""

import sys

from simcloud.core.start import start
from simcloud.digitalocean.config import refuse_real_credentials
from simcloud.digitalocean.provider import DigitalOceanProvider

if __name__ == "__main__":
    sys.exit(start("pulumi-digitalocean", DigitalOceanProvider, refuse_real_credentials))
