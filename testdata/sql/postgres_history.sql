-- A history written to hold the replay against a server: names the engine gives, cascades, renames, types.
CREATE SCHEMA crm;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE "Level" AS ENUM ('low', 'high');
CREATE DOMAIN email AS text CHECK (VALUE ~ '@');
CREATE TABLE accounts (
    id bigserial PRIMARY KEY, "Email" varchar(255) NOT NULL UNIQUE, mail email, m mood DEFAULT 'ok', l "Level"[],
    created timestamptz(3) NOT NULL DEFAULT now(), price numeric(10), ratio float(10), c char, bits bit(3), d interval day to second(2),
    t1 time, t2 timetz, b bytea, n name, j jsonb, total int GENERATED ALWAYS AS (1 + 1) STORED,
    CHECK (price > 0), CHECK (price < 100 AND ratio > 0)
);
CREATE TABLE crm.people (
    id int GENERATED ALWAYS AS IDENTITY, account bigint REFERENCES accounts ON DELETE CASCADE, name text,
    first text, last text, UNIQUE (first, last), PRIMARY KEY (id),
    a_very_long_column_name_that_goes_on_and_on_for_ever_and_ever_and_on int CHECK (a_very_long_column_name_that_goes_on_and_on_for_ever_and_ever_and_on > 0)
);
CREATE INDEX ON crm.people (name);
CREATE INDEX ON crm.people (name);
CREATE INDEX ON crm.people (lower(name), (first || last)) WHERE last IS NOT NULL;
CREATE UNIQUE INDEX people_account ON crm.people (account, name);
ALTER TABLE crm.people DROP COLUMN first;
ALTER TABLE crm.people RENAME COLUMN account TO account_id;
ALTER TABLE crm.people RENAME TO persons;
ALTER TABLE crm.persons SET SCHEMA public;
ALTER TABLE accounts ALTER COLUMN "Email" TYPE text, ALTER COLUMN price SET NOT NULL, DROP COLUMN bits, ADD COLUMN IF NOT EXISTS extra int[] DEFAULT '{}';
ALTER TYPE mood RENAME TO feeling;
ALTER TYPE feeling ADD VALUE 'glad' BEFORE 'ok';
CREATE TABLE events (id bigint NOT NULL, at date NOT NULL, kind text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
ALTER TABLE events ADD COLUMN note varchar(10);
ALTER TABLE events DROP COLUMN kind;
CREATE TABLE base (a int, b text);
CREATE TABLE derived (c int) INHERITS (base);
ALTER TABLE base RENAME a TO aa;
CREATE TABLE copied (LIKE accounts INCLUDING ALL);
CREATE TABLE made AS SELECT id, count(*) AS n, max(at) FROM events GROUP BY id;
CREATE VIEW v AS SELECT p.*, a."Email" AS mail FROM persons p JOIN accounts a ON a.id = p.account_id;
CREATE MATERIALIZED VIEW mv AS WITH x AS (SELECT id FROM accounts) SELECT id, coalesce(id, 0) AS z FROM x;
CREATE UNIQUE INDEX later ON accounts (id, created);
ALTER TABLE accounts ADD CONSTRAINT later_key UNIQUE USING INDEX later;
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_class WHERE relname = 'nothing') THEN ALTER TABLE base ADD COLUMN guarded int; END IF; END $$;
CREATE TABLE gone (id int PRIMARY KEY);
CREATE TABLE keeps (gone_id int REFERENCES gone (id));
DROP TABLE gone CASCADE;
