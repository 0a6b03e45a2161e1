"""What a person does when the portal cannot be brought to its server; whole sentences, so that they can be translated."""

from __future__ import annotations

LOG_IN = (
    "Check the user in [portal.deploy] to, and that the server knows the public half of the key in the secret "
    "BANTIN_DEPLOY_KEY (or the password BANTIN_DEPLOY_PASSWORD)."
)
HOST_KEY = (
    "The server's key is not the one in the file of [portal.deploy] known_hosts. Ask the server's operator for its "
    "fingerprint, compare, and only then write the new key into that file (ssh-keyscan)."
)
RIGHTS = "Give the user of [portal.deploy] the right to write in the folder or bucket that it names."
UNREACHED = "Check the name in [portal.deploy] to, the network and whether the server runs; bantin goes on by itself."
SPACE = "Make room on the server; bantin goes on by itself."
RSYNC = "Install rsync on this machine and on the server (apt-get install rsync)."
BUCKET = "Check bucket, endpoint and region in [portal.deploy] and the secrets BANTIN_DEPLOY_S3_KEY and BANTIN_DEPLOY_S3_SECRET."
ALL = frozenset({LOG_IN, HOST_KEY, RIGHTS, UNREACHED, SPACE, RSYNC, BUCKET})  # what a catalogue translates
