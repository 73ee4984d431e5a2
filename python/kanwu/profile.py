"""What was learned of sources, by which a linter knows the lines of their pages."""

from __future__ import annotations

import json
import os
from typing import Any, Dict, Iterable, List, Mapping, Union

from kanwu import _kanwu

_LINE = ("source", "text", "documents", "at_edge", "of")
_WATERMARK = ("text", "documents", "times")


class Profile:
    """The lines that sources set on their pages, and the phrases planted in them.

    :param lines: ``source, text, documents, at_edge, of, masked``: ``#`` in a text stands for
        digits, ``*`` at its end for whatever follows a label; lines that are not ``masked`` belong
        to the text
    :param watermarks: ``text, documents, times``

    Both come of :func:`kanwu.learn`, or of :func:`kanwu.survey`:

    >>> import kanwu
    >>> found = kanwu.survey(["一切都好。"], ids=["a"])
    >>> kanwu.Profile(found["lines"], found["watermarks"])
    Profile(0 lines, 0 watermarks)
    """

    def __init__(
        self, lines: Iterable[Mapping[str, Any]] = (), watermarks: Iterable[Mapping[str, Any]] = ()
    ) -> None:
        self._lines = [
            {**{name: line[name] for name in _LINE}, "masked": line.get("masked", True)}
            for line in lines
        ]
        self._watermarks = [{name: one[name] for name in _WATERMARK} for one in watermarks]

    @property
    def lines(self) -> List[Dict[str, Any]]:
        """The lines, the most frequent first."""
        return [dict(line) for line in self._lines]

    @property
    def watermarks(self) -> List[Dict[str, Any]]:
        """The planted phrases, the most frequent first."""
        return [dict(one) for one in self._watermarks]

    @classmethod
    def load(cls, path: Union[str, "os.PathLike[str]"]) -> "Profile":
        """Reads what :meth:`save` or ``kanwu audit --profile`` wrote."""
        return cls._of(_kanwu.read_profile(os.fspath(path)))

    def save(self, path: Union[str, "os.PathLike[str]"]) -> None:
        """Writes the masked lines and the phrases: a small file for people to read and correct."""
        _kanwu.write_profile(self._told(), os.fspath(path))

    def merge(self, other: "Profile") -> "Profile":
        """This and what was learned elsewhere: counts are added, in whatever order.

        Only masked lines are kept, as in a file.

        >>> counts = {"documents": 9, "at_edge": 9, "of": 9}
        >>> one = Profile([{"source": "s", "text": "版权所有", **counts}])
        >>> one.merge(one).lines[0]["documents"]
        18
        """
        return self._of(_kanwu.merge_profiles(self._told(), other._told()))

    @classmethod
    def _of(cls, told: str) -> "Profile":
        learned = json.loads(told)
        return cls(learned.get("line", ()), learned.get("watermark", ()))

    def _told(self) -> str:
        """As the linter reads it."""
        learned = json.loads(_kanwu.empty_profile())
        masked = (line for line in self._lines if line["masked"])
        learned["line"] = [{name: line[name] for name in _LINE} for line in masked]
        learned["watermark"] = self._watermarks
        return json.dumps(learned, ensure_ascii=False)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Profile):
            return NotImplemented
        return (self._lines, self._watermarks) == (other._lines, other._watermarks)

    def __repr__(self) -> str:
        return f"Profile({len(self._lines)} lines, {len(self._watermarks)} watermarks)"
