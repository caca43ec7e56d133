"""Finds out where a chunked body ends; what of it is legal, gunicorn's parser says when all of it is there."""

from __future__ import annotations

import re
from typing import Literal

#: As gunicorn reads them: a size of hexadecimal digits, and perhaps blanks and an extension behind it.
_SIZE = re.compile(rb"([0-9a-fA-F]+)(?:[ \t]*;[^\r\n]*)?")
_BARE_LINE_FEED = re.compile(rb"(?<!\r)\n")
_LINE_END = b"\r\n"

#: Some of a body; all of it; or what a parser refuses, whatever follows.
Extent = Literal["part", "whole", "broken"]


class Chunks:
    """A walk over the chunks of one body, which goes on where it stopped when more has come."""

    def __init__(self, *, longest_line: int, longest_trailer: int) -> None:
        #: How many bytes of what has come the walk has passed; who cuts them off sets it back.
        self.passed = 0
        #: Bytes of the body itself that it has passed, without what frames them.
        self.body_bytes = 0
        self._longest_line = longest_line
        self._longest_trailer = longest_trailer
        #: What is left of the chunk that the walk is in; its line end counts. 0 between two chunks.
        self._left = 0
        self._in_trailer = False

    def extend(self, sent: bytearray) -> Extent:
        """Walk on over *sent*."""
        while not self._in_trailer:
            extent = self._chunk(sent) if self._left else self._size(sent)
            if extent != "whole":
                return extent
        return self._trailer(sent)

    def _size(self, sent: bytearray) -> Extent:
        line_end = sent.find(_LINE_END, self.passed)
        if line_end < 0:
            too_long = len(sent) - self.passed > self._longest_line
            return "broken" if too_long or _BARE_LINE_FEED.search(sent, self.passed) else "part"
        found = _SIZE.fullmatch(sent, self.passed, line_end)
        if found is None:
            return "broken"
        size = int(found[1], 16)
        self.passed = line_end + len(_LINE_END)
        self._in_trailer = size == 0
        self._left = size + len(_LINE_END) if size else 0
        return "whole"

    def _chunk(self, sent: bytearray) -> Extent:
        data = min(len(sent) - self.passed, self._left - len(_LINE_END))
        if data > 0:
            self.passed += data
            self.body_bytes += data
            self._left -= data
        if self._left > len(_LINE_END):
            return "part"
        end = bytes(sent[self.passed : self.passed + len(_LINE_END)])
        if end != _LINE_END:
            return "part" if _LINE_END.startswith(end) else "broken"
        self.passed += len(_LINE_END)
        self._left = 0
        return "whole"

    def _trailer(self, sent: bytearray) -> Extent:
        if sent.startswith(_LINE_END, self.passed):
            self.passed += len(_LINE_END)
            return "whole"
        end = sent.find(b"\r\n\r\n", self.passed)
        if end >= 0:
            self.passed = end + 4
            return "whole"
        too_long = len(sent) - self.passed > self._longest_trailer
        return "broken" if too_long or _BARE_LINE_FEED.search(sent, self.passed) else "part"
