# %% [markdown]
# # Campaign review
# What a campaign tried, what came of it, and whether the forecasts held.

# %%
import altair as alt
import polars as pl
from dormouse_lake import Lake

lake = Lake()
runs = lake.table("runs").filter(pl.col("campaign_id").is_not_null())
runs.group_by("campaign_id", "status").len().sort("campaign_id", "status")

# %% [markdown]
# ## Runs in order
# The letter before the dash is the phase: b(aseline), v(alidation), c(ombination), x (exploitation), f (confirmation).

# %%
phases = {"b": "baseline", "v": "validation", "c": "combination", "x": "exploitation", "f": "confirmation"}
ordered = (
    runs.sort("finished_at")
    .with_row_index("order")
    .with_columns(pl.col("trial_id").str.slice(0, 1).replace(phases).alias("phase"))
    .select("order", "campaign_id", "phase", "trial_id", "status", "value", "cost_gpu_hours")
)
ordered

# %%
alt.Chart(ordered.drop_nulls("value")).mark_point(filled=True).encode(
    x="order", y=alt.Y("value", scale=alt.Scale(zero=False), title="metric"), color="phase", tooltip=["trial_id", "value"]
).properties(width=600, height=260)

# %% [markdown]
# ## Forecast and outcome of each hypothesis

# %%
baseline = runs.filter(pl.col("trial_id").str.starts_with("b-")).group_by("campaign_id").agg(pl.col("value").mean().alias("baseline"))
outcomes = (
    lake.table("hypotheses")
    .filter(pl.col("planned"))
    .join(
        runs.filter(pl.col("trial_id").str.starts_with("v-")).select("campaign_id", "config_id", "value", "status"),
        on=["campaign_id", "config_id"],
    )
    .join(baseline, on="campaign_id")
    .with_columns((pl.col("value") - pl.col("baseline")).alias("gain"))
    .select("rank", "source", pl.col("changes").list.join(", "), "predicted_gain", "predicted_gain_sd", "gain", "status")
    .sort("rank")
)
outcomes

# %% [markdown]
# ## Progress by phase

# %%
lake.view("campaign_progress").sort("campaign_id", "last_finished_at")

# %% [markdown]
# ## Did the sources keep their promises?
# Gains: higher is better; in validation, with one seed, so that the best of them is too high.

# %%
lake.view("source_track_record")

# %% [markdown]
# ## What failed, and what was done about it

# %%
lake.table("diagnoses").select("trial_id", "status", "rule", "action", "detail")

# %% [markdown]
# ## Human touches

# %%
lake.table("touches").select("campaign_id", "kind", "touched_by", "touched_at", "channel")
