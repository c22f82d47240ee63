# %% [markdown]
# # What worked and what failed
# What the lake's history has taught, with its uncertainty.

# %%
import altair as alt
import polars as pl
from dormouse_lake import Lake

lake = Lake()
insights = lake.insights()
insights.group_by("kind").len().sort("len", descending=True)

# %% [markdown]
# ## Effects that the history establishes
# Tested together; the false discovery rate among those shown is held below 10%.

# %%
effects = insights.filter((pl.col("kind") == "effect") & (pl.col("q_value") < 0.1) & (pl.col("n_studies") > 1)).head(20)
effects.select("statement")

# %%
labelled = effects.with_columns(
    (pl.col("parameters").list.join(", ") + " " + pl.col("from_value") + " -> " + pl.col("to_value")).alias("step")
)
base = alt.Chart(labelled).encode(y=alt.Y("step", sort=None, title=None))
base.mark_rule().encode(x=alt.X("ci_low", title="gain, 95% interval"), x2="ci_high") + base.mark_point(filled=True).encode(x="effect")

# %% [markdown]
# ## Traps: conclusions that the data tempt one to draw, and that are wrong

# %%
insights.filter(pl.col("kind") == "trap").select("statement", "trap_of")

# %% [markdown]
# ## Model variants

# %%
insights.filter(pl.col("kind") == "model_rank").select("statement").head(15)

# %% [markdown]
# ## Settings that fail more often than their studies do

# %%
insights.filter(pl.col("kind") == "failure").select("statement").head(15)
