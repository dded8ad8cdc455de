"""A real IMAP server for tests: Dovecot on high ports of 127.0.0.1, all it writes in one temporary folder.

Any user name is let in with the password ``secret``, or with a token from ``Dovecot.token``. It runs as root, whose
mail then belongs to ``nobody``, and as anybody else.
"""

import base64
import grp
import hashlib
import hmac
import imaplib
import json
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from tests.servers.certificates import make_certificates

PASSWORD = "secret"
TOKEN_KEY = b"a key that only this test server knows"
STARTS_WITHIN = 10.0

CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
auth_failure_delay = 0
auth_username_format = %Lu
mail_location = maildir:{folder}/mail/%u
mail_max_userip_connections = 200
first_valid_uid = 0
{identity}
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  service_count = 0
  process_min_avail = 1
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""

OAUTH2 = """
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={folder}/keys/
username_attribute = upn
"""


@dataclass(frozen=True)
class Dovecot:
    """A running server. The methods are the world's side: other people and other programs at the same mailboxes."""

    host: str
    port: int
    tls_port: int
    ca_file: Path
    folder: Path
    password: str = PASSWORD

    @contextmanager
    def session(self, user: str) -> Iterator[imaplib.IMAP4]:
        """A connection of somebody else, logged in."""
        with imaplib.IMAP4(self.host, self.port, timeout=10) as connection:
            connection.login(user, PASSWORD)
            yield connection

    def deliver(self, user: str, content: bytes, at: datetime, folder: str = "INBOX") -> int:
        """Puts a message into a folder with its date of arrival, without a flag; returns its UID."""
        arrived = imaplib.Time2Internaldate(at)
        with self.session(user) as connection:
            if folder != "INBOX":
                connection.create(folder)
            answer, said = connection.append(folder, "", arrived, content)
            assert answer == "OK", said
            # … [APPENDUID 1700000000 7] Append completed
            return int(said[0].split(b"APPENDUID", 1)[1].split(b"]", 1)[0].split()[1])

    def flags(self, user: str, uid: int, folder: str = "INBOX") -> frozenset[str]:
        """The flags of a message but \\Recent; none for one that is not there."""
        with self.session(user) as connection:
            connection.select(folder, readonly=True)
            _, said = connection.uid("FETCH", str(uid), "(FLAGS)")
            line = said[0] if said and isinstance(said[0], bytes) else b"FLAGS ()"
            return frozenset(line.split(b"FLAGS (", 1)[1].split(b")", 1)[0].decode().split()) - {"\\Recent"}

    def contents(self, user: str, folder: str = "INBOX") -> tuple[bytes, ...]:
        """All messages of a folder, the oldest first; none for a folder that is not there."""
        with self.session(user) as connection:
            if connection.select(folder, readonly=True)[0] != "OK":
                return ()
            _, said = connection.uid("FETCH", "1:*", "(BODY.PEEK[])")
            return tuple(item[1] for item in said if isinstance(item, tuple))

    def remove(self, user: str, uid: int, folder: str = "INBOX") -> None:
        """Somebody deletes a message for good."""
        with self.session(user) as connection:
            connection.select(folder)
            connection.uid("STORE", str(uid), "+FLAGS", "(\\Deleted)")
            connection.uid("EXPUNGE", str(uid))

    def make_anew(self, user: str, folder: str) -> None:
        """Deletes a folder and makes an empty one of its name, which gets another UIDVALIDITY."""
        with self.session(user) as connection:
            connection.delete(folder)
            connection.create(folder)

    def token(self, user: str, seconds: float = 600) -> str:
        """An access token (JWT, HS256) that is good for so long; with a negative length one that has run out."""
        now = int(time.time())
        claims = {"azp": "default", "sub": user, "upn": user, "iat": now - 3600, "exp": now + int(seconds)}
        signed = b".".join(_base64url(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
        return (signed + b"." + _base64url(hmac.digest(TOKEN_KEY, signed, hashlib.sha256))).decode()


@contextmanager
def running_dovecot() -> Iterator[Dovecot]:
    """Starts a server and stops it at the end. Without Dovecot the test is skipped, in CI it fails."""
    program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        words = "Dovecot is not installed (Debian: apt-get install dovecot-imapd)"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(words)
    folder = Path(tempfile.mkdtemp(prefix="dovecot-"))  # short: a socket's path has at most 107 letters
    try:
        with _free_ports(2) as ports:
            server = _write_config(folder, *ports)
        process = subprocess.Popen(
            [program, "-F", "-c", str(folder / "dovecot.conf")], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        try:
            _await(server, process)
            yield server
        finally:
            process.terminate()
            process.communicate(timeout=10)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write_config(folder: Path, port: int, tls_port: int) -> Dovecot:
    folder.chmod(0o755)
    ca_file, certificate, key = make_certificates(folder)
    for name in ("run", "state", "mail", "keys/default/HS256"):
        (folder / name).mkdir(parents=True)
    (folder / "keys/default/HS256/default").write_bytes(base64.b64encode(TOKEN_KEY))
    (folder / "oauth2.conf").write_text(OAUTH2.format(folder=folder))
    owner, identity = _identity()
    os.chown(folder / "mail", owner.pw_uid, owner.pw_gid)
    (folder / "dovecot.conf").write_text(
        CONFIG.format(
            folder=folder, certificate=certificate, key=key, identity=identity, password=PASSWORD,
            uid=owner.pw_uid, gid=owner.pw_gid, port=port, tls_port=tls_port,
        )
    )  # fmt: skip
    return Dovecot("127.0.0.1", port, tls_port, ca_file, folder)


def _identity() -> tuple[pwd.struct_passwd, str]:
    """Whose the mail is, and the settings that let the server run without root."""
    if os.geteuid() == 0:
        return pwd.getpwnam("nobody"), ""
    me = pwd.getpwuid(os.geteuid())
    group = grp.getgrgid(me.pw_gid).gr_name
    users = [f"default_{role}_user = {me.pw_name}" for role in ("internal", "login")]
    return me, "\n".join([*users, f"default_internal_group = {group}"])


def _await(server: Dovecot, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            with server.session("first"):
                return
        except (OSError, imaplib.IMAP4.error) as not_yet:
            log = server.folder / "dovecot.log"
            if process.poll() is not None or time.monotonic() > until:
                said = log.read_text() if log.exists() else ""
                pytest.fail(f"Dovecot did not start: {not_yet}\n{said}")
            time.sleep(0.02)


@contextmanager
def _free_ports(count: int) -> Iterator[tuple[int, ...]]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        yield tuple(one.getsockname()[1] for one in sockets)
    finally:
        for one in sockets:
            one.close()


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """One server for all tests; each takes a user of its own."""
    with running_dovecot() as server:
        yield server


def _base64url(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")
