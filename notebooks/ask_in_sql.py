# %% [markdown]
# # Ask the lake in SQL
# Every table and view by its name, in DuckDB. `docs/tables.md` says what the columns mean, and so does `lake.comments("runs")`.

# %%
from dormouse_lake import Lake

lake = Lake()
print("tables:", ", ".join(lake.names()))
print("views: ", ", ".join(lake.views()))

# %%
lake.sql(
    "SELECT source, status, count(*) AS runs, round(sum(cost_gpu_hours), 2) AS gpu_hours FROM runs GROUP BY ALL ORDER BY runs DESC LIMIT 12"
)

# %% [markdown]
# ## The best arms of each study
# Two seeds at least; with Student's interval of the mean.

# %%
lake.sql("""
SELECT study, model_variant, config_id, seeds, round(mean, 5) AS mean, round(low95, 5) AS low95, round(high95, 5) AS high95
FROM config_summary WHERE results > 1
QUALIFY row_number() OVER (PARTITION BY study ORDER BY mean DESC) = 1
ORDER BY seeds DESC, study LIMIT 12
""")

# %% [markdown]
# ## Params are a map
# Learning rates that were tried, and how often they failed.

# %%
lake.sql("""
SELECT params['learning_rate'] AS learning_rate, count(*) AS runs, avg(CAST(status <> 'ok' AS INT)) AS share_failed
FROM runs WHERE params['learning_rate'] IS NOT NULL GROUP BY ALL ORDER BY runs DESC LIMIT 10
""")

# %% [markdown]
# ## What each source of hypotheses promised and what came of it

# %%
lake.sql("SELECT * FROM source_track_record")

# %% [markdown]
# ## What happened, in order
# The log of campaigns is a table, too.

# %%
lake.sql('SELECT campaign_id, seq, kind, "at", substr(payload, 1, 80) AS payload FROM control_events ORDER BY campaign_id, seq LIMIT 15')
