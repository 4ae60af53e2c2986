"""Trouble on demand: the answers to the next requests that fit."""

from dataclasses import dataclass

KINDS = frozenset({"500", "503", "429", "1073", "html", "lost", "cut", "lost_before"})
"""lost: carried out, then 504; lost_before: 504 alone; cut: carried out, the answer ends in the middle; html: a page with status 200."""


@dataclass
class _Fault:
    kind: str
    method: str
    path: str
    times: int
    after: int


class Faults:
    def __init__(self) -> None:
        self._waiting: list[_Fault] = []

    def add(self, kind: str, path: str = "", *, method: str = "", times: int = 1, after: int = 0) -> None:
        """path: a part of the addresses that are hit; after: so many that fit are spared before."""
        if kind not in KINDS:
            raise ValueError(f"unknown fault: {kind}")
        self._waiting.append(_Fault(kind, method, path, times, after))

    def clear(self) -> None:
        self._waiting.clear()

    def draw(self, method: str, path: str) -> str | None:
        """The trouble this request meets."""
        for fault in self._waiting:
            if fault.path in path and fault.method in {"", method}:
                if fault.after > 0:
                    fault.after -= 1
                    continue
                fault.times -= 1
                if fault.times == 0:
                    self._waiting.remove(fault)
                return fault.kind
        return None
