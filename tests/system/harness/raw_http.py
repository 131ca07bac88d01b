"""HTTP by hand: bytes over a socket, and a reader of answers that forgives nothing."""
import dataclasses
import re
import socket
import struct

from harness.http_client import Answer

STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-5]\d\d) ([ -~]*)")
FIELD_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+): ?([\t -~]*)")


class ClosedByPeer(Exception):
    """The server closed where another answer was expected."""


@dataclasses.dataclass(frozen=True)
class RawAnswer(Answer):
    head: bytes  # everything before the body, as it came


class RawConnection:
    def __init__(self, service, timeout: float = 15):
        family = socket.AF_INET6 if ":" in service.host else socket.AF_INET
        self.socket = socket.socket(family)
        self.socket.settimeout(timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.connect((service.host, service.port))
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data: bytes):
        self.socket.sendall(data)

    def reset_on_close(self):
        """Closing will send RST instead of FIN: how a crashed client leaves."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def end_sending(self):
        self.socket.shutdown(socket.SHUT_WR)

    def read_response(self, method: str = "GET") -> RawAnswer:
        """The next answer; interim ones (1xx) too. Fails on anything RFC 9112 would not send."""
        while b"\r\n\r\n" not in self.buffer:
            self._receive()
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        status_line, *lines = head.split(b"\r\n")
        match = STATUS_LINE.fullmatch(status_line)
        assert match, head
        status = int(match[1])
        fields = []
        for line in lines:
            field = FIELD_LINE.fullmatch(line)
            assert field, head
            fields.append((field[1].decode(), field[2].decode()))
        length = self._body_length(method, status, fields)
        while len(self.buffer) < length:
            self._receive()
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        return RawAnswer(status, fields, body, head)

    @staticmethod
    def _body_length(method, status, fields) -> int:
        lengths = [value for name, value in fields if name.lower() == "content-length"]
        assert not any(name.lower() == "transfer-encoding" for name, _ in fields), fields
        if status < 200 or status == 204:
            assert not lengths, fields  # RFC 9110 8.6
            return 0
        assert len(lengths) == 1 and lengths[0].isdigit(), fields
        return 0 if method == "HEAD" else int(lengths[0])

    def _receive(self):
        data = self.socket.recv(65536)
        if not data:
            raise ClosedByPeer(f"after {self.buffer!r}")
        self.buffer += data

    def closed(self, within: float = 15) -> bool:
        """Whether the server closes without another byte."""
        self.socket.settimeout(within)
        try:
            return self.buffer == b"" and self.socket.recv(1) == b""
        except ConnectionResetError:
            return self.buffer == b""
        except TimeoutError:
            return False

    def exchange(self, data: bytes, method: str = "GET") -> RawAnswer:
        self.send(data)
        return self.read_response(method)
