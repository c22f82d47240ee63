"""Opens the tables and views of a Dormouse lake by name, in one line.

>>> from dormouse_lake import Lake
>>> Lake().table("insights")
>>> Lake().view("what_worked")
>>> Lake().sql("SELECT status, count(*) FROM runs GROUP BY status")
"""

from __future__ import annotations

import functools
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import polars.selectors as cs

if TYPE_CHECKING:
    import duckdb
    from pyspark.sql import SparkSession

FOLDER = Path(__file__).resolve().parent


@functools.cache
def _views() -> dict[str, str]:
    """The lake's views by name, in the SQL of Spark; generated from the Java that defines them."""
    return json.loads((FOLDER / "views.json").read_text(encoding="utf-8"))


class Lake:
    """A lake on disk; `DORMOUSE_LAKE` names it unless an argument does."""

    def __init__(self, root: str | Path | None = None):
        self.root = Path(root or os.environ.get("DORMOUSE_LAKE", ".dormouse/demo/lake"))
        if not self.root.is_dir():
            raise FileNotFoundError(f"There is no lake at {self.root}; run './dormouse demo' or set DORMOUSE_LAKE")

    def names(self) -> list[str]:
        """The names of all tables."""
        return sorted(path.parent.name for path in self.root.glob("*/_delta_log"))

    def views(self) -> list[str]:
        """The names of all views; each can be had like a table."""
        return list(_views())

    def table(self, name: str, columns: list[str] | None = None) -> pl.DataFrame:
        """A whole table as a polars frame, or some of its columns."""
        scan = self.scan(name)
        return (scan if columns is None else scan.select(columns)).collect()

    def scan(self, name: str) -> pl.LazyFrame:
        """A table as a lazy polars frame, for large ones."""
        return pl.scan_delta(str(self.root / name))

    def head(self, name: str, rows: int = 10) -> pl.DataFrame:
        """The first rows of a table, however large it is."""
        return self.scan(name).head(rows).collect()

    def view(self, name: str) -> pl.DataFrame:
        """A view as a polars frame."""
        if name not in _views():
            raise KeyError(f"There is no view {name}; there are {', '.join(_views())}")
        return self.sql(f'SELECT * FROM "{name}"')

    def sql(self, query: str) -> pl.DataFrame:
        """The answer to a question in DuckDB's SQL, which may name every table and view."""
        frame = self._answer(query).pl()
        # Sums of whole numbers, which charts cannot show as they are.
        return frame.with_columns(cs.by_dtype(pl.Int128).cast(pl.Int64), cs.decimal().cast(pl.Float64))

    def _answer(self, query: str) -> duckdb.DuckDBPyConnection:
        connection = _duckdb()
        for name in self._needed(query):
            if name in _views():
                connection.execute(f'CREATE OR REPLACE VIEW "{name}" AS {_in_duckdb(_views()[name])}')
            else:
                connection.register(name, _dataset(self.root / name))
        return connection.execute(query)

    def _needed(self, query: str) -> list[str]:
        """Tables and views that a query names, those that views rest on first; the others are not opened."""
        tables = set(self.names())
        needed: list[str] = []

        def visit(text: str) -> None:
            words = set(re.findall(r"\w+", text))
            for name in [*tables, *_views()]:
                if name in words and name not in needed:
                    if name in _views():
                        visit(re.sub(rf"\b{name}\b", "", _views()[name]))
                    needed.append(name)

        visit(query)
        return needed

    def comments(self, name: str) -> dict[str, str]:
        """What each column means."""
        from deltalake import DeltaTable

        fields = DeltaTable(str(self.root / name)).schema().fields
        return {field.name: field.metadata.get("comment", "") for field in fields}

    def insights(self) -> pl.DataFrame:
        """The insights of the newest mining, most useful first."""
        all_minings = self.table("insights")
        return all_minings.filter(pl.col("mined_at") == pl.col("mined_at").max()).sort("rank")

    def spark(self, *names: str) -> SparkSession:
        """A local Spark that knows these tables and views by name (all, if none is named); takes some seconds to start."""
        session = _spark()
        for name in self._needed(" ".join(names or [*self.names(), *_views()])):
            if name in _views():
                session.sql(_views()[name]).createOrReplaceTempView(name)
            else:
                session.read.format("delta").load(str(self.root / name)).createOrReplaceTempView(name)
        return session


def asking(deployment: str | Path) -> SparkSession:
    """A Spark whose SQL has `llm_generate(prompt, schema)`: a struct of status, reply, tokens and cost in dollars.

    `deployment` is the properties file that names the model; its lake keeps the books. Filters, further actions and
    tasks that run again ask nothing twice.
    """
    from py4j.protocol import Py4JJavaError

    session = _spark()
    try:
        session._jvm.dev.dormouse.wiring.SqlFunctions.register(session._jsparkSession, str(Path(deployment).resolve()))
    except Py4JJavaError as error:
        if error.java_exception.getClass().getSimpleName() != "BadInputException":
            raise
        raise ValueError(error.java_exception.getMessage()) from None
    return session


def _dataset(path: Path):
    """A table for DuckDB, which reads only the columns and rows that a query needs."""
    from deltalake import DeltaTable

    return DeltaTable(str(path)).to_pyarrow_dataset()


@functools.cache
def _duckdb() -> duckdb.DuckDBPyConnection:
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    # Known to Spark, not to DuckDB.
    connection.execute("CREATE MACRO substring_index(text, mark, n) AS array_to_string(string_split(text, mark)[1:n], mark)")
    return connection


@functools.cache
def _in_duckdb(definition: str) -> str:
    import sqlglot
    from sqlglot import exp

    tree = sqlglot.parse_one(definition, read="spark")
    for select in tree.find_all(exp.Select):
        columns = []
        for column in select.expressions:
            if isinstance(column, exp.Aliases) and isinstance(column.this, exp.Explode):
                # The rows of a map: DuckDB unnests its keys and its values side by side.
                name, value = (alias.name for alias in column.expressions)
                entries = column.this.this.sql(dialect="duckdb")
                columns.append(f"unnest(map_keys({entries})) AS {name}")
                columns.append(f"unnest(map_values({entries})) AS {value}")
            else:
                columns.append(column)
        select.set("expressions", [sqlglot.maybe_parse(column, dialect="duckdb") for column in columns])
    return tree.sql(dialect="duckdb")


def _jars() -> list[Path]:
    """Our jars and what they need, but for what PySpark brings itself."""
    import pyspark

    def artifact(jar: Path) -> str:
        return re.sub(r"-\d.*", "", jar.name)

    theirs = {artifact(jar) for jar in (Path(pyspark.__file__).parent / "jars").glob("*.jar")}
    folder = Path(os.environ.get("DORMOUSE_JARS", FOLDER.parent / "jobs/core/target/dist/lib"))
    ours = sorted(jar for jar in folder.glob("*.jar") if artifact(jar) not in theirs)
    if not ours:
        raise FileNotFoundError(f"There are no jars in {folder}; any command of ./dormouse builds them")
    return ours


@functools.cache
def _spark() -> SparkSession:
    from pyspark.sql import SparkSession

    return (
        SparkSession.builder.master("local[2]")
        .config("spark.driver.extraClassPath", os.pathsep.join(map(str, _jars())))
        .config("spark.ui.enabled", "false")
        # Small questions: what counts is the start.
        .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.log.level", "ERROR")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
        .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
        .config("spark.databricks.delta.snapshotPartitions", "2")
        .getOrCreate()
    )
