"""The OpenAPI document, made from the table of endpoints, so that it cannot say anything else than what is there."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import msgspec

from web.api import bodies
from web.api.endpoints import Endpoint

FAILURES = {
    "400": "Yêu cầu không đọc được.",
    "401": "Thiếu mã truy cập, hoặc mã sai, hết hạn, đã thu hồi.",
    "403": "Người giữ mã này không được làm việc đó.",
    "404": "Không có.",
    "409": "Đã thay đổi, hoặc đang ở trạng thái không cho phép.",
    "413": "Nội dung quá lớn.",
    "422": "Một trường không hợp lệ.",
    "429": "Gọi quá nhiều lần.",
    "503": "Một phần của đài tạm thời không trả lời.",
}


def document(endpoints: Sequence[Endpoint], *, prefix: str) -> bytes:
    types = list(dict.fromkeys([bodies.Failure, *_types(endpoints)]))
    schemas, components = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    known = {repr(kind): schema for kind, schema in zip(types, schemas, strict=True)}
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, known)
    return msgspec.json.encode(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "Loa Làng",
                "version": "1",
                "description": "Loa truyền thanh thông minh: soạn, duyệt, phát, xem kết quả.",
            },
            "servers": [{"url": prefix}],
            "security": [{"token": []}],
            "paths": paths,
            "components": {
                "schemas": components,
                "securitySchemes": {
                    "token": {"type": "http", "scheme": "bearer", "description": "Tạo bằng lệnh: loa tokens add"}
                },
            },
        }
    )


def _types(endpoints: Sequence[Endpoint]) -> list[Any]:
    return [kind for endpoint in endpoints for kind in (endpoint.takes, endpoint.gives) if kind not in (None, bytes)]


def _operation(endpoint: Endpoint, known: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "parameters": [_parameter(name, "path", "") for name in endpoint.variables]
        + [_parameter(name, "query", meaning) for name, meaning in endpoint.query.items()],
        "responses": _responses(endpoint, known),
    }
    if endpoint.public:
        operation["security"] = []
    if endpoint.takes:
        operation["requestBody"] = {"content": {"application/json": {"schema": known[repr(endpoint.takes)]}}}
    if endpoint.receives:
        operation["requestBody"] = {
            "content": {endpoint.receives_media: {"schema": {"type": "string", "format": "binary"}}}
        }
    return operation


def _parameter(name: str, place: str, meaning: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": place,
        "required": place == "path",
        "description": meaning,
        "schema": {"type": "string"},
    }


def _responses(endpoint: Endpoint, known: dict[str, Any]) -> dict[str, Any]:
    schema = {"type": "string", "format": "binary"} if endpoint.gives is bytes else known.get(repr(endpoint.gives), {})
    content = {} if endpoint.status == HTTPStatus.NO_CONTENT else {"content": {endpoint.media: {"schema": schema}}}
    well = {str(endpoint.status): {"description": endpoint.summary, **content}}
    failure = {"application/json": {"schema": known[repr(bodies.Failure)]}}
    return well | {status: {"description": text, "content": failure} for status, text in FAILURES.items()}
