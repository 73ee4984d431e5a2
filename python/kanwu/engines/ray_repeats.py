"""What repeats across the documents of a Ray dataset, as ``kanwu audit`` finds it on one machine.

Ray brings together what belongs together, and joins; kanwu reads the texts and judges what met.
Planted phrases and words written wrong again and again are not looked for here.
"""

from __future__ import annotations

import zlib
from collections import Counter
from functools import partial
from typing import Any, Callable, Dict, List, NamedTuple, Sequence, Tuple

import pyarrow as pa
from pyarrow import compute

from kanwu.engines import _repeats
from kanwu.profile import Profile
from kanwu.repeats import Reader, learn, needed

Step = Callable[[pa.Table], pa.Table]


class Repeats(NamedTuple):
    """What was found; the order of documents is that of their ids."""

    profile: Profile
    """The lines of sources."""
    duplicates: Any
    """A dataset: ``a string, b string, alike float, exact boolean``."""
    passages: Any
    """A dataset: ``a, b string, a_start, a_end, b_start, b_end, characters int``: characters."""


def find(
    dataset: Any, *, id: str = "id", text: str = "text", source: str = "source", parts: int = 16
) -> Repeats:
    """Looks for lines of sources, copies and shared passages.

    :param parts: in how many parts what is grouped is cut; each has to fit into a worker
    """
    documents = _mapped(dataset, partial(_named, names=(id, text, source))).materialize()
    counts = _count(documents)
    reader = _reader(documents, counts, parts)
    profile = learn(_counted(documents, reader, parts), counts)
    signed = _grouped(_mapped(documents, partial(_signed, reader=reader)), _first, "whole", parts)
    signed = signed.materialize()
    heads = _mapped(signed, _heads)
    alike = _with_texts(_pairs(heads, parts), documents, partial(_alike, reader=reader), parts)
    duplicates = _mapped(signed, _copies).union(alike).materialize()
    met = _meetings(heads, duplicates, parts)
    judge = partial(_repeats.passages, reader=reader)
    return Repeats(profile, duplicates, _with_texts(met, documents, judge, parts))


def _mapped(dataset: Any, step: Step) -> Any:
    return dataset.map_batches(step, batch_format="pyarrow", batch_size=None, zero_copy_batch=True)


def _grouped(dataset: Any, step: Step, key: str, parts: int) -> Any:
    """Cuts a dataset into parts by a key, so that what has the same one meets in a step.

    Ray calls a step once for each group, which is too often for groups of a few rows.
    """
    cut = _mapped(dataset, partial(_cut, key=key, parts=parts)).materialize()
    if cut.count() == 0:
        # a dataset without rows has no columns to group by
        return cut
    groups = cut.groupby("part", num_partitions=parts)
    return groups.map_groups(partial(_without_part, step=step), batch_format="pyarrow")


def _cut(table: pa.Table, key: str, parts: int) -> pa.Table:
    keys = table.column(key).to_pylist()
    if keys and isinstance(keys[0], str):
        keys = [zlib.crc32(key.encode()) for key in keys]
    return table.append_column("part", pa.array([key % parts for key in keys], pa.int64()))


def _without_part(table: pa.Table, step: Step) -> pa.Table:
    return step(table.drop_columns(["part"]).combine_chunks())


def _lists(table: pa.Table, keys: Sequence[str], listed: Dict[str, str]) -> pa.Table:
    """The groups of more than one row: of each column in ``listed`` a list under its new name."""
    wanted = [(name, "list") for name in listed]
    groups = table.group_by(list(keys), use_threads=False).aggregate(wanted)
    groups = groups.select([f"{name}_list" for name in listed])
    groups = groups.rename_columns(list(listed.values()))
    return groups.filter(compute.greater(compute.list_value_length(groups.column(0)), 1))


def _exploded(table: pa.Table, lists: str, kept: Sequence[str]) -> Tuple[List[Any], pa.Array]:
    """The kept columns beside each item of the lists, and the items."""
    column = table.column(lists).combine_chunks()
    row = column.value_parent_indices()
    return [table.column(name).take(row) for name in kept], column.flatten()


def _named(batch: pa.Table, names: Sequence[str]) -> pa.Table:
    columns = [batch.column(name).cast(pa.string()) for name in names]
    return pa.table(columns, ["id", "text", "source"])


def _count(documents: Any) -> Dict[str, int]:
    """How many documents each source has."""
    counts: Counter[str] = Counter()
    for row in _mapped(documents, _count_batch).iter_rows():
        counts[row["source"]] += row["documents"]
    return dict(counts)


def _count_batch(batch: pa.Table) -> pa.Table:
    counted = batch.group_by("source").aggregate([("source", "count")])
    return counted.select(["source", "source_count"]).rename_columns(["source", "documents"])


def _reader(documents: Any, counts: Dict[str, int], parts: int) -> Reader:
    """Knows the lines that stand in many documents of a source."""
    least = {source: needed(count) for source, count in counts.items()}
    keys = _mapped(documents, _keys)
    often = _grouped(keys, partial(_often, least=least), "key", parts)
    return Reader((row["source"], row["key"]) for row in often.iter_rows())


def _keys(batch: pa.Table) -> pa.Table:
    [sources], keys = _exploded(_repeats.line_keys(batch), "keys", ["source"])
    return _summed(pa.table([sources, keys, [1] * len(keys)], ["source", "key", "documents"]))


def _summed(table: pa.Table) -> pa.Table:
    summed = table.group_by(["source", "key"]).aggregate([("documents", "sum")])
    return summed.select(["source", "key", "documents_sum"]).rename_columns(table.schema.names)


def _often(table: pa.Table, least: Dict[str, int]) -> pa.Table:
    summed = _summed(table)
    needed = pa.array([least[source] for source in summed.column("source").to_pylist()], pa.int64())
    return summed.filter(compute.greater_equal(summed.column("documents"), needed))


def _counted(documents: Any, reader: Reader, parts: int) -> List[Dict[str, Any]]:
    """How often each recurring line stands in its source, and where."""
    lines = _mapped(documents, partial(_lines, reader=reader))
    return list(_grouped(lines, _count_lines, "key", parts).iter_rows())


def _lines(batch: pa.Table, reader: Reader) -> pa.Table:
    found = _repeats.lines(batch, reader)
    kept, lines = _exploded(found, "lines", ["id", "source"])
    names = ["id", "source", *(field.name for field in lines.type)]
    return pa.table([*kept, *lines.flatten()], names)


def _count_lines(table: pa.Table) -> pa.Table:
    first = compute.ScalarAggregateOptions(skip_nulls=False)
    keys = ["source", "key", "is_label"]
    groups = table.sort_by("id").group_by(keys, use_threads=False)
    counted = groups.aggregate(
        [
            ("label", "first", first),
            ("id", "count"),
            ("at_edge", "sum"),
            ("line", "count_distinct"),
            ("line", "first", first),
        ]
    )
    varies = compute.greater(counted.column("line_count_distinct"), 1)
    columns = ["label_first", "id_count", "at_edge_sum", "line_first"]
    label, documents, at_edge, line = (counted.column(name) for name in columns)
    return pa.table(
        [*(counted.column(key) for key in keys), label, documents, at_edge, varies, line],
        [*keys, "label", "documents", "at_edge", "varies", "line"],
    )


def _signed(batch: pa.Table, reader: Reader) -> pa.Table:
    return _repeats.signed(batch, reader)


def _first(table: pa.Table) -> pa.Table:
    """Beside each document the first that is the same to the letter: itself where there is none."""
    firsts: Dict[Any, str] = {}
    keys = list(zip(*(table.column(name).to_pylist() for name in ("whole", "characters", "id"))))
    for whole, characters, id in sorted(keys, key=lambda key: key[2]):
        firsts.setdefault((whole, characters) if whole else id, id)
    first = [firsts[(whole, characters) if whole else id] for whole, characters, id in keys]
    return table.append_column("first", pa.array(first, pa.string()))


def _heads(table: pa.Table) -> pa.Table:
    return table.filter(compute.equal(table.column("id"), table.column("first")))


def _copies(table: pa.Table) -> pa.Table:
    copies = table.filter(compute.not_equal(table.column("id"), table.column("first")))
    return _linked(copies.column("first"), copies.column("id"), [1.0] * len(copies), True)


def _linked(a: Any, b: Any, alike: Any, exact: bool) -> pa.Table:
    columns = [a, b, alike, [exact] * len(a)]
    kinds = [pa.string(), pa.string(), pa.float32(), pa.bool_()]
    schema = pa.schema(list(zip([*_repeats.ALIKE, "exact"], kinds)))
    return pa.table(columns, schema.names).cast(schema)


def _pairs(heads: Any, parts: int) -> Any:
    """Documents that met in a band, each pair once."""
    met = _grouped(_mapped(heads, _bands), _met_in_bands, "hash", parts)
    return _grouped(met, _distinct, "a", parts)


def _bands(table: pa.Table) -> pa.Table:
    [ids], hashes = _exploded(table, "bands", ["id"])
    lengths = compute.list_value_length(table.column("bands")).to_pylist()
    band = [band for length in lengths for band in range(length)]
    return pa.table([ids, pa.array(band, pa.int32()), hashes], ["id", "band", "hash"])


def _met_in_bands(table: pa.Table) -> pa.Table:
    return _repeats.pairs(_lists(table, ["band", "hash"], {"id": "ids"}))


def _distinct(table: pa.Table) -> pa.Table:
    return table.group_by(["a", "b"]).aggregate([])


def _alike(batch: pa.Table, reader: Reader) -> pa.Table:
    found = _repeats.alike(batch, reader)
    a, b, alike = found.columns
    return _linked(a, b, alike, False)


def _meetings(heads: Any, duplicates: Any, parts: int) -> Any:
    """Where documents that are no copies share fingerprints, a row for each pair."""
    met = _grouped(_mapped(heads, _prints), _met_in_prints, "print", parts)
    linked = _mapped(duplicates, _nowhere)
    return _grouped(met.union(linked), _by_pair, "a", parts)


def _prints(table: pa.Table) -> pa.Table:
    [ids], prints = _exploded(table, "prints", ["id"])
    return pa.table([ids, prints, _exploded(table, "prints_at", [])[1]], ["id", "print", "at"])


def _met_in_prints(table: pa.Table) -> pa.Table:
    return _repeats.meetings(_lists(table, ["print"], {"id": "ids", "at": "places"}))


def _nowhere(links: pa.Table) -> pa.Table:
    """Pairs that are linked, among those that met."""
    at = pa.array([-1] * len(links), pa.int32())
    return pa.table([links.column("a"), links.column("b"), at, at], ["a", "b", "a_at", "b_at"])


def _by_pair(table: pa.Table) -> pa.Table:
    groups = table.group_by(["a", "b"], use_threads=False).aggregate(
        [("a_at", "list"), ("b_at", "list"), ("a_at", "min")]
    )
    groups = groups.filter(compute.greater_equal(groups.column("a_at_min"), 0))
    groups = groups.select(["a", "b", "a_at_list", "b_at_list"])
    return groups.rename_columns(["a", "b", "a_at", "b_at"])


def _with_texts(pairs: Any, documents: Any, judge: Step, parts: int) -> Any:
    """Judges pairs of ids, each with its text and source."""
    pairs = pairs.materialize()
    if pairs.count() == 0:
        return pairs
    for side in ("a", "b"):
        names = {"id": side, "text": f"{side}_text", "source": f"{side}_source"}
        texts = documents.rename_columns(names)
        pairs = pairs.join(texts, "inner", parts, on=(side,))
    return _mapped(pairs, judge)
