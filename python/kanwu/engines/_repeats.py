"""What repeats across documents, in steps for any engine: a batch of columns in, a table out.

The engine counts, groups and joins between them. Batches are PyArrow tables or record batches.
"""

from __future__ import annotations

from typing import Any, List, Sequence, Tuple, Union

import pyarrow as pa

from kanwu.repeats import Reader, compared, signatures

Batch = Union[pa.Table, pa.RecordBatch]

ALIKE = ["a", "b", "alike"]
PASSAGES = ["a", "b", "a_start", "a_end", "b_start", "b_end", "characters"]


def line_keys(batch: Batch) -> pa.Table:
    """Of ``source, text`` the keys of the lines: ``source, keys``."""
    keys = pa.record_batch(signatures(batch.column("text"))).column("lines")
    return pa.table([batch.column("source"), keys], ["source", "keys"])


def lines(batch: Batch, reader: Reader) -> pa.Table:
    """Of ``id, source, text`` the lines that recur: ``id, source, lines``."""
    found = pa.array(reader.lines(batch.column("text"), batch.column("source")))
    return pa.table([batch.column("id"), batch.column("source"), found], ["id", "source", "lines"])


def signed(batch: Batch, reader: Reader) -> pa.Table:
    """Of ``id, source, text`` the signatures with prints, beside ``id``."""
    made = signatures(
        batch.column("text"), sources=batch.column("source"), reader=reader, prints=True
    )
    columns = pa.record_batch(made).drop_columns(["lines"])
    return pa.table([batch.column("id"), *columns.columns], ["id", *columns.schema.names])


def pairs(batch: Batch) -> pa.Table:
    """Of ``ids``, lists of documents that met in a band, those that are compared: ``a, b``."""
    rows = [pair for ids in batch.column("ids").to_pylist() for pair in compared(ids)]
    return _table(rows, ["a", "b"], [pa.string(), pa.string()])


def alike(batch: Batch, reader: Reader) -> pa.Table:
    """Of pairs with their texts those that are copies: ``a, b, alike``."""
    found = pa.array(reader.alike(*_sides(batch)))
    return pa.table([batch.column("a"), batch.column("b"), found], ALIKE).drop_null()


def meetings(batch: Batch) -> pa.Table:
    """Of ``ids`` and ``places``, lists of documents with a print, who met: ``a, b, a_at, b_at``."""
    rows: List[Tuple[Any, ...]] = []
    columns = (batch.column("ids").to_pylist(), batch.column("places").to_pylist())
    for ids, places in zip(*columns):
        at = dict(zip(ids, places))
        rows.extend((a, b, at[a], at[b]) for a, b in compared(at))
    kinds = [pa.string(), pa.string(), pa.int32(), pa.int32()]
    return _table(rows, ["a", "b", "a_at", "b_at"], kinds)


def passages(batch: Batch, reader: Reader) -> pa.Table:
    """Of pairs with their texts and ``a_at, b_at``, lists of where they met, the passages."""
    met = zip(batch.column("a_at").to_pylist(), batch.column("b_at").to_pylist())
    found = pa.array(reader.passages(*_sides(batch), [list(zip(a, b)) for a, b in met]))
    row = found.value_parent_indices()
    names = [batch.column(name).take(row) for name in ("a", "b")]
    return pa.table(names + found.flatten().flatten(), PASSAGES)


def _sides(batch: Batch) -> Tuple[Tuple[Any, Any], Tuple[Any, Any]]:
    texts = (batch.column("a_text"), batch.column("b_text"))
    return texts, (batch.column("a_source"), batch.column("b_source"))


def _table(rows: Sequence[Tuple[Any, ...]], names: List[str], kinds: List[pa.DataType]) -> pa.Table:
    columns = list(zip(*rows)) or [()] * len(names)
    arrays = [pa.array(column, kind) for column, kind in zip(columns, kinds)]
    return pa.Table.from_arrays(arrays, names)
