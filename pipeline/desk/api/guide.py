"""The API's description as a page: drawn here from the OpenAPI document, without a script and without an outside request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from pipeline.desk.pages import Desk
from pipeline.desk.people import need
from pipeline.desk.problems import API


@dataclass(frozen=True)
class Field:
    """One parameter, or one part of a body or of an answer."""

    name: str
    kind: str
    about: str
    required: bool = False


@dataclass(frozen=True)
class Operation:
    """One address with its method; `answer` names the schema that it answers with."""

    method: str
    path: str
    about: str
    fields: tuple[Field, ...]
    answer: str


def routes(desk: Desk, described: Callable[[], dict[str, Any]]) -> APIRouter:
    """The page at /api; `described` gives the document."""
    router = APIRouter()

    @router.get("/api")
    def guide(request: Request) -> HTMLResponse:
        need(request, "read")
        document = described()
        return desk.page(request, "api.html", about=document["info"]["description"], operations=list(operations(document)),
                         schemas=list(schemas(document)), base=desk.config.desk.address + API, place=API)  # fmt: skip

    return router


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    """Every operation in the order of the document."""
    for path, methods in document["paths"].items():
        for method, one in methods.items():
            asked = [
                Field(p["name"], _kind(p["schema"]), p.get("description", ""), p["required"])
                for p in one.get("parameters", ())
            ]
            for content in one.get("requestBody", {}).get("content", {}).values():
                asked += _fields(document["components"]["schemas"][_kind(content["schema"])])
            content = one["responses"]["200"].get("content", {})
            answer = " · ".join(
                _kind(body["schema"]) if kind == "application/json" else kind for kind, body in content.items()
            )
            yield Operation(method.upper(), path, one["summary"], tuple(asked), answer)


def schemas(document: dict[str, Any]) -> Iterator[tuple[str, list[Field]]]:
    """Every schema with its parts, by name."""
    for name, one in sorted(document["components"]["schemas"].items()):
        yield name, _fields(one)


def _fields(schema: dict[str, Any]) -> list[Field]:
    required = schema.get("required", ())
    return [
        Field(name, _kind(one), one.get("description", ""), name in required)
        for name, one in schema["properties"].items()
    ]


def _kind(schema: dict[str, Any]) -> str:
    """A schema in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(_kind(one) for one in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return " | ".join(schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"[{_kind(schema['items'])}]"
    return str(schema.get("format") or schema.get("type") or "")
