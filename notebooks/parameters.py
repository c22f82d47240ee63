# %% [markdown]
# # Parameters: importance and interactions
# Which parameters move the metric, in which studies, and which of them work together.

# %%
import altair as alt
import polars as pl
from dormouse_lake import Lake

lake = Lake()
importance = lake.view("param_importance").filter(pl.col("runs") >= 20)
by_parameter = (
    importance.group_by("parameter")
    .agg(
        pl.len().alias("slices"),
        pl.col("study").n_unique().alias("studies"),
        pl.col("runs").sum(),
        pl.col("share_explained").median().alias("median_share"),
    )
    .filter(pl.col("slices") > 1)
    .sort("median_share", descending=True)
)
by_parameter.head(15)

# %% [markdown]
# The share of the variance of results that lies between the settings of one parameter, in each study and model variant that tried at
# least two. Other parameters are not held fixed: it tells where to look, not what to set.

# %%
shown = importance.join(by_parameter.head(12), on="parameter")
alt.Chart(shown).mark_boxplot(extent="min-max").encode(
    x=alt.X("share_explained", title="share of variance explained, by study and model"),
    y=alt.Y("parameter", sort=alt.SortField("median_share", order="descending"), title=None),
).properties(width=560)

# %% [markdown]
# ## Steps that gain, other parameters held fixed
# Pooled over studies from pairs of runs that differ in nothing else.

# %%
insights = lake.insights()
steps = insights.filter(pl.col("kind") == "effect").with_columns(
    (pl.col("parameters").list.join(", ") + ": " + pl.col("from_value") + " -> " + pl.col("to_value")).alias("step")
)
steps.select("step", "effect", "ci_low", "ci_high", "p_gain", "n_pairs", "n_studies").head(15)

# %% [markdown]
# ## Interactions
# What two changes do together beyond the sum of each. The published history is too small to establish one by itself; then this is empty.

# %%
interactions = insights.filter(pl.col("kind") == "interaction")
interactions.select("statement", "effect", "ci_low", "ci_high", "q_value", "n_pairs")

# %% [markdown]
# ## Effects that depend on where they are tried

# %%
insights.filter(pl.col("kind") == "condition").select("statement", "effect", "ci_low", "ci_high", "q_value").head(15)

# %% [markdown]
# ## Pairs of settings and how their runs came out
# The mean of a study's results, by two parameters at a time: the two that explain most in the study with the most runs.

# %%
top = importance.group_by("study", "model_variant").agg(pl.len(), pl.col("runs").max()).filter(pl.col("len") > 1).sort("runs").tail(1)
study, variant = top["study"].item(), top["model_variant"].item()
first, second = (
    importance.filter((pl.col("study") == study) & (pl.col("model_variant") == variant))
    .sort("share_explained", "parameter", descending=True)["parameter"]
    .head(2)
)
cells = lake.sql(f"""
SELECT params['{first}'] AS first, params['{second}'] AS second, count(*) AS runs, avg(value) AS mean
FROM runs WHERE study = '{study}' AND model_variant = '{variant}' AND status = 'ok'
GROUP BY ALL HAVING first IS NOT NULL AND second IS NOT NULL ORDER BY ALL
""")
alt.Chart(cells).mark_rect().encode(
    x=alt.X("first:O", title=first), y=alt.Y("second:O", title=second), color="mean", tooltip=["runs", "mean"]
).properties(title=f"{study}, {variant}")
