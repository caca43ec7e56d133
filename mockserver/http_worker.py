"""gunicorn's threaded worker, made patient: slow clients cost no thread, and what is no request is refused in JSON.

gunicorn alone gives a connection a thread before its request has come, and waits for each client that was answered
to hang up: as many slow clients as there are threads, or a single one that does not hang up, would stop all others.
"""

from __future__ import annotations

import re
import resource
import select
import socket
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from http import HTTPStatus
from selectors import EVENT_READ
from typing import Any

from gunicorn.http.errors import (  # type: ignore[attr-defined]  # two are newer than the stubs
    ExpectationFailed,
    InvalidResponseHeader,
    InvalidResponseHeaderName,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
    UnsupportedTransferCoding,
)
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import TConn, ThreadWorker

from mockserver.error_entity import error_entity

#: So many bytes of a request are gathered without a thread; the rest of a larger one is read by its thread.
MOST_GATHERED = 64 << 10
#: So long, in milliseconds, a thread waits for the next request of the connection that it has just answered,
WAIT_MS = 1
#: and so many requests of it in a row it answers.
MOST_IN_A_ROW = 64
#: Connections that a worker holds at a time, if the system lets it have as many files.
MOST_CONNECTIONS = 10_000
#: So much of what a client sends after its last reply is read and dropped, so that it reads that reply.
_MOST_DRAINED = 64 << 10
_STEP = 16 << 10
#: Files of a process besides its connections, and those that each thread may have open in a store.
_FILES = 64
_FILES_OF_A_THREAD = 4

_FRAMING = re.compile(rb"\r\n(content-length|transfer-encoding|expect):[ \t]*([^\r]*?)[ \t]*(?=\r\n)", re.IGNORECASE)
_LONGEST_LENGTH = 9
_LONGEST_SIZE_LINE = 64

_STATUSES: dict[type[BaseException], HTTPStatus] = {
    LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
}
_BAD_REQUEST, _FAILED = 5, 18  # internal codes of the contract


class PatientWorker(ThreadWorker):
    """A worker whose threads are given to requests that have come whole, and to nobody else."""

    def enqueue_req(self, conn: TConn) -> None:
        """Give *conn* a thread if its next request has come; else wait for more of it, which costs next to nothing."""
        conn.init()
        if _has_come(conn):
            super().enqueue_req(conn)
        else:
            self._watch(conn, self.on_pending_socket_readable)

    def handle(self, conn: TConn) -> Any:
        """Answer *conn*, and go on with it while its next request comes at once.

        Giving a connection back and taking it up again costs as much as an answer does. Whoever waits for a thread
        has it first, and so does whatever else the worker has to do, after some requests in a row.
        """
        kept = super().handle(conn)
        for _ in range(MOST_IN_A_ROW):
            others_wait = self.tpool._work_queue.qsize()  # noqa: SLF001 the pool has no other way to ask
            if kept is not True or others_wait or not self.alive or not _comes_at_once(conn):
                break
            kept = super().handle(conn)
        return kept

    def finish_request(self, conn: TConn, fs: Future[Any]) -> None:
        """Keep *conn* for its next request, or part from it without waiting until it hangs up."""
        if fs.cancelled() or fs.exception() or fs.result():
            super().finish_request(conn, fs)
            return
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            self._watch(conn, self._drain)
        except OSError:  # it has hung up already, or a fault has closed it
            self._forget(conn)

    def handle_error(self, _req: Any, client: socket.socket, _addr: Any, exc: BaseException) -> None:
        """Refuse what is no request with the contract's error entity."""
        status = status_of(exc)
        code, told = _FAILED, "the mock server failed; its log says how"
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            self.log.error("the mock server failed; please report this", exc_info=exc)
        else:
            # Not the text of the error, nor the target: what a client sent may be personal.
            self.log.warning("refused with %d what is no HTTP request: %s", status, type(exc).__name__)
            code, told = _BAD_REQUEST, f"this is no HTTP request that the server reads: {exc}"[:300]
        app: Any = self.wsgi
        body = error_entity(app.extensions["mockserver"].wall_ms(), code, told)
        head = f"HTTP/1.1 {status} {status.phrase}\r\nConnection: close\r\nContent-Type: application/json\r\n"
        try:
            write_nonblock(client, f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        except OSError as error:
            self.log.debug("the refusal could not be sent: %s", error)

    def _cap_keepalive(self, deadline: float) -> None:
        """Let nobody who has asked nothing, or has his reply, hold up the stop."""
        super()._cap_keepalive(deadline)  # type: ignore[misc]  # newer than the stubs
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout or deadline, deadline)

    def _watch(self, conn: TConn, then: Callable[[TConn, socket.socket], None]) -> None:
        conn.sock.setblocking(False)
        conn.set_timeout()
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(then, conn))

    def _drain(self, conn: TConn, sock: socket.socket, left: int = _MOST_DRAINED) -> None:
        try:
            left -= len(sock.recv(_STEP)) or left
        except BlockingIOError:
            return
        except OSError:
            left = 0
        if left > 0:
            self.poller.modify(sock, EVENT_READ, partial(self._drain, conn, left=left))
            return
        self.poller.unregister(sock)
        self.pending_conns.remove(conn)
        self._forget(conn)

    def _forget(self, conn: TConn) -> None:
        self.nr_conns -= 1
        conn.close()


def connections(threads: int) -> int:
    """Say how many connections a worker can hold, having asked the system for as many files as it grants."""
    wanted = MOST_CONNECTIONS + _FILES + _FILES_OF_A_THREAD * threads
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft not in range(wanted):  # enough, or without a bound
        return MOST_CONNECTIONS
    granted = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
    resource.setrlimit(resource.RLIMIT_NOFILE, (granted, hard))
    return max(granted - _FILES - _FILES_OF_A_THREAD * threads, threads + 1)


def status_of(error: BaseException) -> HTTPStatus:
    """Return the status of the refusal that *error* asks for."""
    if not isinstance(error, ParseException) or isinstance(error, (InvalidResponseHeader, InvalidResponseHeaderName)):
        return HTTPStatus.INTERNAL_SERVER_ERROR
    return _STATUSES.get(type(error), HTTPStatus.BAD_REQUEST)


def _has_come(conn: TConn) -> bool:
    """Read what there is, and say whether a thread should have it: a whole request, or the end of the connection."""
    parser: Any = conn.parser
    gathered = parser.unreader.buf
    if gathered.getvalue() and is_whole(gathered.getvalue()):  # pipelined
        return True
    try:
        more = conn.sock.recv(MOST_GATHERED, socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except OSError:
        return True  # the thread will meet it again, and say so
    gathered.seek(0, 2)
    gathered.write(more)
    return not more or is_whole(gathered.getvalue())


def _comes_at_once(conn: TConn) -> bool:
    """Say whether the next request of a connection that was just answered is here, or as good as here."""
    if not conn.parser.unreader.buf.getvalue():  # type: ignore[union-attr]  # made when it was first answered
        coming = select.poll()
        coming.register(conn.sock, select.POLLIN)
        if not coming.poll(WAIT_MS):
            return False
    return _has_come(conn)


def is_whole(sent: bytes) -> bool:
    """Say whether *sent* holds a whole request, or what a parser should refuse or go on reading by itself."""
    end = sent.find(b"\r\n\r\n")
    if len(sent) >= MOST_GATHERED:
        return True
    if end < 0:
        return sent.count(b"\n") != sent.count(b"\r\n")
    match _FRAMING.findall(sent, 0, end + 2):
        case [(name, length)] if name.lower() == b"content-length" and length.isdigit():
            return len(length) > _LONGEST_LENGTH or len(sent) >= end + 4 + int(length)
        case [(name, coding)] if name.lower() == b"transfer-encoding" and coding.lower() == b"chunked":
            return _chunks_are_whole(sent, end + 4)
    # No body; or one that the client asks permission for; or contradictions, which the parser refuses.
    return True


def _chunks_are_whole(sent: bytes, at: int) -> bool:
    while (line := sent.find(b"\r\n", at)) >= 0:
        try:
            size = int(sent[at:line].partition(b";")[0], 16)
        except ValueError:
            return True
        if size <= 0:
            return size < 0 or b"\r\n\r\n" in sent[line:]
        at = line + 2 + size + 2
        if not b"\r\n".startswith(sent[at - 2 : at]):
            return True
    return len(sent) - at > _LONGEST_SIZE_LINE or b"\n" in sent[at:]
