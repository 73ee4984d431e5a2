"""How fast each engine is without kanwu, and with it.

    python throughput.py pages.parquet [engine …]

The file has columns `id` and `text`. Prints megabytes of text a second: what the engine does by
itself with the same columns, what it does with kanwu's step, and what kanwu does alone, on the same
number of processors.
"""

import os
import sys
import tempfile
import time

import pyarrow as pa
from pyarrow import compute, parquet

import kanwu

CORES = os.cpu_count() or 1


def timed(job):
    begin = time.perf_counter()
    job()
    return time.perf_counter() - begin


def polars(file):
    import polars as pl

    import kanwu.engines.polars  # noqa: F401

    frame = pl.scan_parquet(file)
    lengths = pl.col("text").map_batches(
        lambda texts: texts.str.len_bytes(), return_dtype=pl.UInt32
    )
    yield lambda: frame.select("id", lengths).collect()
    yield lambda: frame.select("id", pl.col("text").kanwu.counts()).collect()


def duckdb(file):
    import duckdb

    from kanwu.engines.duckdb import register

    connection = duckdb.connect()
    register(connection, threads=CORES)
    lengths = lambda texts: compute.binary_length(texts)  # noqa: E731
    connection.create_function("lengths", lengths, ["VARCHAR"], "INTEGER", type="arrow")
    yield lambda: connection.sql(f"select id, lengths(text) from '{file}'").fetchall()
    yield lambda: connection.sql(f"select id, kanwu(text) from '{file}'").fetchall()


def spark(file):
    from pyspark.sql import SparkSession

    from kanwu.engines.spark import check

    session = (
        SparkSession.builder.master(f"local[{CORES}]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.files.maxPartitionBytes", "2m")
        .getOrCreate()
    )
    frame = session.read.parquet(file).repartition(4 * CORES).persist()

    def identity(batches):
        for batch in batches:
            yield batch.select(["id"])

    frame.mapInArrow(identity, "id string").count()
    yield lambda: frame.mapInArrow(identity, "id string").count()
    yield lambda: check(frame).write.format("noop").mode("overwrite").save()
    session.stop()


def ray(file):
    import ray as engine

    from kanwu.engines.ray import check

    engine.init(num_cpus=CORES, include_dashboard=False, object_store_memory=500_000_000)
    table = parquet.read_table(file)
    data = engine.data.from_arrow(table).repartition(4 * CORES).materialize()
    identity = lambda batch: batch.select(["id"])  # noqa: E731
    data.map_batches(identity, batch_format="pyarrow").materialize()
    yield lambda: data.map_batches(identity, batch_format="pyarrow").materialize()
    yield lambda: check(data, keep=["id"], batch_size=None).materialize()
    engine.shutdown()


def datasets(file):
    import datasets as engine

    from kanwu.engines.datasets import check

    engine.disable_progress_bars()
    engine.disable_caching()
    data = engine.Dataset(parquet.read_table(file))

    def identity(batch):
        return pa.table({"bytes": compute.binary_length(batch["text"])})

    arrow = data.with_format("arrow")
    yield lambda: arrow.map(identity, batched=True, num_proc=CORES)
    yield lambda: check(data, num_proc=CORES)


def datatrove(file):
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import ParquetReader
    from datatrove.utils.logging import logger

    from kanwu.engines.datatrove import KanwuAnnotate

    logger.remove()
    folder, name = os.path.split(os.path.abspath(file))
    reader = ParquetReader(folder, glob_pattern=name)

    def run(*steps):
        with tempfile.TemporaryDirectory() as logs:
            LocalPipelineExecutor([reader, *steps], logging_dir=logs).run()

    yield lambda: run()
    yield lambda: run(KanwuAnnotate())


ENGINES = [polars, duckdb, spark, ray, datasets, datatrove]


def main():
    file, *names = sys.argv[1:]
    texts = parquet.read_table(file).column("text")
    size = sum(len(text.encode()) for text in texts.to_pylist()) / 1e6
    kanwu.check("先把模型读好。")
    one = size / timed(lambda: kanwu.check_batch(texts))
    all_cores = size / timed(lambda: kanwu.check_batch(texts, threads=CORES))
    print(f"{size:.1f} MB in {len(texts)} texts")
    print(f"kanwu alone: {one:.2f} MB/s on one thread, {all_cores:.2f} on {CORES}")
    print(f"{'engine':12}{'identity':>10}{'kanwu':>10}{'of kanwu alone':>16}")
    for engine in ENGINES:
        if names and engine.__name__ not in names:
            continue
        jobs = engine(file)
        identity = size / timed(next(jobs))
        checked = size / timed(next(jobs))
        next(jobs, None)
        # datatrove runs one task on one processor
        alone = one if engine is datatrove else all_cores
        print(
            f"{engine.__name__:12}{identity:>10.1f}{checked:>10.2f}{checked / alone:>16.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
