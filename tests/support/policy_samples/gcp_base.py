"""What all GCP samples are made of."""

PROVIDER = "urn:pulumi:testnet::redoubt::pulumi:providers:gcp::s2-gcp"
PROJECT = "projects/fleet-testnet"
REGION = "europe-west3"
ZONE = "europe-west3-a"
KEPT = ("gateway", "validator", "cosigner")
OPEN = ("gateway", "sentry")

INSTANCE = "gcp:compute/instance:Instance"
DISK = "gcp:compute/disk:Disk"
ATTACHMENT = "gcp:compute/attachedDisk:AttachedDisk"
ADDRESS = "gcp:compute/address:Address"
FIREWALL = "gcp:compute/firewall:Firewall"
NETWORK = "gcp:compute/network:Network"
SUBNETWORK = "gcp:compute/subnetwork:Subnetwork"
ROUTE = "gcp:compute/route:Route"
ROUTER = "gcp:compute/router:Router"
NAT = "gcp:compute/routerNat:RouterNat"
KEY = "gcp:kms/cryptoKey:CryptoKey"
GRANT = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"
ACCOUNT = "gcp:serviceaccount/account:Account"

NETWORK_ID = f"{PROJECT}/global/networks/redoubt-testnet-s2"
KEY_ID = f"{PROJECT}/locations/{REGION}/keyRings/s2-redoubt-testnet-0123abc/cryptoKeys/redoubt-testnet-s2-volumes"
ON_NETWORK = {"network": (f"{NETWORK}::s2",)}


def labels(role: str | None = None) -> dict[str, str]:
    found = {"redoubt-fleet": "redoubt", "redoubt-stack": "testnet", "redoubt-site": "fra-gcp"}
    return found | ({"redoubt-role": role} if role else {})


def email(role: str) -> str:
    return f"s2-{role}-2bb7f1f4@fleet-testnet.iam.gserviceaccount.com"


def side(role: str) -> str:
    return "public" if role in OPEN else "private"
