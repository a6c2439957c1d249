"""Which method and path is which operation; each resource room brings its own lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from sync.practice.refusals import unknown_url
from sync.practice.wire import JsonObject
from sync.practice.world import World

SEGMENTS_MAX: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A checked request: path ids by name, typed parameters, and the path for list envelopes."""

    ids: dict[str, str]
    params: JsonObject
    path: str


Handler = Callable[[World, Call], JsonObject]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One operation of the API: `template` has ids in braces, `params` names the SDK's type."""

    method: str
    template: str
    params: str
    handler: Handler

    @property
    def operation(self) -> str:
        """What Stripe counts as one endpoint for its rate limits."""
        return f"{self.method} {self.template}"


class Router:
    """Finds the route of a request. Fixed segments win over ids."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes: dict[tuple[str, int], list[tuple[tuple[str, ...], Route]]] = {}
        for route in routes:
            parts = tuple(route.template.strip("/").split("/"))
            self._routes.setdefault((route.method, len(parts)), []).append((parts, route))
        for several in self._routes.values():
            several.sort(key=lambda item: sum(part.startswith("{") for part in item[0]))

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """The route and its path ids. Raises Refusal(404) for an unknown path."""
        given = path.strip("/").split("/", SEGMENTS_MAX)
        for parts, route in self._routes.get((method, len(given)), ()):
            if all(p.startswith("{") or p == g for p, g in zip(parts, given, strict=True)):
                ids = {p[1:-1]: g for p, g in zip(parts, given, strict=True) if p.startswith("{")}
                if all(ids.values()):
                    return route, ids
        raise unknown_url(method, path)
