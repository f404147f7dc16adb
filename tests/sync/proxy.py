"""What stands between a server and whoever calls it, and changes what goes through."""

import http.client
from collections.abc import Callable
from dataclasses import dataclass

from tests.sync.impostor import Impostor, Visit
from tests.sync.stations import Station

PAGE = b"<!doctype html><title>Welcome</title><p>Sign in to use the network of this hotel."


@dataclass
class Passed:
    """An answer on its way back."""

    status: str
    headers: dict[str, str]
    body: bytes


Change = Callable[[Visit, Passed], None]


class Proxy(Impostor):
    """A proxy before a server. `instead` may answer in its place; `change` may change what it answered."""

    def __init__(self, station: Station) -> None:
        self.instead: Callable[[Visit], bool] = lambda visit: False
        self.change: Change = lambda visit, answer: None
        self._to = station.port
        super().__init__(self._pass)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _pass(self, visit: Visit) -> None:
        if self.instead(visit):
            return
        head, _, body = visit.request.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        method, target, _version = first.split(" ")
        there = http.client.HTTPConnection("127.0.0.1", self._to, timeout=20)
        try:
            headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
            there.request(method, target, body or None, headers)
            response = there.getresponse()
            answer = Passed(
                f"{response.status} {response.reason}",
                {name.lower().replace("-", "_"): value for name, value in response.getheaders()}, response.read(),
            )  # fmt: skip
        finally:
            there.close()
        answer.headers.pop("transfer_encoding", None)
        self.change(visit, answer)
        visit.answer(answer.body, answer.status, **{**answer.headers, "content_length": str(len(answer.body))})
