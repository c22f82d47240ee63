# %% [markdown]
# # The same lake in PySpark
# For questions that do not fit into this machine: the same tables and views, by the same names.

# %%
from dormouse_lake import Lake

spark = Lake().spark("runs_latest")
spark.sql(
    "SELECT status, count(*) AS runs, sum(cost_gpu_hours) AS gpu_hours FROM runs_latest GROUP BY status ORDER BY runs DESC"
).toPandas()

# %% [markdown]
# ## Pairs of runs that differ in one parameter only, counted without a join
# The way that mining finds them: by the hash of all settings but one.

# %%
pairs = spark.sql("""
SELECT parameter, count(*) AS groups, sum(runs) AS runs FROM (
  SELECT study, model_variant, parameter, others, count(*) AS runs, count(DISTINCT setting) AS settings FROM (
    SELECT study, model_variant, parameter, setting,
      xxhash64(array_sort(map_entries(map_filter(params, (name, value) -> name <> parameter)))) AS others
    FROM (SELECT study, model_variant, params, explode(params) AS (parameter, setting) FROM runs_latest WHERE status = 'ok'))
  GROUP BY study, model_variant, parameter, others)
WHERE settings > 1 GROUP BY parameter ORDER BY groups DESC LIMIT 10
""")
pairs.toPandas()

# %%
spark.stop()
