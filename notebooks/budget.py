# %% [markdown]
# # Budget and the cost of language models
# What campaigns were allowed, what they spent on what, and what asking language models cost.

# %%
import altair as alt
import polars as pl
from dormouse_lake import Lake

lake = Lake()
spent = (
    lake.view("campaign_runs")
    .group_by("campaign_id")
    .agg(pl.col("cost_gpu_hours").sum().alias("spent_gpu_hours"), pl.len().alias("runs"), pl.col("finished_at").max())
)
plans = lake.table("plans").sort("planned_at").group_by("campaign_id", maintain_order=True).last()
plans.select("campaign_id", "cap_gpu_hours", "cost_gpu_hours", "cost_low_gpu_hours", "cost_high_gpu_hours", "cost_basis").join(
    spent, on="campaign_id", how="left"
)

# %% [markdown]
# ## Where it went
# Failed runs cost, too.

# %%
phases = lake.view("campaign_runs").with_columns(
    pl.when(pl.col("status") == "ok").then(pl.lit("ok")).otherwise(pl.lit("failed")).alias("ended")
)
alt.Chart(phases.select("campaign_id", "phase", "ended", "cost_gpu_hours")).mark_bar().encode(
    x=alt.X("sum(cost_gpu_hours)", title="GPU-hours"),
    y=alt.Y("phase", sort=["baseline", "validation", "combination", "exploitation", "confirmation"], title=None),
    color="ended",
    row=alt.Row("campaign_id", title=None),
).properties(width=520)

# %% [markdown]
# ## Burn-down
# What was left of the cap after each run.

# %%
burn = (
    lake.table("runs", ["campaign_id", "finished_at", "cost_gpu_hours"])
    .drop_nulls("campaign_id")
    .sort("finished_at")
    .with_columns(pl.col("cost_gpu_hours").cum_sum().over("campaign_id").alias("spent"))
    .join(plans.select("campaign_id", "cap_gpu_hours"), on="campaign_id")
    .with_columns((pl.col("cap_gpu_hours") - pl.col("spent")).alias("left"))
)
alt.Chart(burn).mark_line(interpolate="step-after", point=True).encode(
    x="finished_at", y=alt.Y("left", title="GPU-hours left", scale=alt.Scale(zero=True)), color="campaign_id"
).properties(width=560)

# %% [markdown]
# ## Language models
# One row a model; without an endpoint the statistical sources do the work, and there is nothing to pay.

# %%
calls = lake.table("llm_calls")
by_model = (
    calls.group_by("model", "status")
    .agg(
        pl.len().alias("calls"),
        pl.col("prompt_tokens").sum(),
        pl.col("reply_tokens").sum(),
        pl.col("cost_usd").sum(),
        pl.col("latency_ms").median().alias("median_latency_ms"),
    )
    .sort("model", "status")
)
print(f"{calls.height} calls, {calls['cost_usd'].sum() or 0:.4f} dollars")
by_model

# %% [markdown]
# ## What a confirmed gain costs
# Spent by campaigns, over those whose log ends with a confirmed winner.

# %%
ended = lake.table("control_events").filter(pl.col("kind") == "finished")
confirmed = ended.filter(pl.col("payload").str.contains('"CONFIRMED"|"confirmed"'))["campaign_id"].unique()
total = spent["spent_gpu_hours"].sum() or 0
answer = f"{total / len(confirmed):.4f} GPU-hours" if len(confirmed) else "none confirmed yet"
print(f"{spent.height} campaigns, {len(confirmed)} confirmed gains, {total:.4f} GPU-hours: {answer} for each")
