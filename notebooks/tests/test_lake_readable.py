"""Every published table of the lake opens in polars and in PySpark, with a comment on every column."""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dormouse_lake import Lake

TABLES = [
    "control_events",
    "diagnoses",
    "hypotheses",
    "inbox",
    "insight_evidence",
    "insights",
    "llm_calls",
    "papers",
    "plan_forecasts",
    "plans",
    "run_metrics",
    "runs",
    "runs_quarantine",
    "study_facts",
    "techniques",
    "tick_runs",
    "touches",
]


@pytest.fixture(scope="session")
def spark():
    session = Lake().spark("runs")
    yield session
    session.stop()


def test_the_lake_has_the_published_tables():
    assert Lake().names() == TABLES


@pytest.mark.parametrize("name", TABLES)
def test_polars_and_pyspark_read_the_same_rows(name, spark):
    lake = Lake()
    frame = lake.table(name)
    assert frame.columns == spark.read.format("delta").load(str(lake.root / name)).columns
    assert frame.height == spark.read.format("delta").load(str(lake.root / name)).count()


def test_views_are_the_same_in_duckdb_and_spark(spark):
    lake = Lake()
    # These rest on others, and on all that has to be translated.
    names = ["campaign_progress", "coverage", "param_importance"]
    session = lake.spark(*names)
    for name in names:
        frame = lake.view(name)
        expected = session.table(name)
        assert frame.columns == expected.columns, name
        numbers = [column for column, kind in frame.schema.items() if kind.is_numeric()]
        sums = expected.selectExpr("count(*) AS rows", *(f"CAST(sum(`{column}`) AS DOUBLE) AS `{column}`" for column in numbers)).first()
        assert frame.height == sums["rows"], name
        for column in numbers:
            assert (frame[column].sum() or 0) == pytest.approx(sums[column] or 0, rel=1e-9), f"{name}.{column}"


@pytest.mark.parametrize("name", TABLES)
def test_every_column_says_what_it_means(name):
    assert all(Lake().comments(name).values())


def test_the_campaign_left_its_runs_and_their_curves():
    lake = Lake()
    runs = lake.table("runs").filter(pl.col("campaign_id").is_not_null())
    assert runs.height > 10
    assert runs["run_id"].is_unique().all()
    curves = lake.table("run_metrics").filter(pl.col("run_id").is_in(runs["run_id"].implode()))
    assert curves["run_id"].n_unique() >= runs.filter(pl.col("status") == "ok").height
