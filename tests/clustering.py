"""A Ray cluster of several node processes on this machine, for the tests, in a process of its own.

Run as a program it starts a head, which computes nothing, and as many nodes as it is told, with a
CPU each, and prints the cluster's address. For each line on its standard input it kills a node, and
prints when that is done; at the end of the input it stops the cluster.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from types import TracebackType
from typing import Any

import psutil


class Cluster:
    """Such a cluster, while the context lasts."""

    def __init__(self, nodes: int) -> None:
        command = [sys.executable, __file__, str(nodes)]
        pipe, quiet = subprocess.PIPE, subprocess.DEVNULL
        self._process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=quiet, text=True, bufsize=1
        )
        self.address = self._said()

    def kill(self) -> None:
        """Kill a node."""
        assert self._process.stdin
        self._process.stdin.write("kill\n")
        assert self._said() == "killed"

    def _said(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()

    def __enter__(self) -> Cluster:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._process.communicate()


def lose(cluster: Any, node: Any) -> None:
    """Kill a node with all that runs on it, as where a machine is lost."""
    raylet = psutil.Process(node.all_processes["raylet"][0].process.pid)
    for process in (raylet, *raylet.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):  # it may end with its parent
            process.kill()
    cluster.remove_node(node, allow_graceful=False)


def main(count: int) -> None:
    """Start a cluster, and do as one is told."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    from ray.cluster_utils import Cluster as Started

    head = {"num_cpus": 0, "include_dashboard": False}
    cluster = Started(initialize_head=True, head_node_args=head)
    nodes = [cluster.add_node(num_cpus=1) for _ in range(count)]
    print(cluster.address, flush=True)
    for _ in sys.stdin:
        lose(cluster, nodes.pop())
        print("killed", flush=True)
    cluster.shutdown()


if __name__ == "__main__":
    main(int(sys.argv[1]))
