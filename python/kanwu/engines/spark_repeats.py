"""What repeats across the documents of a Spark frame, as ``kanwu audit`` finds it on one machine.

Spark counts and groups; kanwu reads the texts and judges what met. Planted phrases are not looked
for here.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterable, Iterator, List, NamedTuple, Optional, Tuple

import pyarrow as pa
from pyspark import StorageLevel
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from kanwu.linter import Path
from kanwu.repeats import Reader, compared, line_keys, needed, settle

Batches = Iterable[pa.RecordBatch]


class Repeats(NamedTuple):
    """What was found; the order of documents is that of their ids."""

    lines: List[Dict[str, Any]]
    """``source, text, documents, at_edge, of, masked``."""
    duplicates: DataFrame
    """``a string, b string, alike float, exact boolean``."""
    passages: DataFrame
    """``a, b string, a_start, a_end, b_start, b_end, characters int``: places in characters."""


def find(
    frame: DataFrame,
    *,
    id: str = "id",
    text: str = "text",
    source: str = "source",
    profile: Optional[Path] = None,
) -> Repeats:
    """Looks for lines of sources, copies and shared passages.

    :param profile: a file for what was learned of the sources, for ``kanwu.Linter(profile=…)``
    """
    documents = frame.select(
        F.col(id).cast("string").alias("id"),
        F.col(text).cast("string").alias("text"),
        F.col(source).cast("string").alias("source"),
    ).persist(StorageLevel.MEMORY_AND_DISK)
    counts = {row["source"]: row["count"] for row in documents.groupBy("source").count().collect()}
    reader = Reader(_recurring(documents, counts))
    lines = settle(_counted(documents, reader), counts, profile=profile)
    signed = _signed(documents, reader).persist(StorageLevel.MEMORY_AND_DISK)
    copies = _exact(signed)
    heads = signed.join(copies.select(F.col("b").alias("id")), "id", "left_anti")
    duplicates = copies.unionByName(_alike(heads, documents, reader))
    duplicates = duplicates.persist(StorageLevel.MEMORY_AND_DISK)
    passages = _passages(heads, duplicates, documents, reader)
    return Repeats(lines, duplicates, passages)


def _recurring(documents: DataFrame, counts: Dict[str, int]) -> List[Tuple[str, int]]:
    """Keys of lines that stand in many documents of a source."""

    def step(batches: Batches) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            keys = pa.array(line_keys(batch.column("text")))
            yield pa.RecordBatch.from_arrays([batch.column("source"), keys], ["source", "keys"])

    keys = documents.mapInArrow(step, "source string, keys array<bigint>")
    counted = keys.select("source", F.explode("keys").alias("key")).groupBy("source", "key").count()
    least = documents.sparkSession.createDataFrame(
        [(name, needed(count)) for name, count in counts.items()], "source string, least int"
    )
    often = counted.join(F.broadcast(least), "source").filter("count >= least")
    return [(row["source"], row["key"]) for row in often.select("source", "key").collect()]


def _counted(documents: DataFrame, reader: Reader) -> List[Tuple[Any, ...]]:
    """How often each recurring line stands in its source, and where."""

    def step(batches: Batches) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            lines = pa.array(reader.lines(batch.column("text"), batch.column("source")))
            kept = [batch.column("id"), batch.column("source"), lines]
            yield pa.RecordBatch.from_arrays(kept, ["id", "source", "lines"])

    schema = (
        "id string, source string, "
        "lines array<struct<key: bigint, is_label: boolean, label: bigint, at_edge: boolean, "
        "line: string>>"
    )
    lines = documents.mapInArrow(step, schema).select("id", "source", F.inline("lines"))
    return [
        tuple(row)
        for row in lines.groupBy("source", "key", "is_label")
        .agg(
            F.min_by(F.struct("label", "line"), "id").alias("first"),
            F.count("*").alias("documents"),
            F.sum(F.col("at_edge").cast("int")).alias("edge"),
            (F.count_distinct("line") > 1).alias("varies"),
        )
        .select(
            "source", "key", "is_label", "first.label", "documents", "edge", "varies", "first.line"
        )
        .collect()
    ]


def _signed(documents: DataFrame, reader: Reader) -> DataFrame:
    def step(batches: Batches) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            texts, sources = batch.column("text"), batch.column("source")
            signed = pa.record_batch(reader.signatures(texts, sources, prints=True))
            columns = [batch.column("id"), *signed.columns]
            yield pa.RecordBatch.from_arrays(columns, ["id", *signed.schema.names])

    return documents.mapInArrow(
        step,
        "id string, characters int, whole bigint, bands array<bigint>, "
        "prints array<bigint>, prints_at array<int>",
    )


def _exact(signed: DataFrame) -> DataFrame:
    """Documents that are the same to the letter, each with the first one."""
    same = signed.filter("whole != 0").groupBy("whole", "characters")
    groups = same.agg(F.sort_array(F.collect_list("id")).alias("ids")).filter(F.size("ids") > 1)
    pairs = groups.select(
        F.col("ids")[0].alias("a"), F.explode(F.expr("slice(ids, 2, size(ids))")).alias("b")
    )
    return pairs.select(
        "a", "b", F.lit(1.0).cast("float").alias("alike"), F.lit(True).alias("exact")
    )


def _alike(heads: DataFrame, documents: DataFrame, reader: Reader) -> DataFrame:
    """Documents that met in a band and are copies."""

    def meet(batches: Batches) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            pairs = [pair for ids in batch.column("ids").to_pylist() for pair in compared(ids)]
            yield _table(pairs, ["a", "b"], [pa.string(), pa.string()])

    def judge(batches: Batches) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            alike = pa.array(reader.alike(*_pairs(batch)))
            columns = [batch.column("a"), batch.column("b"), alike]
            yield pa.RecordBatch.from_arrays(columns, ["a", "b", "alike"])

    bands = heads.select("id", F.posexplode("bands").alias("band", "hash"))
    groups = bands.groupBy("band", "hash").agg(F.collect_list("id").alias("ids"))
    groups = groups.filter(F.size("ids") > 1).select("ids")
    pairs = groups.mapInArrow(meet, "a string, b string").distinct()
    judged = _with_texts(pairs, documents).mapInArrow(judge, "a string, b string, alike float")
    return judged.filter("alike is not null").select("a", "b", "alike", F.lit(False).alias("exact"))


def _passages(
    heads: DataFrame, duplicates: DataFrame, documents: DataFrame, reader: Reader
) -> DataFrame:
    """Passages of documents that share fingerprints and are no copies."""

    def meet(batches: Batches) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            rows = []
            for group in batch.column("places").to_pylist():
                at = {place["id"]: place["at"] for place in group}
                rows.extend((a, b, at[a], at[b]) for a, b in compared(at))
            kinds = [pa.string(), pa.string(), pa.int32(), pa.int32()]
            yield _table(rows, ["a", "b", "a_at", "b_at"], kinds)

    def judge(batches: Batches) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            meetings = [
                [(at["a_at"], at["b_at"]) for at in row]
                for row in batch.column("meetings").to_pylist()
            ]
            found = pa.array(reader.passages(*_pairs(batch), meetings))
            columns = [batch.column("a"), batch.column("b"), found]
            yield pa.RecordBatch.from_arrays(columns, ["a", "b", "found"])

    prints = heads.select("id", F.inline(F.arrays_zip("prints", "prints_at")))
    places = F.collect_list(F.struct("id", F.col("prints_at").alias("at"))).alias("places")
    groups = prints.groupBy("prints").agg(places).filter(F.size("places") > 1).select("places")
    met = groups.mapInArrow(meet, "a string, b string, a_at int, b_at int")
    met = met.join(duplicates.select("a", "b"), ["a", "b"], "left_anti")
    pairs = met.groupBy("a", "b").agg(F.collect_list(F.struct("a_at", "b_at")).alias("meetings"))
    schema = (
        "a string, b string, "
        "found array<struct<a_start: int, a_end: int, b_start: int, b_end: int, characters: int>>"
    )
    judged = _with_texts(pairs, documents).mapInArrow(judge, schema)
    return judged.select("a", "b", F.inline("found"))


def _with_texts(pairs: DataFrame, documents: DataFrame) -> DataFrame:
    """Pairs of ids, each with its text and source."""
    for side in ("a", "b"):
        texts = documents.select(
            F.col("id").alias(side),
            F.col("text").alias(f"{side}_text"),
            F.col("source").alias(f"{side}_source"),
        )
        pairs = pairs.join(texts, side)
    return pairs


def _pairs(batch: pa.RecordBatch) -> Tuple[Tuple[Any, Any], Tuple[Any, Any]]:
    column: Callable[[str], Any] = batch.column
    texts = (column("a_text"), column("b_text"))
    return texts, (column("a_source"), column("b_source"))


def _table(rows: List[Tuple[Any, ...]], names: List[str], kinds: List[Any]) -> pa.RecordBatch:
    columns = list(zip(*rows)) or [()] * len(names)
    arrays = [pa.array(column, kind) for column, kind in zip(columns, kinds)]
    return pa.RecordBatch.from_arrays(arrays, names)
