"""What is seen only across documents: lines of sites, copies, passages that stand in two documents.

:func:`survey` looks at texts at hand. Where they lie with an engine, :func:`line_keys` and
:class:`Reader` are the parts that the engine puts together; ``kanwu.engines.spark_repeats`` does.
"""

from __future__ import annotations

import json
from typing import Any, Dict, Iterable, Iterator, List, Optional, Sequence, Tuple

from kanwu import _kanwu
from kanwu.linter import Path, _path, _threads

_CROWD = 8
"""Documents that meet in one place before they are no longer compared each with each."""


def survey(
    texts: Any,
    *,
    ids: Sequence[str],
    sources: Optional[Sequence[str]] = None,
    threads: int = 0,
    profile: Optional[Path] = None,
) -> Dict[str, Any]:
    """What repeats in a column of texts: ``lines``, ``watermarks``, ``duplicates``, ``passages``.

    What is learned of the sources is written to the file ``profile``, for ``Linter(profile=…)``.

    >>> page = "人民日报社的记者昨天来到这座山村，看到家家户户门前都挂着红灯笼，孩子们在新修的广场上追逐。"
    >>> found = survey([page, "一切都好。", page], ids=["a", "b", "c"])
    >>> found["duplicates"][0]["files"], found["duplicates"][0]["exact"]
    (['a', 'c'], True)
    """
    told = _kanwu.survey(
        texts, list(ids), list(sources or [""] * len(ids)), _threads(threads), _path(profile)
    )
    found: Dict[str, Any] = json.loads(told)
    return found


def line_keys(texts: Any, *, threads: int = 1) -> _kanwu.Columns:
    """The keys of the lines of each text, each once: ``list<int64>``.

    The engine counts in how many documents of a source a key stands; those with at least
    :func:`needed` recur.
    """
    return _kanwu.line_keys(texts, _threads(threads))


def needed(documents: int) -> int:
    """In how many of so many documents of a source a line stands before it recurs.

    >>> needed(20_000)
    200
    """
    return _kanwu.needed(documents)


def signatures(texts: Any, *, prints: bool = False, threads: int = 1) -> _kanwu.Columns:
    """The signatures of texts that share no lines of a site; see :meth:`Reader.signatures`."""
    return Reader(()).signatures(texts, [""] * len(texts), prints=prints, threads=threads)


def compared(ids: Iterable[str]) -> Iterator[Tuple[str, str]]:
    """Which of the documents that meet in one place are compared: of a crowd only neighbours.

    >>> list(compared(["c", "a", "b"]))
    [('a', 'b'), ('a', 'c'), ('b', 'c')]
    """
    ordered = sorted(ids)
    reach = len(ordered) if len(ordered) <= _CROWD else 2
    for n, one in enumerate(ordered):
        for other in ordered[n + 1 : n + reach]:
            yield one, other


class Reader:
    """Reads texts without the lines that recur in their sources. It can be pickled.

    :param recurring: pairs of a source and the key of a line that recurs there
    """

    def __init__(self, recurring: Iterable[Tuple[str, int]]) -> None:
        self._recurring = list(recurring)
        self._reader = _kanwu.Reader(self._recurring)

    def __getstate__(self) -> List[Tuple[str, int]]:
        # a state that is empty would not be handed over
        return [("", 0), *self._recurring]

    def __setstate__(self, recurring: List[Tuple[str, int]]) -> None:
        self.__init__(recurring[1:])  # type: ignore[misc]

    def signatures(
        self, texts: Any, sources: Any, *, prints: bool = False, threads: int = 1
    ) -> _kanwu.Columns:
        """``characters int32, whole int64, bands list<int64>``, and fingerprints if wanted.

        Documents with the same ``whole`` and ``characters`` are copies to the letter (0: too short
        to be compared); two that have the same hash in the same place of ``bands`` may be alike.
        ``prints list<int64>, prints_at list<int32>`` are fingerprints and the bytes at which they
        stand: two documents share one wherever 31 characters are the same.
        """
        return self._reader.sign(texts, sources, prints, _threads(threads))

    def lines(self, texts: Any, sources: Any, *, threads: int = 1) -> _kanwu.Columns:
        """The recurring lines: ``list<struct<key, is_label, label, at_edge, line>>``."""
        return self._reader.lines(texts, sources, _threads(threads))

    def alike(
        self, texts: Tuple[Any, Any], sources: Tuple[Any, Any], *, threads: int = 1
    ) -> _kanwu.Columns:
        """How alike the texts of each pair are, from 0 to 1; null where they are no copies."""
        return self._reader.alike(texts, sources, _threads(threads))

    def passages(
        self,
        texts: Tuple[Any, Any],
        sources: Tuple[Any, Any],
        meetings: Sequence[Sequence[Tuple[int, int]]],
        *,
        threads: int = 1,
    ) -> _kanwu.Columns:
        """The passages of each pair: ``list<struct<a_start, a_end, b_start, b_end, characters>>``.

        ``meetings`` are, for each pair, the bytes at which the two have a fingerprint in common.
        """
        return self._reader.passages(texts, sources, meetings, _threads(threads))


def settle(
    counted: Iterable[Tuple[Any, ...]],
    documents: Dict[str, int],
    *,
    profile: Optional[Path] = None,
) -> List[Dict[str, Any]]:
    """The lines of the sources, of what the engine counted of :meth:`Reader.lines`.

    ``counted`` has source, key, is_label, label, documents, documents at the edge, whether the line
    varies, and the line as in the first document. The profile is for ``Linter(profile=…)``.
    """
    rows = _kanwu.settle(list(counted), sorted(documents.items()), _path(profile))
    names = ("source", "text", "documents", "at_edge", "of", "masked")
    return [dict(zip(names, row)) for row in rows]
