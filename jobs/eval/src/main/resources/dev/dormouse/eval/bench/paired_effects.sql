-- What changing one parameter alone did, by hand: the yardstick for package dev.dormouse.mine.
-- Reads the relation `runs`; one row a step (from -> to) within a study, metric and model variant.
WITH configurations AS (
    -- A configuration's results are those of its runs that ended with a value, at most 32, in the order of finishing.
    SELECT
        study, metric, model_variant, map_entries(any_value(params)) AS params,
        list(
            {'sweep': coalesce(sweep, ''), 'value': value}
            ORDER BY finished_at NULLS FIRST, seed NULLS FIRST, run_id
        )[1:32] AS results
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

-- Each member with at most the next 16.
pairs AS (
    SELECT
        study, metric, model_variant, parameter, members[i] AS lower,
        unnest(members[i + 1:i + 16]) AS upper
    FROM firsts
),

sweeps AS (
    SELECT
        *,
        list_filter(
            list_transform(lower.results, lambda r: r.sweep),
            lambda sweep: list_contains(list_transform(upper.results, lambda r: r.sweep), sweep)
        )[1] AS sweep
    FROM pairs
),

-- Results of one sweep are compared where both have such.
compared AS (
    SELECT
        study, metric, model_variant, parameter, lower.setting AS "from", upper.setting AS "to",
        list_transform(
            list_filter(lower.results, lambda r: sweep IS NULL OR r.sweep = sweep), lambda r: r.value
        ) AS before,
        list_transform(
            list_filter(upper.results, lambda r: sweep IS NULL OR r.sweep = sweep), lambda r: r.value
        ) AS after
    FROM sweeps
)

-- Of either as many results as the other has, the first ones.
SELECT
    study, metric, model_variant, parameter, "from", "to",
    avg(
        list_avg(after[1:least(len(after), len(before))])
        - list_avg(before[1:least(len(after), len(before))])
    ) * CASE WHEN metric IN ('logloss', 'rmse') THEN -1 ELSE 1 END AS difference,
    count(*) AS n_pairs
FROM compared
GROUP BY study, metric, model_variant, parameter, "from", "to"
