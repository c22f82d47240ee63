-- What changing one parameter alone did, by hand: the yardstick for package dev.dormouse.mine.
-- Reads the relation `runs`; one row a step (from -> to) within a study, metric and model variant.
WITH configurations AS (
    -- A configuration's result is the mean over its runs that ended with a value.
    SELECT study, metric, model_variant, config_id, avg(value) AS value, any_value(params) AS params
    FROM runs
    WHERE status = 'ok' AND value IS NOT NULL
    GROUP BY study, metric, model_variant, config_id
),

entries AS (
    SELECT study, metric, model_variant, config_id, value, unnest(map_entries(params)) AS entry
    FROM configurations
),

wholes AS (
    SELECT study, metric, model_variant, config_id, bit_xor(hash(entry)) AS whole
    FROM entries
    GROUP BY study, metric, model_variant, config_id
),

-- One row a parameter of a configuration. Configurations with the same `rest` are equal in all other parameters.
settings AS (
    SELECT
        study, metric, model_variant, entry.key AS parameter, xor(whole, hash(entry)) AS rest,
        entry.value AS setting, try_cast(entry.value AS DOUBLE) AS number, value
    FROM entries JOIN wholes USING (study, metric, model_variant, config_id)
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
