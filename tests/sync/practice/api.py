"""A small client for the tests: form-encoded requests to the practice Stripe, without a socket."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from sync.practice.app import PracticeStripe
from sync.practice.transport import PracticeTransport

KEY = "rk_test_0123456789abcdef"
START_MS = 1_790_000_000_000


class Clock:
    """A clock that stands still until it is told."""

    def __init__(self, now_ms: int = START_MS) -> None:
        self.now_ms = now_ms

    def __call__(self) -> int:
        return self.now_ms

    def pass_seconds(self, seconds: float) -> None:
        self.now_ms += round(seconds * 1000)


class Api:
    """Requests to one practice Stripe, each on a connection of its own."""

    def __init__(self, practice: PracticeStripe, key: str = KEY) -> None:
        self.practice = practice
        self.key = key

    def send(
        self,
        method: str,
        path: str,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        return asyncio.run(self.send_async(method, path, params, headers))

    async def send_async(
        self,
        method: str,
        path: str,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        pairs = httpx.QueryParams(list(form(params or {})))
        given = {"Authorization": f"Bearer {self.key}", **(headers or {})}
        transport = PracticeTransport(self.practice)
        async with httpx.AsyncClient(transport=transport, base_url="http://stripe") as client:
            if method == "POST":
                return await client.post(path, data=_grouped(pairs.multi_items()), headers=given)
            return await client.request(method, path, params=pairs, headers=given)

    def post(
        self, path: str, params: Mapping[str, Any] | None = None, *, key: str | None = None
    ) -> dict[str, Any]:
        """The object a POST that must succeed answers."""
        headers = {"Idempotency-Key": key} if key else None
        return self._good(self.send("POST", path, params, headers))

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The object a GET that must succeed answers."""
        return self._good(self.send("GET", path, params))

    def delete(self, path: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The object a DELETE that must succeed answers."""
        return self._good(self.send("DELETE", path, params))

    def refused(
        self, method: str, path: str, params: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The error of a request that must fail, with its `status` put in."""
        answer = self.send(method, path, params)
        assert answer.status_code >= 400, answer.text
        return {"status": answer.status_code, **answer.json()["error"]}

    def ids(self, path: str, params: Mapping[str, Any] | None = None) -> list[str]:
        """The ids of a list's page."""
        return [item["id"] for item in self.get(path, params)["data"]]

    def events(self) -> list[str]:
        """The types of all events, oldest first."""
        return [event["type"] for event in self.practice.objects("event")]

    @staticmethod
    def _good(answer: httpx.Response) -> dict[str, Any]:
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body


def form(params: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Nested parameters as Stripe's clients write them: `items[0][price]`."""
    for name, value in params.items():
        yield from _flat(name, value)


def _flat(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for below, inner in value.items():
            yield from _flat(f"{name}[{below}]", inner)
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _flat(f"{name}[{index}]", inner)
    elif isinstance(value, bool):
        yield name, str(value).lower()
    else:
        yield name, str(value)


def _grouped(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return grouped
