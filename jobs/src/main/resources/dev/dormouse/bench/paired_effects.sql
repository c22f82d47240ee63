-- What changing one parameter alone did, by hand: the yardstick for package dev.dormouse.mine.
-- Reads the relation `runs`; one row a step (from -> to) within a study, metric and model variant.
WITH configurations AS (
    -- A configuration's result is the mean over its runs that ended with a value.
    SELECT study, metric, model_variant, config_id, avg(value) AS value, any_value(params) AS params
    FROM runs
    WHERE status = 'ok' AND value IS NOT NULL
    GROUP BY study, metric, model_variant, config_id
),

-- The hash of name and value as one text: with DuckDB's hash of a struct, two parameters whose values are swapped
-- would give the same XOR.
entries AS (
    SELECT
        study, metric, model_variant, value,
        list_transform(
            map_entries(params),
            lambda e: {'parameter': e.key, 'setting': e.value, 'hash': hash(e.key || '=' || e.value)}
        ) AS entries
    FROM configurations
),

exploded AS (
    SELECT
        study, metric, model_variant, value, unnest(entries) AS entry,
        list_reduce(list_transform(entries, lambda e: e.hash), lambda a, b: xor(a, b)) AS whole
    FROM entries
),

-- One row a parameter of a configuration. Configurations with the same `rest` are equal in all other parameters.
settings AS (
    SELECT
        study, metric, model_variant, entry.parameter, entry.setting, value,
        xor(whole, entry.hash) AS rest,
        try_cast(entry.setting AS DOUBLE) AS number
    FROM exploded
),

-- Most configurations are alone with their rest.
groups AS (
    SELECT
        study, metric, model_variant, parameter,
        list({'setting': setting, 'value': value} ORDER BY number NULLS FIRST, setting) AS members
    FROM settings
    GROUP BY study, metric, model_variant, parameter, rest
    HAVING count(*) > 1
),

firsts AS (
    SELECT
        study, metric, model_variant, parameter, members,
        unnest(range(1, len(members))) AS i
    FROM groups
),

-- Each member with at most the next 16.
pairs AS (
    SELECT
        study, metric, model_variant, parameter, members[i] AS lower,
        unnest(members[i + 1:i + 16]) AS upper
    FROM firsts
)

SELECT
    study, metric, model_variant, parameter,
    lower.setting AS "from",
    upper.setting AS "to",
    avg(upper.value - lower.value) AS difference,
    count(*) AS n_pairs
FROM pairs
GROUP BY ALL
