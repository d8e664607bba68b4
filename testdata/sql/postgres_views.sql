-- Types and names of the columns that queries give.
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN email AS varchar(80) CHECK (VALUE LIKE '%@%');
CREATE TABLE kinds (
    s smallint, i int, b bigint, n numeric(10,2), n0 numeric, r real, d double precision, t text, v varchar(20), c char(3), bo boolean,
    u uuid, da date, ts timestamp, tz timestamptz(3), ti time, iv interval, j json, jb jsonb, m mood, e email, ia int[], va varchar(20)[], by bytea,
    ne name, mo money, ip inet, vec tsvector
);
CREATE TABLE other (i int, label varchar(9), at timestamptz);
CREATE VIEW literals AS SELECT 1, 2 AS two, 3000000000 AS big, 1.5 AS dec, 'x' AS text, NULL AS nothing, true AS yes, -1 AS minus,
    E'a\n' AS escaped, date '2020-01-01' AS day, interval '1 day' AS span, ARRAY[1, 2] AS numbers, ARRAY['a', 'b'] AS words, 10000000000000000000 AS huge;
CREATE VIEW casts AS SELECT i::text, '1'::int, i::varchar(5) AS short, CAST(t AS numeric(5,1)) AS cut, t::mood AS feeling, '{}'::jsonb AS doc,
    i::text::varchar AS twice, now()::date, '2020-01-01'::timestamptz AS moment, ia::text[] AS texts, (i)::bigint AS wide, t::email AS mail FROM kinds;
CREATE VIEW numbers AS SELECT s + s AS ss, s + i AS si, i + b AS ib, i + n AS inn, i + r AS ir, r + r AS rr, r + d AS rd, n + d AS nd, n * n AS nn,
    i / 2 AS half, i % 2 AS rest, i * 1.5 AS more, b * 2 AS double_it, i ^ 2 AS power, n ^ 2 AS npower, -i AS negative, @ i AS positive, i & 1 AS bit,
    i << 1 AS shifted, i + '1' AS typed, sum(i) OVER () AS total FROM kinds;
CREATE VIEW dates AS SELECT da + 1 AS next, da - da AS days, da + iv AS later, ts - ts AS between_them, tz - tz AS between_zones, tz + iv AS zone_later,
    ts + interval '1 day' AS tomorrow, da - interval '1 day' AS yesterday, ti + iv AS clock, iv * 2 AS twice, now() - tz AS age_of, now() - interval '1 hour' AS ago,
    current_date AS today, current_timestamp AS this_moment, localtimestamp AS here, tz AT TIME ZONE 'UTC' AS utc, ts AT TIME ZONE 'UTC' AS zoned,
    date_trunc('day', tz) AS day, date_trunc('day', ts) AS ts_day, date_trunc('day', da) AS da_day, extract(year FROM tz) AS year, date_part('year', tz) AS part,
    age(tz) AS age, to_char(tz, 'YYYY') AS shown, to_timestamp(1) AS epoch, to_date('1', 'DD') AS read, make_interval(days => 1) AS made,
    current_time AS clock_now, clock_timestamp() AS real_now, da + ti AS both_parts FROM kinds;
CREATE VIEW texts AS SELECT t || t AS tt, v || v AS vv, t || i AS ti, v || 'x' AS vx, 'a' || 'b' AS ab, lower(v) AS low, upper(t) AS up, trim(v) AS trimmed,
    substring(v FROM 1 FOR 2) AS part, substr(t, 1) AS rest, length(v) AS len, char_length(t) AS chars, position('a' IN t) AS place, concat(v, i) AS joined,
    concat_ws(',', t, v) AS list, replace(v, 'a', 'b') AS replaced, left(v, 2) AS first, split_part(t, ',', 1) AS piece, md5(t) AS hash, initcap(v) AS title,
    lpad(v, 5) AS padded, format('%s', t) AS formatted, coalesce(v, 'x') AS or_x, coalesce(t, v) AS either, nullif(v, '') AS no_blank, nullif(t, '') AS no_text,
    string_to_array(t, ',') AS parts, regexp_replace(t, 'a', 'b') AS changed, encode(by, 'hex') AS hex, reverse(t) AS backwards, repeat(v, 2) AS again,
    substring(by FROM 1) AS bytes, length(by) AS size, t LIKE 'a%' AS likes, t ILIKE 'a' AS ilikes, t ~ 'a' AS matches, ascii(t) AS code, chr(65) AS letter FROM kinds;
CREATE VIEW choices AS SELECT coalesce(i, 0) AS i0, coalesce(b, i) AS bi, coalesce(n, 0) AS n_0, coalesce(n, n) AS same_n, coalesce(v, v) AS same_v, coalesce(s, i) AS si,
    coalesce(da, now()) AS day, coalesce(m, 'ok') AS m_ok, coalesce(bo, false) AS flag, coalesce(jb, '{}') AS doc, coalesce(c, 'a') AS c_a, coalesce(e, 'a@b') AS e_x,
    CASE WHEN bo THEN 1 ELSE 2 END, CASE WHEN bo THEN i ELSE 2.5 END AS mixed, CASE WHEN bo THEN v END AS v_or_null, CASE WHEN bo THEN 'a' ELSE 'b' END AS letter,
    CASE i WHEN 1 THEN 'one' ELSE t END AS words, CASE WHEN bo THEN NULL ELSE tz END AS zone, CASE WHEN bo THEN v ELSE c END AS vc, greatest(i, b) AS larger, least(n, 1) AS smaller,
    nullif(i, 0) AS not_zero, nullif(n, 0) AS n_not_zero, i IS NULL AS is_null, i IN (1, 2) AS inside, i BETWEEN 1 AND 2 AS within, NOT bo AS negated,
    bo AND i = 1 AS combined, i IS DISTINCT FROM 1 AS distinct_from, EXISTS (SELECT 1 FROM other), coalesce(ia, '{}') AS ints FROM kinds;
CREATE VIEW counted AS SELECT count(*), count(DISTINCT i) AS different, sum(s) AS ss, sum(i) AS si, sum(b) AS sb, sum(n) AS sn, sum(r) AS sr, sum(d) AS sd, sum(iv) AS siv,
    avg(i) AS ai, avg(n) AS an, avg(d) AS ad, min(v) AS mv, max(t) AS mt, max(c) AS mc, min(da) AS mda, max(tz) AS mtz, max(n) AS mn, max(m) AS mm, max(ts) AS mts,
    bool_or(bo) AS any_true, string_agg(v, ',') AS list, array_agg(i) AS ints, array_agg(v) AS words, array_agg(m) AS moods, json_agg(t) AS docs, jsonb_agg(i) AS bdocs,
    jsonb_object_agg(t, i) AS object, stddev(i) AS spread, variance(d) AS var, count(*) FILTER (WHERE bo) AS few, percentile_cont(0.5) WITHIN GROUP (ORDER BY i) AS median,
    mode() WITHIN GROUP (ORDER BY m) AS usual, percentile_disc(0.5) WITHIN GROUP (ORDER BY da) AS middle, coalesce(sum(i), 0) AS some, sum(i) / count(*) AS mean, round(avg(i), 2) AS rounded,
    max(i) - min(i) AS width, array_agg(DISTINCT t ORDER BY t) AS sorted FROM kinds;
CREATE VIEW framed AS SELECT row_number() OVER (ORDER BY i), rank() OVER (ORDER BY i) AS place, lag(v) OVER (ORDER BY i) AS before, lead(i, 1, 0) OVER (ORDER BY i) AS after,
    first_value(n) OVER (ORDER BY i) AS first, sum(i) OVER (PARTITION BY t) AS part, avg(d) OVER () AS mean, ntile(4) OVER (ORDER BY i) AS quarter,
    percent_rank() OVER (ORDER BY i) AS percent, count(*) OVER () AS n, max(tz) OVER (PARTITION BY v) AS latest, dense_rank() OVER (ORDER BY b) AS dense FROM kinds;
CREATE VIEW documents AS SELECT j -> 'a' AS ja, j ->> 'a' AS ja_text, jb -> 'a' AS jba, jb ->> 'a' AS jba_text, jb #> '{a,b}' AS path, jb #>> '{a,b}' AS path_text, jb @> '{}' AS holds,
    jb ? 'a' AS has, jb || '{}' AS more, jb - 'a' AS less, (jb ->> 'n')::int AS number, jsonb_array_length(jb) AS length, jsonb_build_object('a', i) AS built, to_jsonb(i) AS made,
    row_to_json(kinds) AS whole, jsonb_set(jb, '{a}', '1') AS changed, jsonb_typeof(jb) AS kind, json_build_array(1, 2) AS list, jsonb_path_query_first(jb, '$.a') AS found,
    jb['a'] AS member, jsonb_array_elements(jb) AS element FROM kinds;
CREATE VIEW lists AS SELECT ia[1] AS first, ia || 1 AS appended, ia || ia AS both_lists, array_length(ia, 1) AS length, cardinality(ia) AS size, unnest(ia) AS each, array_append(ia, 1) AS more,
    array_to_string(ia, ',') AS shown, va[1] AS word, 1 = ANY (ia) AS inside, ia @> ARRAY[1] AS holds, ARRAY(SELECT label FROM other) AS labels, ia[1:2] AS part, array_position(ia, 1) AS at,
    generate_series(1, 3) AS serial, ARRAY[v, 'x'] AS mixed, ARRAY[i, 2.5] AS widened FROM kinds;
CREATE SEQUENCE numbers_seq;
CREATE VIEW functions AS SELECT abs(i) AS ai, abs(n) AS an, round(d) AS rd, round(n) AS rn, round(n, 1) AS rn1, round(i) AS ri, ceil(n) AS cn, floor(d) AS fd, power(i, 2) AS pi2, sqrt(i) AS root,
    mod(i, 2) AS rest, random() AS any, gen_random_uuid() AS fresh, greatest(da, current_date) AS latest, to_tsvector('english', t) AS vector, vec @@ to_tsquery('a') AS found,
    ts_rank(vec, to_tsquery('a')) AS rank, current_user AS who, nextval('numbers_seq') AS next, host(ip) AS host, to_number('1', '9') AS read, trunc(n) AS cut,
    sign(i) AS side, exp(n) AS grown, ln(d) AS log, div(n, 2) AS parts, width_bucket(d, 0, 1, 4) AS bucket FROM kinds;
CREATE VIEW names_of AS SELECT max(i), coalesce(i, 0), upper(t), i + 1, (SELECT label FROM other LIMIT 1), now(), t::varchar, CASE WHEN bo THEN 1 ELSE i END, current_date, ARRAY[1], 'a' FROM kinds GROUP BY i, t, bo;
CREATE VIEW joined AS SELECT * FROM kinds JOIN other USING (i);
CREATE VIEW natural_join AS SELECT * FROM (SELECT i, t FROM kinds) a NATURAL JOIN other;
CREATE VIEW both_of_them AS SELECT o.*, k.i AS kind FROM other o CROSS JOIN kinds k;
CREATE VIEW nested AS WITH x (a, b) AS (SELECT i, label FROM other), y AS (SELECT a, count(*) AS n FROM x GROUP BY a) SELECT x.*, y.n FROM x JOIN y ON y.a = x.a;
CREATE VIEW walked AS WITH RECURSIVE steps AS (SELECT i, 1 AS depth FROM kinds UNION ALL SELECT s.i, s.depth + 1 FROM steps s WHERE s.depth < 5) SELECT * FROM steps;
CREATE VIEW united AS SELECT i, label FROM other UNION SELECT b, t FROM kinds UNION ALL SELECT 1, NULL;
CREATE VIEW valued AS SELECT * FROM (VALUES (1, 'a'), (2, NULL)) AS v (number, letter);
CREATE VIEW sideways AS SELECT k.i, l.n FROM kinds k, LATERAL (SELECT count(*) AS n FROM other o WHERE o.i = k.i) l;
CREATE VIEW series AS SELECT step, k.i FROM generate_series(1, 10) AS step, kinds k;
CREATE VIEW unclear AS SELECT i FROM kinds, other;
CREATE VIEW merged AS SELECT i, label FROM kinds JOIN other USING (i);
CREATE VIEW given (one, two) AS SELECT i, label FROM other;
CREATE VIEW over_views AS SELECT u.label, g.one + 1 AS next FROM united u JOIN given g ON g.one = u.i;
CREATE MATERIALIZED VIEW kept AS SELECT i, sum(n) AS total, max(tz) AS latest FROM kinds GROUP BY i;
CREATE TABLE copied AS SELECT v, n, c, 'x' AS text, coalesce(i, 0) AS i0, count(*) OVER () AS n_all FROM kinds;
ALTER TABLE other ADD COLUMN added int;
CREATE OR REPLACE VIEW given (one, two, three) AS SELECT i, label, added FROM other;
ALTER VIEW given RENAME COLUMN three TO third;
ALTER TABLE other RENAME COLUMN label TO tag;
ALTER TYPE mood RENAME TO feeling;
DROP VIEW united CASCADE;
