"""Kernels that start warm: each a fresh process, forked from one that has already imported what notebooks import.

Papermill users have asked for reuse of kernels for years, and a reused kernel carries everything from one report to the
next. A forked one carries nothing: what it inherits was there before any report, and what it changes dies with it.

It is an ordinary Jupyter kernel provisioner under a kernelspec of its own, so ``papermill -k ppp`` uses it too. Where a
process cannot be forked (Windows), the same kernelspec starts an ordinary kernel.
"""

from ppp.kernels.provisioner import CAN_FORK, KERNEL, KernelServer, WarmProvisioner

__all__ = ["CAN_FORK", "KERNEL", "KernelServer", "WarmProvisioner"]
