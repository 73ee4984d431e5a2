"""``kanwu audit`` over Parquet files: a row is a document."""

from __future__ import annotations

import argparse
from typing import Any, Iterator, List, Optional, Tuple

ROWS = 4096
"""Rows that are read at a time."""


def concerns(arguments: List[str]) -> bool:
    """Whether arguments are an audit of Parquet files."""
    return arguments[:1] == ["audit"] and any(_is_parquet(argument) for argument in arguments[1:])


def _is_parquet(argument: str) -> bool:
    return not argument.startswith("-") and argument.endswith((".parquet", ".parq"))


def documents(arguments: List[str]) -> Tuple[List[str], List[Tuple[str, str]]]:
    """The arguments for the program, and the documents, each with its name.

    A document is called ``SOURCE/ID``: the file and the number of the row, from 1, where no columns
    are named for them.
    """
    parser = argparse.ArgumentParser(prog="kanwu audit", add_help=False, allow_abbrev=False)
    parser.add_argument("--text-column", default="text")
    parser.add_argument("--id-column")
    parser.add_argument("--source-column")
    options, rest = parser.parse_known_args(arguments[1:])
    files = [argument for argument in rest if _is_parquet(argument)]
    others = [argument for argument in rest if not _is_parquet(argument)]
    given = []
    for file in files:
        columns = (options.text_column, options.id_column, options.source_column)
        for number, (text, id, source) in enumerate(_rows(file, columns), 1):
            if text is not None:
                name = f"{number:09}" if id is None else id
                given.append((f"{file if source is None else source}/{name}", text))
    if not any(argument == "--as" or argument.startswith("--as=") for argument in others):
        others += ["--as", "plain"]
    return ["audit", *others], given


def _rows(
    file: str, columns: Tuple[str, Optional[str], Optional[str]]
) -> Iterator[Tuple[Any, ...]]:
    """The rows of a file: text, id, source."""
    named = [name for name in columns if name is not None]
    for batch in _batches(file, named):
        texts = [None if name is None else batch[name] for name in columns]
        for row in range(len(batch[named[0]])):
            yield tuple(
                None if column is None or column[row] is None else str(column[row])
                for column in texts
            )


def _batches(file: str, columns: List[str]) -> Iterator[Any]:
    """Batches of columns, by the library that is at hand."""
    try:
        from pyarrow import parquet
    except ImportError:
        yield from _by_polars(file, columns)
        return
    for batch in parquet.ParquetFile(file).iter_batches(ROWS, columns=columns):
        yield batch.to_pydict()


def _by_polars(file: str, columns: List[str]) -> Iterator[Any]:
    try:
        import polars
    except ImportError:
        raise SystemExit(
            "kanwu: Parquet files are read by pyarrow or polars: install one"
        ) from None
    frame = polars.scan_parquet(file).select(columns).collect()
    for part in frame.iter_slices(ROWS):
        yield part.to_dict(as_series=False)
