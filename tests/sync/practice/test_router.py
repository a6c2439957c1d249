"""The router: which path is which operation, and what is none."""

from __future__ import annotations

import pytest

from sync.practice.refusals import Refusal
from sync.practice.router import Call, Route, Router
from sync.practice.wire import JsonObject
from sync.practice.world import World


def nothing(_world: World, _call: Call) -> JsonObject:
    return {}


def route(method: str, template: str) -> Route:
    return Route(method=method, template=template, params="None", handler=nothing)


ROUTER = Router(
    [
        route("GET", "/v1/things/{id}"),
        route("GET", "/v1/things/search"),
        route("POST", "/v1/things/{id}"),
        route("GET", "/v1/things/{id}/parts/{part}"),
        route("GET", "/v1/{kind}/{id}/parts/first"),
    ]
)


@pytest.mark.parametrize(
    ("method", "path", "template", "ids"),
    [
        ("GET", "/v1/things/th_1", "/v1/things/{id}", {"id": "th_1"}),
        ("POST", "/v1/things/th_1", "/v1/things/{id}", {"id": "th_1"}),
        ("GET", "/v1/things/search", "/v1/things/search", {}),
        ("GET", "/v1/things/th_1/", "/v1/things/{id}", {"id": "th_1"}),
        ("GET", "/v1/things/a/parts/b", "/v1/things/{id}/parts/{part}", {"id": "a", "part": "b"}),
        ("GET", "/v1/others/a/parts/first", "/v1/{kind}/{id}/parts/first",
         {"kind": "others", "id": "a"}),
    ],
)  # fmt: skip
def test_a_path_finds_its_route_and_ids(
    method: str, path: str, template: str, ids: dict[str, str]
) -> None:
    found, given = ROUTER.find(method, path)
    assert (found.method, found.template, given) == (method, template, ids)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/v1/things/th_1"),
        ("POST", "/v1/things/search/more"),
        ("GET", "/v1/things"),
        ("GET", "/v1/things//parts/b"),
        ("GET", "/"),
        ("GET", "/v1/things" + "/a" * 20),
    ],
)
def test_what_is_no_route_is_404_and_named(method: str, path: str) -> None:
    with pytest.raises(Refusal) as refused:
        ROUTER.find(method, path)
    assert refused.value.status == 404
    assert f"({method}: {path})" in refused.value.fields["message"]


def test_an_operation_is_counted_by_its_template() -> None:
    first, _ids = ROUTER.find("GET", "/v1/things/th_1")
    second, _ids = ROUTER.find("GET", "/v1/things/th_2")
    assert first.operation == second.operation == "GET /v1/things/{id}"
