"""Vendure's two GraphQL APIs as the people see them who use them."""

from typing import Any, TypeAlias

import httpx

Found: TypeAlias = dict[str, Any]
"""A document as the shop gives it."""

REFUSAL = "__typename ... on ErrorResult { errorCode message }"
"""The part of a union in which Vendure says no, with HTTP status 200."""


class Refused(Exception):
    """The shop understood and said no."""

    def __init__(self, code: str, message: str, status: int) -> None:
        super().__init__(code, message)
        self.code = code
        self.status = status


class Session:
    """One visitor: a guest with a basket, or somebody of the staff once signed in."""

    def __init__(self, http: httpx.Client, url: str) -> None:
        self.http = http
        self.url = url
        self.headers: dict[str, str] = {}

    def ask(self, query: str, **variables: object) -> Any:
        """The answer to a query with one root field."""
        asked = {"query": query, "variables": variables}
        answer = self.http.post(self.url, json=asked, headers=self.headers).raise_for_status()
        if token := answer.headers.get("vendure-auth-token"):
            self.headers = {"authorization": f"Bearer {token}"}
        body = answer.json()
        if "errors" in body:
            raise AssertionError(body["errors"])
        (value,) = body["data"].values()
        if isinstance(value, dict) and "errorCode" in value:
            raise Refused(value["errorCode"], value["message"], answer.status_code)
        return value
