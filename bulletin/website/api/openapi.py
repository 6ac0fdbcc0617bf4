"""The description of `/api/v1` (OpenAPI 3.1), made of the bodies themselves. Pure."""

from __future__ import annotations

from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from bulletin.database.states import TokenScope
from bulletin.website.api.bodies import (
    DoneAnswer,
    MailingCounts,
    ProblemDocument,
    SubscribeBody,
    SuppressBody,
    UnsubscribeBody,
)

VERSION: Final = "1.0.0"
_REF: Final = "#/components/schemas/{model}"
_BODIES: Final = (SubscribeBody, UnsubscribeBody, SuppressBody)
_ANSWERS: Final = (DoneAnswer, MailingCounts, ProblemDocument)
_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": 255},
    "description": "Any text of your own. The same request with the same key does nothing twice, for two days.",
}
_ISSUE: Final = {
    "name": "issue",
    "in": "path",
    "required": True,
    "schema": {"type": "string"},
    "description": "The issue, as in 2026-12 or training/2026-12.",
}


def write_openapi(website: str) -> dict[str, Any]:
    """The description, for the public pages at `website`."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "bulletin",
            "version": VERSION,
            "description": "Subscribe, unsubscribe and suppress people, and read how an issue is going. Nothing here "
            "can approve or send. Make a token with `bulletin token create`.",
        },
        "servers": [{"url": f"{website.rstrip('/')}/api/v1"}],
        "paths": {
            "/subscribe": {"post": _describe_post(TokenScope.SUBSCRIBE, SubscribeBody, "202")},
            "/unsubscribe": {"post": _describe_post(TokenScope.UNSUBSCRIBE, UnsubscribeBody, "200")},
            "/suppress": {"post": _describe_post(TokenScope.SUPPRESS, SuppressBody, "200")},
            "/mailings/{issue}": {"get": _describe_mailing()},
        },
        "components": {
            "schemas": _describe_schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _describe_post(scope: TokenScope, body: type[BaseModel], status: str) -> dict[str, Any]:
    described = _describe(scope, body.__doc__ or "", DoneAnswer, status)
    content = {"application/json": {"schema": _refer_to(body)}}
    return described | {"parameters": [_KEY], "requestBody": {"required": True, "content": content}}


def _describe_mailing() -> dict[str, Any]:
    return _describe(TokenScope.STATUS, MailingCounts.__doc__ or "", MailingCounts, "200") | {"parameters": [_ISSUE]}


def _describe(scope: TokenScope, summary: str, answer: type[BaseModel], status: str) -> dict[str, Any]:
    done = {"description": answer.__doc__, "content": {"application/json": {"schema": _refer_to(answer)}}}
    problem = {
        "description": ProblemDocument.__doc__,
        "content": {"application/problem+json": {"schema": _refer_to(ProblemDocument)}},
    }
    return {
        "operationId": scope.value,
        "summary": summary,
        "description": f"Needs a token with the scope `{scope}`.",
        "security": [{"token": [scope.value]}],
        "responses": {status: done, "default": problem},
    }


def _refer_to(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REF.format(model=model.__name__)}


def _describe_schemas() -> dict[str, Any]:
    """Those that are read as they are sent, and those that are written as they are answered."""
    models: list[tuple[type[BaseModel], Any]] = [(one, "validation") for one in _BODIES]
    models += [(one, "serialization") for one in _ANSWERS]
    _, schema = models_json_schema(models, ref_template=_REF)
    found: dict[str, Any] = schema["$defs"]
    return found
