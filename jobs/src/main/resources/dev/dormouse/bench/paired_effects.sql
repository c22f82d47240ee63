-- What changing one parameter alone did, by hand: the yardstick for package dev.dormouse.mine.
-- Reads the relation `runs`; one row a step (from -> to) within a study, metric and model variant.
WITH configurations AS (
    -- A configuration's results are those of its runs that ended with a value, at most 32, in the order of finishing.
    SELECT
        study, metric, model_variant, map_entries(any_value(params)) AS params,
        list(value ORDER BY finished_at NULLS FIRST, seed NULLS FIRST, run_id)[1:32] AS results
    FROM runs
    WHERE status = 'ok' AND value IS NOT NULL
    GROUP BY study, metric, model_variant, config_id
),

-- Hashes of name and value as one text: with DuckDB's hash of a struct, two parameters whose values are swapped
-- would give the same XOR.
hashed AS (
    SELECT
        *,
        hash(study, metric, model_variant) AS slice,
        list_transform(params, lambda p: hash(p.key || '=' || p.value)) AS hashes
    FROM configurations
),

exploded AS (
    SELECT
        study, metric, model_variant, slice, results, unnest(params) AS param, unnest(hashes) AS hash,
        list_reduce(hashes, lambda a, b: xor(a, b)) AS whole
    FROM hashed
),

-- One row a parameter of a configuration. Configurations of a slice with the same `rest` are equal in all other
-- parameters.
settings AS (
    SELECT
        study, metric, model_variant, param.key AS parameter, param.value AS setting, results,
        hash(slice, param.key, xor(whole, hash)) AS rest
    FROM exploded
),

-- Most configurations are alone with their rest; they must not cost memory below.
shared AS (
    SELECT rest FROM settings GROUP BY rest HAVING count(*) > 1
),

groups AS (
    SELECT
        study, metric, model_variant, parameter,
        list(
            {'setting': setting, 'results': results}
            ORDER BY try_cast(setting AS DOUBLE) NULLS FIRST, setting
        ) AS members
    FROM settings SEMI JOIN shared USING (rest)
    GROUP BY study, metric, model_variant, parameter, rest
),

firsts AS (
    SELECT
        study, metric, model_variant, parameter, members,
        unnest(range(1, len(members))) AS i
    FROM groups
),

-- Each member with at most the next 16; of either as many results as the other has, the first ones.
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
    avg(
        list_avg(upper.results[1:least(len(upper.results), len(lower.results))])
        - list_avg(lower.results[1:least(len(upper.results), len(lower.results))])
    ) * CASE WHEN metric IN ('logloss', 'rmse') THEN -1 ELSE 1 END AS difference,
    count(*) AS n_pairs
FROM pairs
GROUP BY ALL
