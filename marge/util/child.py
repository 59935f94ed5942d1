"""What a child process of ours does between fork and exec: it ends when we end, and keeps to its limits."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
"""linux/prctl.h. The kernel sends the signal when our process is gone, however it went."""

_LIBC = ctypes.CDLL(None, use_errno=True)


def before_exec(
    memory_bytes: int | None = None, descriptors: int | None = None, niceness: int = 0
) -> Callable[[], None]:
    """The `preexec_fn` of a `Popen` that is called right afterwards. Only calls that are safe there.

    Args:
        memory_bytes, descriptors: limits that the kernel keeps; None for ours.
        niceness: how much the child gives way to others, added to ours.
    """
    parent = os.getpid()

    def prepare() -> None:
        _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # we died before the line above
            os._exit(1)
        if niceness:
            os.nice(niceness)
        if memory_bytes is not None:
            resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
        if descriptors is not None:
            hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
            most = descriptors if hard == resource.RLIM_INFINITY else min(descriptors, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    return prepare
