"""What is seen only across documents: lines of sites, copies, passages that stand in two documents.

:func:`survey` looks for all of it in texts at hand. :func:`signatures`, :func:`learn`, :func:`link`
and :func:`passages` are its steps. Where the documents lie with an engine, the engine counts and
groups instead, and a :class:`Reader` judges what met: ``kanwu.engines.spark_repeats`` and
``kanwu.engines.ray_repeats`` do.
"""

from __future__ import annotations

import json
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Optional, Sequence, Tuple, Union

from kanwu import _kanwu
from kanwu.linter import _threads
from kanwu.profile import Profile

_CROWD = 8
"""Documents that meet in one place before they are no longer compared each with each."""

_COUNTED = ("source", "key", "is_label", "label", "documents", "at_edge", "varies", "line")
_LEARNED = ("source", "text", "documents", "at_edge", "of", "masked")


class Reader:
    """Reads texts without the lines that recur in their sources. It can be pickled.

    :param recurring: pairs of a source and the key of a line that recurs there
    """

    def __init__(self, recurring: Iterable[Tuple[str, int]] = ()) -> None:
        self._recurring = list(recurring)
        self._reader = _kanwu.Reader(self._recurring)

    def __getstate__(self) -> List[Tuple[str, int]]:
        # a state that is empty would not be handed over
        return [("", 0), *self._recurring]

    def __setstate__(self, recurring: List[Tuple[str, int]]) -> None:
        self.__init__(recurring[1:])  # type: ignore[misc]

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


def signatures(
    texts: Any,
    *,
    sources: Any = None,
    reader: Optional[Reader] = None,
    prints: bool = False,
    threads: int = 1,
) -> _kanwu.Columns:
    """What is compared of texts: ``characters int32, whole int64, bands, lines list<int64>``.

    - ``whole``: documents with the same whole and as many ``characters`` are copies to the letter;
      0 where a text is too short to be compared
    - ``bands``: two documents that have the same hash in the same place may be alike
    - ``lines``: the keys of the paragraphs, each once, numbers apart. A line recurs that stands in
      at least :func:`needed` documents of a source.
    - with ``prints``, ``prints list<int64>, prints_at list<int32>``: fingerprints, and the bytes at
      which they stand; two documents share one wherever 31 characters are the same

    ``reader`` knows what recurs in the sources, which is left out of all but ``lines``.

    >>> signatures(["一切都好。"], prints=True)
    <kanwu.Columns: 1 rows, characters, whole, bands, lines, prints, prints_at>
    """
    if sources is None:
        sources = [""] * len(texts)
    known = (reader or Reader())._reader
    return known.sign(texts, sources, prints, _threads(threads))


def needed(documents: int) -> int:
    """In how many of so many documents of a source a line stands before it recurs.

    >>> needed(20_000)
    200
    """
    return _kanwu.needed(documents)


def learn(
    counted: Iterable[Union[Tuple[Any, ...], Mapping[str, Any]]], documents: Mapping[str, int]
) -> Profile:
    """The lines that sources set on their pages, of what was counted of :meth:`Reader.lines`.

    :param counted: a row for each source, key and is_label: ``source, key, is_label, label,
        documents, at_edge`` (the documents that have it at the edge), ``varies`` (whether the line
        is not the same everywhere), ``line`` (as in the first document); tuples or mappings
    :param documents: how many documents each source has

    >>> counted = [("site", 7, False, None, 40, 40, False, "版权所有")]
    >>> profile = learn(counted, {"site": 40})
    >>> profile.lines[0]["text"], profile.lines[0]["masked"]
    ('版权所有', True)
    """
    rows = [
        tuple(row[name] for name in _COUNTED) if isinstance(row, Mapping) else tuple(row)
        for row in counted
    ]
    lines = _kanwu.learn(rows, sorted(documents.items()))
    return Profile(dict(zip(_LEARNED, line)) for line in lines)


def link(
    ids: Any,
    texts: Any,
    signatures: Any,
    *,
    sources: Any = None,
    reader: Optional[Reader] = None,
    threads: int = 0,
) -> _kanwu.Columns:
    """The documents that are copies of others: ``a, b string, alike float, exact boolean``.

    ``a`` stands before ``b``. ``signatures`` are the columns of :func:`signatures`, with the same
    sources and reader, as they were made or as they come back out of an engine.

    >>> page = "记者来到这座山村，家家户户门前都挂着灯笼，孩子们在广场上"
    >>> page += "追逐，老人坐在树下拉着家常，村口的水渠里漂着桃花。"
    >>> texts = [page, "一切都好。", page]
    >>> link(["a", "b", "c"], texts, signatures(texts))
    <kanwu.Columns: 1 rows, a, b, alike, exact>
    """
    known = (reader or Reader())._reader
    return _kanwu.link(ids, texts, signatures, sources, known, _threads(threads))


def passages(
    ids: Any,
    texts: Any,
    signatures: Any,
    links: Any,
    *,
    sources: Any = None,
    reader: Optional[Reader] = None,
    threads: int = 0,
) -> _kanwu.Columns:
    """The passages of two documents that are not linked.

    ``a, b string, a_start, a_end, b_start, b_end, characters int32``: places in characters.
    ``signatures`` have prints, ``links`` are those of :func:`link`.

    >>> shared = "孩子们在新修的广场上追逐，老人坐在树下拉着家常，"
    >>> shared += "村口的水渠里漂着几片刚落下来的桃花，水声很轻。"
    >>> one = "春天到了，山里还有些冷，去年栽下的果树发了芽，合作社的人"
    >>> one += "正在商量怎样把水引上坡地。"
    >>> other = "记者走进邻村时天色已晚，灯一盏接一盏地亮了起来，照着赶集"
    >>> other += "回来的人和他们身后的牛车。"
    >>> texts = [one + shared, other + shared]
    >>> signed = signatures(texts, prints=True)
    >>> links = link(["a", "b"], texts, signed)
    >>> len(links), len(passages(["a", "b"], texts, signed, links))
    (0, 1)
    """
    known = (reader or Reader())._reader
    return _kanwu.passages(ids, texts, signatures, links, sources, known, _threads(threads))


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


def survey(
    texts: Any,
    *,
    ids: Sequence[str],
    sources: Optional[Sequence[str]] = None,
    threads: int = 0,
) -> Dict[str, Any]:
    """All that repeats: ``lines, watermarks, duplicates, passages, confusions``, as lists of dicts.

    >>> page = "记者来到这座山村，家家户户门前都挂着灯笼，孩子们在广场上"
    >>> page += "追逐，老人坐在树下拉着家常，村口的水渠里漂着桃花。"
    >>> found = survey([page, "一切都好。", page], ids=["a", "b", "c"])
    >>> found["duplicates"][0]["files"], found["duplicates"][0]["exact"]
    (['a', 'c'], True)
    """
    told = _kanwu.survey(texts, list(ids), list(sources or [""] * len(ids)), _threads(threads))
    found: Dict[str, Any] = json.loads(told)
    return found
