"""Who holds a lease or a claim: one run of the bot, named so that a later run can tell that it is over."""

import os
import socket
from uuid import uuid4

RUN = uuid4().hex
"""This process. Its number alone says little: in a container every run has the same."""


def new_holder() -> str:
    """A name for one bot in this process: machine, process, run, and the bot itself."""
    return ":".join((socket.gethostname(), str(os.getpid()), RUN, uuid4().hex))


def is_over(holder: str) -> bool:
    """Whether the run behind a name of ``new_holder`` has ended, as far as this machine can tell.

    False for another machine's, and where the number has since gone to another process: those leases run out.
    """
    machine, number, run, _ = (*holder.rsplit(":", 3), "", "", "")[:4]
    if machine != socket.gethostname() or run == RUN or not number.isdecimal():
        return False
    return int(number) == os.getpid() or not _exists(int(number))


def _exists(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
