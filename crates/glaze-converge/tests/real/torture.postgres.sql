-- Everything odd that a PostgreSQL database can hold.
CREATE EXTENSION citext;
CREATE EXTENSION hstore;
CREATE EXTENSION ltree;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION btree_gist;
CREATE DOMAIN positive AS integer DEFAULT 1 NOT NULL CHECK (VALUE > 0);
CREATE DOMAIN "E-Mail" AS text COLLATE "C" CHECK (VALUE ~ '@');
CREATE TYPE pair AS (a int, b text);
CREATE TYPE span_of_time AS RANGE (subtype = time);
CREATE COLLATION german (provider = icu, locale = 'de-DE', deterministic = false);
CREATE SEQUENCE shared_numbers START 100 INCREMENT 5 CYCLE MAXVALUE 100000;
CREATE SEQUENCE "Odd Seq";
CREATE FUNCTION next_code() RETURNS text LANGUAGE sql AS 'SELECT ''X'' || nextval(''shared_numbers'')';
CREATE FUNCTION is_fine(t text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT length(t) > 0';
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.changed := now(); RETURN NEW; END';
CREATE TYPE empty_enum AS ENUM ();
CREATE SEQUENCE custom_owned;
CREATE SEQUENCE moved_serial_id_seq;
CREATE SCHEMA other;
CREATE TABLE other.thing (id int PRIMARY KEY, n int);
CREATE TEXT SEARCH CONFIGURATION simple_too (COPY = simple);
CREATE SCHEMA "Third Schema"; CREATE TYPE "Third Schema"."Kind Of" AS ENUM ('a', 'b');
-- prelude ends
CREATE TYPE mood AS ENUM ('happy', 'so so', '1st', 'Self', 'self', 'SELF', '', 'a-b', 'a_b', 'fn', 'über', 'it''s', '"', 'none', 'null', 'true', '😀', 'a	b', ' ', 'Option');
CREATE TYPE "Weird Enum" AS ENUM ('a');
CREATE TYPE weird_enum AS ENUM ('b', 'B');
CREATE TYPE posts AS ENUM ('same', 'as', 'table');
CREATE TYPE "String" AS ENUM ('x');
CREATE TABLE every_type (
  c_smallint smallint, c_integer integer, c_bigint bigint, c_numeric numeric, c_numeric_p numeric(10), c_numeric_ps numeric(10,3), c_numeric_neg numeric(4,-2),
  c_numeric_odd numeric(2,4), c_real real, c_double double precision, c_float_1 float(1), c_money money,
  c_char char, c_char_n char(12), c_varchar varchar, c_varchar_n varchar(7), c_varchar_big varchar(10485760), c_text text, c_name name, c_qchar "char",
  c_bytea bytea, c_date date, c_time time, c_time_p time(3), c_timetz timetz, c_timetz_p timetz(2), c_timestamp timestamp, c_timestamp_p timestamp(0),
  c_timestamptz timestamptz, c_timestamptz_p timestamptz(3), c_interval interval, c_interval_p interval(2), c_interval_f interval year to month, c_interval_fp interval day to second(3),
  c_boolean boolean, c_uuid uuid, c_json json, c_jsonb jsonb, c_jsonpath jsonpath, c_xml xml, c_inet inet, c_cidr cidr, c_macaddr macaddr, c_macaddr8 macaddr8,
  c_bit bit, c_bit_n bit(5), c_varbit varbit, c_varbit_n varbit(9), c_point point, c_line line, c_lseg lseg, c_box box, c_path path, c_polygon polygon, c_circle circle,
  c_tsvector tsvector, c_tsquery tsquery, c_oid oid, c_regclass regclass, c_regtype regtype, c_regproc regproc, c_xid xid, c_xid8 xid8, c_tid tid, c_pg_lsn pg_lsn, c_snapshot txid_snapshot,
  c_int4range int4range, c_int8range int8range, c_numrange numrange, c_tsrange tsrange, c_tstzrange tstzrange, c_daterange daterange, c_multi int4multirange, c_own_range span_of_time,
  c_citext citext, c_hstore hstore, c_ltree ltree, c_lquery lquery, c_domain positive, c_domain_text "E-Mail", c_pair pair, c_mood mood, c_weird "Weird Enum", c_weird2 weird_enum, c_empty empty_enum,
  c_row pg_catalog.pg_class, c_vector oidvector, c_int2v int2vector
);
CREATE TABLE every_array (
  a_smallint smallint[], a_integer integer[], a_bigint bigint[], a_numeric numeric[], a_numeric_ps numeric(10,3)[], a_real real[], a_double double precision[], a_money money[],
  a_char char(3)[], a_varchar varchar[], a_varchar_n varchar(7)[], a_text text[], a_matrix text[][], a_bytea bytea[], a_date date[], a_time time[], a_timetz timetz[], a_timestamp timestamp[],
  a_timestamptz timestamptz(3)[], a_interval interval[], a_boolean boolean[], a_uuid uuid[], a_json json[], a_jsonb jsonb[], a_xml xml[], a_inet inet[], a_bit bit(5)[], a_point point[],
  a_tsvector tsvector[], a_range int4range[], a_citext citext[], a_hstore hstore[], a_ltree ltree[], a_domain positive[], a_pair pair[], a_mood mood[], a_weird "Weird Enum"[], a_fixed int[3], a_name name[], a_qchar "char"[], a_oid oid[]
);
CREATE TABLE every_array_required (
  a_integer integer[] NOT NULL DEFAULT '{}', a_text text[] NOT NULL DEFAULT ARRAY[]::text[], a_text2 text[] DEFAULT ARRAY['a', 'b,c'], a_text3 text[] DEFAULT '{a,"b c"}', a_mood mood[] NOT NULL DEFAULT '{happy,""}',
  a_mood2 mood[] DEFAULT ARRAY['happy'::mood, 'it''s'::mood], a_jsonb jsonb[] DEFAULT ARRAY['{}'::jsonb], a_uuid uuid[] DEFAULT ARRAY[gen_random_uuid()]
);
CREATE TABLE every_default (
  id bigint DEFAULT nextval('shared_numbers') PRIMARY KEY,
  other bigint DEFAULT nextval('"Odd Seq"'::regclass) NOT NULL,
  code text DEFAULT next_code(),
  a integer DEFAULT -1, b integer DEFAULT 1 + 1, c integer DEFAULT NULL, d integer DEFAULT (random() * 10)::int, e smallint DEFAULT '7', f bigint DEFAULT -9223372036854775808,
  g numeric(5,2) DEFAULT 1.50, h numeric DEFAULT 1e10, i numeric DEFAULT 'NaN', j double precision DEFAULT 'Infinity', k double precision DEFAULT 1e-7, l real DEFAULT 0.1,
  m text DEFAULT '', n text DEFAULT 'it''s', o text DEFAULT E'a\nb\\c', p text DEFAULT 'NULL', q text DEFAULT '''', r text DEFAULT CURRENT_USER, s text DEFAULT ('a' || 'b'), t varchar(10) DEFAULT 'x', u char(3) DEFAULT 'y', w text DEFAULT 'a''::text', x1 text DEFAULT '{{x}} "quoted" */ -- ',
  n1 timestamptz DEFAULT now(), n2 timestamptz DEFAULT CURRENT_TIMESTAMP, n3 timestamptz DEFAULT transaction_timestamp(), n4 timestamptz DEFAULT clock_timestamp(), n5 timestamptz DEFAULT statement_timestamp(),
  n6 timestamp DEFAULT now(), n7 timestamp DEFAULT (now() AT TIME ZONE 'utc'), n8 timestamp DEFAULT LOCALTIMESTAMP, n9 date DEFAULT CURRENT_DATE, n10 date DEFAULT now(), n11 time DEFAULT LOCALTIME, n12 timetz DEFAULT CURRENT_TIME, n13 timestamptz DEFAULT now() + interval '1 day',
  n14 timestamptz(3) DEFAULT CURRENT_TIMESTAMP(3), n15 timestamptz DEFAULT 'infinity', n16 timestamptz DEFAULT '2020-01-01 00:00:00+02', n17 timestamp DEFAULT '-infinity', n18 date DEFAULT '0001-01-01', n19 timestamptz DEFAULT 'epoch', n20 text DEFAULT now()::text,
  n21 date DEFAULT '4000-01-01 BC',
  o1 boolean DEFAULT true, o2 boolean DEFAULT 't', o3 boolean DEFAULT (NOT true), p1 uuid DEFAULT gen_random_uuid(), p2 uuid DEFAULT '00000000-0000-0000-0000-000000000000', q1 jsonb DEFAULT '{"a": [1, 2]}', q2 json DEFAULT '[]', q3 jsonb DEFAULT jsonb_build_object(),
  r1 bytea DEFAULT '\xdeadbeef', s1 inet DEFAULT '127.0.0.1', t1 point DEFAULT '(1,2)', u1 interval DEFAULT '1 day 02:00:00', u2 interval DEFAULT '1 mon', v1 int4range DEFAULT '[1,10)', w1 bit(3) DEFAULT B'101', x2 money DEFAULT 12.5, y1 mood DEFAULT '', y2 mood DEFAULT 'it''s', y3 mood DEFAULT 'so so'::mood, y4 "Weird Enum" DEFAULT 'a',
  z1 positive DEFAULT 5, z2 pair DEFAULT ROW(1, 'x'), z3 citext DEFAULT 'Abc', z4 hstore DEFAULT 'a=>1', z5 tsvector DEFAULT to_tsvector('english', 'x'), z6 int DEFAULT length('abc'), z7 text DEFAULT md5(random()::text), z8 varchar(20) DEFAULT 'draft'::text, z9 varchar DEFAULT 'x'::character varying, z10 name DEFAULT 'n', z11 "char" DEFAULT 'c', z12 int DEFAULT CASE WHEN true THEN 1 ELSE 2 END
);
CREATE TABLE serials (a smallserial, b serial, c bigserial PRIMARY KEY, d int GENERATED ALWAYS AS IDENTITY, e bigint GENERATED BY DEFAULT AS IDENTITY (START 1000 INCREMENT 10), f smallint GENERATED BY DEFAULT AS IDENTITY (MINVALUE 5 CYCLE));
CREATE TABLE moved_serial (id integer NOT NULL DEFAULT nextval('moved_serial_id_seq') PRIMARY KEY);
CREATE TABLE renamed_serial_before (id serial PRIMARY KEY, n int);
ALTER TABLE renamed_serial_before RENAME TO renamed_serial;
CREATE TABLE custom_serial (id integer NOT NULL DEFAULT nextval('custom_owned') PRIMARY KEY, id2 bigint DEFAULT nextval('custom_owned'));
ALTER SEQUENCE custom_owned OWNED BY custom_serial.id;
CREATE TABLE generated (a int, b int, c int GENERATED ALWAYS AS (a + b) STORED, d text GENERATED ALWAYS AS (CASE WHEN a > 0 THEN 'p' ELSE 'n' END) STORED, e tsvector GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, coalesce(t, ''))) STORED NOT NULL, t text, f boolean GENERATED ALWAYS AS (a IS NULL) STORED UNIQUE, g text GENERATED ALWAYS AS ('it''s "x"') STORED, h numeric(5,1) GENERATED ALWAYS AS (a / 3.0) STORED, PRIMARY KEY (c));
CREATE TABLE no_columns ();
CREATE TABLE only_key (id int PRIMARY KEY);
CREATE TABLE no_key (a int, b text);
CREATE TABLE text_key (code text PRIMARY KEY);
CREATE TABLE enum_key (m mood PRIMARY KEY);
CREATE TABLE bool_key (b boolean PRIMARY KEY);
CREATE TABLE date_key (d date, t timestamptz, PRIMARY KEY (t, d));
CREATE TABLE json_key (d jsonb PRIMARY KEY);
CREATE TABLE bytes_key (d bytea PRIMARY KEY);
CREATE TABLE custom_key (d inet PRIMARY KEY, c ltree UNIQUE);
CREATE TABLE array_key (d int[] PRIMARY KEY);
CREATE TABLE float_key (d double precision PRIMARY KEY);
CREATE TABLE numeric_key (d numeric(20,0) PRIMARY KEY);
CREATE TABLE numeric_child (d numeric(20,0) REFERENCES numeric_key, e numeric(20,0) PRIMARY KEY REFERENCES numeric_key);
CREATE TABLE deferred_key (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, a int UNIQUE DEFERRABLE, b int, UNIQUE (a, b) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE included_key (id int, a int, b int, PRIMARY KEY (id) INCLUDE (a), UNIQUE (b) INCLUDE (a), UNIQUE NULLS NOT DISTINCT (a));
CREATE TABLE key_with_default (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamp NOT NULL DEFAULT now());
CREATE TABLE three (a int, b int, c int, PRIMARY KEY (c, a, b));
CREATE TABLE three_child (x int, y int, z int, w int, FOREIGN KEY (x, y, z) REFERENCES three (c, a, b) ON DELETE CASCADE, FOREIGN KEY (w, y, z) REFERENCES three (c, a, b) MATCH FULL);
CREATE TABLE three_key (x int, y int, z int, note text, PRIMARY KEY (x, y, z), FOREIGN KEY (z, x, y) REFERENCES three (c, a, b));
CREATE TABLE three_part (x int NOT NULL, y int NOT NULL, z int, PRIMARY KEY (x), FOREIGN KEY (x, y, z) REFERENCES three (c, a, b));
CREATE TABLE nullable_mixed (x int NOT NULL, y int, z int NOT NULL DEFAULT 4, FOREIGN KEY (x, y, z) REFERENCES three (a, b, c) ON UPDATE CASCADE ON DELETE SET NULL);
ALTER TABLE three ADD UNIQUE (a, b, c);
CREATE TABLE same_columns (a int REFERENCES only_key REFERENCES serials (c), b int REFERENCES only_key);
ALTER TABLE serials ADD UNIQUE (b);
CREATE TABLE to_unique (a int REFERENCES serials (b), b text REFERENCES text_key, c mood REFERENCES enum_key ON DELETE SET DEFAULT, d inet REFERENCES custom_key, e ltree REFERENCES custom_key (c), f date, g timestamptz, FOREIGN KEY (g, f) REFERENCES date_key, h positive REFERENCES only_key, i bigint REFERENCES only_key, j varchar(5) REFERENCES text_key, k int GENERATED ALWAYS AS IDENTITY REFERENCES only_key, l int GENERATED ALWAYS AS (1) STORED REFERENCES only_key, m int DEFAULT 5 REFERENCES only_key ON DELETE SET DEFAULT, n serial REFERENCES only_key, o boolean REFERENCES bool_key, p bytea REFERENCES bytes_key, q jsonb REFERENCES json_key, r int[] REFERENCES array_key, s double precision REFERENCES float_key);
CREATE TABLE self_reference (id int PRIMARY KEY, parent int REFERENCES self_reference, root int NOT NULL REFERENCES self_reference ON DELETE CASCADE, "self" int REFERENCES self_reference, me int);
ALTER TABLE self_reference ADD FOREIGN KEY (me) REFERENCES self_reference NOT VALID;
CREATE TABLE self_key (id int PRIMARY KEY REFERENCES self_key);
CREATE TABLE self_many (a int REFERENCES only_key, b int REFERENCES only_key, PRIMARY KEY (a, b));
CREATE TABLE cycle_a (id int PRIMARY KEY, b int NOT NULL);
CREATE TABLE cycle_b (id int PRIMARY KEY, c int NOT NULL);
CREATE TABLE cycle_c (id int PRIMARY KEY, a int NOT NULL REFERENCES cycle_a DEFERRABLE INITIALLY DEFERRED);
ALTER TABLE cycle_a ADD FOREIGN KEY (b) REFERENCES cycle_b DEFERRABLE;
ALTER TABLE cycle_b ADD FOREIGN KEY (c) REFERENCES cycle_c;
CREATE TABLE key_of_key (id int PRIMARY KEY REFERENCES only_key ON DELETE CASCADE);
CREATE TABLE key_of_key_of_key (id int PRIMARY KEY REFERENCES key_of_key, extra int REFERENCES key_of_key UNIQUE);
CREATE TABLE ref_in_key (parent int REFERENCES key_of_key_of_key, n int, PRIMARY KEY (parent, n));
CREATE TABLE ref_to_ref_key (p int, n int, PRIMARY KEY (n, p), FOREIGN KEY (p, n) REFERENCES ref_in_key);
CREATE TABLE overlapping (tenant int, a int, b int, PRIMARY KEY (tenant, a), UNIQUE (tenant, b), FOREIGN KEY (tenant, a) REFERENCES ref_in_key, FOREIGN KEY (tenant, b) REFERENCES ref_in_key, FOREIGN KEY (tenant) REFERENCES only_key);
CREATE TABLE cycle_of_keys_a (id int PRIMARY KEY);
CREATE TABLE cycle_of_keys_b (id int PRIMARY KEY REFERENCES cycle_of_keys_a DEFERRABLE INITIALLY DEFERRED);
ALTER TABLE cycle_of_keys_a ADD FOREIGN KEY (id) REFERENCES cycle_of_keys_b DEFERRABLE INITIALLY DEFERRED;
CREATE TABLE multi_unique (a int UNIQUE, b int, c int, UNIQUE (a, b), UNIQUE (b, a), UNIQUE (c, b, a), CONSTRAINT dup1 UNIQUE (c), CONSTRAINT dup2 UNIQUE (c));
CREATE TABLE "Mixed Case" ("Id" serial PRIMARY KEY, "ID" int, id int, "i d" int, "i-d" int, "i.d" int, "1d" int, "ä" text, "Ä" text, "名前" text, "select" int, "from" int, "$dollar" int, "per%cent" int, "quo""te" int, "apos'trophe" int, "back\slash" int, "semi;colon" int, "new
line" int, "*/" int, "--" int, "😀" int, "_" int, "__" int, "___a" int, "a" int, "A" int, "createdAt" timestamptz, created_at timestamptz, "CREATED_AT" timestamptz, "r#type" int, "type" int, "Self" int, "self" int, "crate" int, "super" int, "None" int, "now" int, "me" int, "size" int, "in" int, "null" int, "true" int, "try" int, "gen" int, "dyn" int, "union" int, "id_" int, "entries" int, "count" int, "filter" int, "include" int, "order" int, "sort" int, "limit" int, "xmin2" int);
CREATE TABLE "mixed case" (id int PRIMARY KEY, "Mixed Case" int REFERENCES "Mixed Case");
CREATE TABLE "mixed_case" (id int PRIMARY KEY, "mixed case" int REFERENCES "mixed case", mixed_case int REFERENCES "Mixed Case");
CREATE TABLE "MixedCase" (id int PRIMARY KEY);
CREATE TABLE "mixedCases" (id int PRIMARY KEY);
CREATE TABLE "mixed-cases" (id int PRIMARY KEY);
CREATE TABLE "MIXED CASE" ("SELECT" int PRIMARY KEY);
CREATE TABLE "1st table" ("1" int PRIMARY KEY, "2nd" int);
CREATE TABLE "123" (id int);
CREATE TABLE "über tabelle" ("größe" int CHECK ("größe" > 0), "straße" text DEFAULT 'ß');
CREATE TABLE "表" ("列" int PRIMARY KEY, "親" int REFERENCES "表");
CREATE TABLE "таблица" ("имя" text);
CREATE TABLE "😀" (a int);
CREATE TABLE "-" (a int);
CREATE TABLE "!!" (a int, "!" int, "?" int);
CREATE TABLE "select" ("table" int PRIMARY KEY, "where" text, "group" text, "order" int);
CREATE TABLE "struct" ("fn" int PRIMARY KEY, "impl" text, "let" int, "mod" int, "pub" int, "use" int, "where" int, "async" int, "await" int, "match" int, "ref" int, "static" int, "loop" int, "enum" int);
CREATE TABLE "Self" (id int); CREATE TABLE "self" (id int); CREATE TABLE "crate" (id int); CREATE TABLE "option" (id int); CREATE TABLE "vec" (id int); CREATE TABLE "ref" (id int); CREATE TABLE "many" (id int); CREATE TABLE "string" (id int); CREATE TABLE "result" (id int); CREATE TABLE "box" (id int); CREATE TABLE "uuid" (id uuid); CREATE TABLE "json" (id json); CREATE TABLE "point" (id point); CREATE TABLE "bool" (id int); CREATE TABLE "i32" (id int); CREATE TABLE "str" (id int); CREATE TABLE "u8" (id int); CREATE TABLE "user" (id int PRIMARY KEY); CREATE TABLE "User" (id int); CREATE TABLE users (id int); CREATE TABLE app_users (id int); CREATE TABLE assets (id int); CREATE TABLE asset (id int); CREATE TABLE api_keys (id int); CREATE TABLE idempotency (id int); CREATE TABLE admin (id int); CREATE TABLE auth (id int); CREATE TABLE docs (id int); CREATE TABLE "me" (id int); CREATE TABLE entity (id int); CREATE TABLE embedded (id int); CREATE TABLE blocks (id int); CREATE TABLE custom (id int); CREATE TABLE slug (id int); CREATE TABLE email (id int); CREATE TABLE money (id int); CREATE TABLE color (id int); CREATE TABLE "date" (id int); CREATE TABLE "time" (id int); CREATE TABLE datetime (id int); CREATE TABLE duration (id int); CREATE TABLE decimal (id int); CREATE TABLE any_of (id int); CREATE TABLE news (id int); CREATE TABLE series (id int); CREATE TABLE species (id int); CREATE TABLE data (id int); CREATE TABLE datum (id int); CREATE TABLE s (id int); CREATE TABLE ss (id int); CREATE TABLE sses (id int); CREATE TABLE people (id int); CREATE TABLE person (id int);
CREATE TABLE aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa (bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb int PRIMARY KEY CHECK (bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb > 0), ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc int UNIQUE REFERENCES aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, "эээээээээээээээээээээээээээээээ" text);
CREATE TABLE aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab (bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb int PRIMARY KEY REFERENCES aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd1 int UNIQUE, dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd2 int UNIQUE);
CREATE INDEX ON aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab (dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd1, dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd2);
CREATE INDEX ON aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab (dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd2, dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd1);
DO $$ BEGIN EXECUTE 'CREATE TABLE wide (' || (SELECT string_agg(format('column_%s %s', n, (ARRAY['int', 'text', 'numeric(8,2)', 'boolean DEFAULT false', 'timestamptz', 'jsonb', 'varchar(20) NOT NULL'])[1 + n % 7]), ', ') FROM generate_series(1, 250) n) || ')'; END $$;
CREATE TABLE commented (id int PRIMARY KEY, "a b" text, c int, d int, e text, f text, g text);
COMMENT ON TABLE commented IS 'Quotes " and '' and `ticks` and /* comment */ and // slashes
and lines

and blank ones, \n backslash n, {braces}, #[attribute], "#; r#"raw"#, */ end';
COMMENT ON COLUMN commented.id IS '   leading and trailing   ';
COMMENT ON COLUMN commented."a b" IS E'\nstarts with a line\n';
COMMENT ON COLUMN commented.c IS E'tab\there\rreturn \u0007 bell';
COMMENT ON COLUMN commented.d IS '   ';
COMMENT ON COLUMN commented.e IS E'  indented\n    more\n\tless';
COMMENT ON COLUMN commented.f IS E'ends with backslash \\';
COMMENT ON COLUMN commented.g IS E'crlf\r\nline';
COMMENT ON TYPE mood IS 'How
  it is */';
COMMENT ON INDEX commented_pkey IS 'on an index';
CREATE TABLE checked (id int PRIMARY KEY, a int CHECK (a > 0), b int CONSTRAINT named CHECK (b BETWEEN 1 AND 10), c text CHECK (c IN ('x', 'y')), d text CHECK (d = ANY (ARRAY['x', 'y'])), e varchar(5) CHECK (e IN ('x')), f text CHECK (f ~ '^[a-z]+$'), g text CHECK (length(g) < 10), h text CHECK (char_length(h) <= 10), i text NOT NULL CHECK (i <> ''), j text CHECK (j LIKE 'a%' OR j ILIKE '%b'), k jsonb CHECK (jsonb_typeof(k) = 'object'), l int CHECK (l IN (1, 2, 3)), m int, n int, CHECK (m < n), CONSTRAINT "Odd ""Name" CHECK (m IS NOT NULL OR n IS NOT NULL), CHECK (num_nonnulls(m, n) = 1), o text CHECK (is_fine(o)), p numeric CHECK (p >= 0.0 AND p <= 1), q date CHECK (q > '2000-01-01'), r timestamptz CHECK (r > '2000-01-01 00:00:00+00'::timestamptz), s boolean CHECK (s), t boolean CHECK (s IS TRUE) , u mood CHECK (u <> 'fn'), v mood CHECK (v IN ('happy', 'fn')), w citext CHECK (w = lower(w)), x text[] CHECK (cardinality(x) < 5), y int CHECK (y % 2 = 0) NOT NULL, z text CHECK (z IS NULL OR z::int > 5), aa int CHECK (true), ab text CHECK (ab !~ 'a''b"c'), ac text CHECK (CASE WHEN ac = 'a' THEN m > 0 ELSE true END), ad text CHECK (ad SIMILAR TO '(a|b)%'), ae int CHECK (NOT (ae > 5)), af int CHECK (af IS DISTINCT FROM 3), ag text CHECK (ag NOT IN ('a', 'b')), ah text COLLATE "C" CHECK (ah < 'z' COLLATE "POSIX"), ai numeric(5,2) CHECK (ai > 0::numeric) CHECK (ai < 100), aj text CHECK (upper(aj) = aj), ak bigint CHECK (ak > 0) CHECK (ak >= 0), al int CHECK (al >= 0) NO INHERIT, am text CHECK (am IN ('', ' ', 'it''s', 'A', 'a')), an varchar(20) CHECK (an IN ('draft', 'published', 'draft')), ao "char" CHECK (ao IN ('a', 'b')), ap char(1) CHECK (ap IN ('a', 'b')), aq text CHECK (aq IN (NULL, 'a')), ar interval CHECK (ar > '1 day'), "a S" text CHECK ("a S" IN ('x', 'y')));
ALTER TABLE checked ADD CONSTRAINT late CHECK (a < 1000) NOT VALID;
CREATE TABLE indexed (id int PRIMARY KEY, a int, b text, c jsonb, d tsvector, e int4range, f point, g text[], h citext, i timestamptz, j inet, k ltree, l hstore, m mood, "N o" int, o varchar(20));
CREATE INDEX i_plain ON indexed (a); CREATE INDEX i_plain_again ON indexed (a); CREATE INDEX ON indexed (a DESC); CREATE INDEX ON indexed (a NULLS FIRST); CREATE INDEX ON indexed (a DESC NULLS LAST, b); CREATE INDEX ON indexed (a ASC, b DESC, i);
CREATE UNIQUE INDEX ON indexed (lower(b)); CREATE UNIQUE INDEX ON indexed (a) WHERE b IS NULL; CREATE UNIQUE INDEX ON indexed (a, coalesce(b, '')); CREATE UNIQUE INDEX u_plain ON indexed (o); CREATE UNIQUE INDEX ON indexed (i) NULLS NOT DISTINCT;
CREATE INDEX ON indexed USING gin (c); CREATE INDEX ON indexed USING gin (c jsonb_path_ops); CREATE INDEX ON indexed USING gin (d); CREATE INDEX ON indexed USING gin (g); CREATE INDEX ON indexed USING gin (b gin_trgm_ops); CREATE INDEX ON indexed USING gist (b gist_trgm_ops(siglen=32)); CREATE INDEX ON indexed USING gist (e); CREATE INDEX ON indexed USING gist (f); CREATE INDEX ON indexed USING gist (a, e); CREATE INDEX ON indexed USING spgist (f); CREATE INDEX ON indexed USING spgist (j inet_ops); CREATE INDEX ON indexed USING brin (i); CREATE INDEX ON indexed USING brin (i) WITH (pages_per_range = 16, autosummarize = on); CREATE INDEX ON indexed USING hash (b); CREATE INDEX ON indexed USING gist (k); CREATE INDEX ON indexed USING gin (l);
CREATE INDEX ON indexed (b text_pattern_ops); CREATE INDEX ON indexed (o varchar_pattern_ops); CREATE INDEX ON indexed (b COLLATE "C"); CREATE INDEX ON indexed (b COLLATE "C" text_pattern_ops DESC); CREATE INDEX ON indexed (a) INCLUDE (b, i); CREATE INDEX ON indexed (a) WITH (fillfactor = 70); CREATE INDEX ON indexed (a) WHERE a > 5 AND b LIKE 'x%'; CREATE INDEX ON indexed (a) WHERE m = 'happy'; CREATE INDEX ON indexed (a) WHERE m IN ('happy', 'fn'); CREATE INDEX ON indexed (a) WHERE (c ->> 'k') = 'v' AND NOT (c ? 'x');
CREATE INDEX ON indexed ((c ->> 'name')); CREATE INDEX ON indexed (((c -> 'n')::text::int)); CREATE INDEX ON indexed (date_trunc('day', i AT TIME ZONE 'UTC')); CREATE INDEX ON indexed ((a + 1), (b || 'x') DESC, a); CREATE INDEX ON indexed (is_fine(b)); CREATE INDEX ON indexed USING gin (to_tsvector('english', b)); CREATE INDEX ON indexed USING gin ((c -> 'tags')); CREATE INDEX ON indexed (md5(b), a) WHERE b IS NOT NULL; CREATE INDEX ON indexed ("N o"); CREATE INDEX "Odd Index"" Name" ON indexed ("N o" DESC) WHERE "N o" > 0; CREATE INDEX ON indexed (lower(o::text)); CREATE INDEX ON indexed (lower(o) varchar_pattern_ops); CREATE INDEX ON indexed (length(b)); CREATE INDEX ON indexed ((lower(b)) COLLATE "C");
ALTER TABLE indexed CLUSTER ON i_plain;
ALTER TABLE indexed ALTER b SET STATISTICS 500, ALTER b SET STORAGE EXTERNAL;
CREATE TABLE exclusion (room int, during tstzrange, a int, EXCLUDE USING gist (room WITH =, during WITH &&), CONSTRAINT "x y" EXCLUDE USING gist (during WITH &&) WHERE (room > 5) DEFERRABLE, EXCLUDE USING btree (a WITH =), EXCLUDE (a WITH =));
CREATE TABLE collated (a text COLLATE "C", b text COLLATE german, c varchar(5) COLLATE "POSIX" NOT NULL DEFAULT 'x', d citext, e text COLLATE "C" UNIQUE, f name, g text COLLATE "de-x-icu", h text[] COLLATE "C");
CREATE TABLE referring_collated (a text COLLATE "C" REFERENCES collated (e));
CREATE TABLE part_range (id bigint, at timestamptz NOT NULL, v int CHECK (v > 0), PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE part_range_2020 PARTITION OF part_range FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE part_range_default PARTITION OF part_range DEFAULT;
CREATE TABLE part_range_2021 PARTITION OF part_range FOR VALUES FROM ('2021-01-01') TO ('2022-01-01') PARTITION BY LIST (id);
CREATE TABLE part_range_2021_1 PARTITION OF part_range_2021 FOR VALUES IN (1, 2);
CREATE TABLE part_range_2021_d PARTITION OF part_range_2021 DEFAULT;
CREATE INDEX ON part_range (v); CREATE INDEX ON part_range_2020 (at);
CREATE TABLE part_hash (id int NOT NULL, x text) PARTITION BY HASH (id);
CREATE TABLE part_hash_0 PARTITION OF part_hash FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE part_list (kind text NOT NULL, n int REFERENCES only_key) PARTITION BY LIST (lower(kind));
CREATE TABLE part_child (id bigint, at timestamptz, FOREIGN KEY (id, at) REFERENCES part_range);
CREATE SCHEMA partitions; CREATE TABLE partitions.part_list_a PARTITION OF part_list FOR VALUES IN ('a');
CREATE TABLE parent (id int PRIMARY KEY, name text NOT NULL, CHECK (id > 0));
CREATE TABLE child (extra text, UNIQUE (name)) INHERITS (parent);
CREATE TABLE grandchild (more int) INHERITS (child);
CREATE TABLE second_parent (other int); CREATE TABLE "both" () INHERITS (parent, second_parent);
CREATE UNLOGGED TABLE fast (a int);
CREATE TABLE with_options (a int, t text) WITH (fillfactor = 50, autovacuum_enabled = false);
CREATE TABLE of_type OF pair;
CREATE TABLE secured (id int PRIMARY KEY, owner name DEFAULT CURRENT_USER, changed timestamptz);
ALTER TABLE secured ENABLE ROW LEVEL SECURITY; ALTER TABLE secured FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON secured USING (owner = CURRENT_USER) WITH CHECK (true); CREATE POLICY "odd p" ON secured AS RESTRICTIVE FOR UPDATE TO PUBLIC USING (id > 0);
CREATE TRIGGER t BEFORE UPDATE ON secured FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch();
CREATE TRIGGER "t of" AFTER INSERT ON secured REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION touch();
CREATE CONSTRAINT TRIGGER ct AFTER UPDATE OF owner ON secured DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE secured DISABLE TRIGGER t;
CREATE RULE quiet AS ON DELETE TO secured DO INSTEAD NOTHING;
CREATE STATISTICS st (dependencies, mcv) ON a, b FROM indexed;
CREATE VIEW v1 AS SELECT id, a AS "A b", b FROM indexed WHERE m = 'happy';
CREATE VIEW v2 WITH (security_barrier) AS SELECT v1.id, count(*) AS n FROM v1 JOIN only_key USING (id) GROUP BY v1.id;
CREATE VIEW v3 AS SELECT id FROM indexed WHERE a > 0 WITH LOCAL CHECK OPTION;
CREATE RECURSIVE VIEW v4 (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM v4 WHERE n < 10;
CREATE MATERIALIZED VIEW mv AS SELECT a, count(*) AS n FROM indexed GROUP BY a;
CREATE UNIQUE INDEX ON mv (a);
CREATE MATERIALIZED VIEW mv2 AS SELECT * FROM mv WITH NO DATA;
CREATE TRIGGER instead INSTEAD OF INSERT ON v1 FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE other.thing ADD FOREIGN KEY (n) REFERENCES only_key; CREATE VIEW other.sees AS SELECT * FROM only_key;
CREATE TABLE outside (id int REFERENCES other.thing);
 CREATE TABLE uses_third (k "Third Schema"."Kind Of" NOT NULL DEFAULT 'a', ks "Third Schema"."Kind Of"[]);
CREATE FUNCTION many_args(a int, VARIADIC b text[] DEFAULT '{}') RETURNS TABLE (x int) LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE proc(INOUT a int) LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE total(int) (sfunc = int4pl, stype = int, initcond = '0');
CREATE OPERATOR === (leftarg = int, rightarg = int, function = int4eq);
CREATE CAST (mood AS int) WITH INOUT;
CREATE FOREIGN DATA WRAPPER nothing; CREATE SERVER far FOREIGN DATA WRAPPER nothing; CREATE FOREIGN TABLE remote (id int, a text) SERVER far;
CREATE PUBLICATION pub FOR TABLE only_key;
CREATE TABLE searched (t text, v tsvector GENERATED ALWAYS AS (to_tsvector('simple_too', t)) STORED);
CREATE TABLE dropped (a int, b int, c int, d int); ALTER TABLE dropped DROP COLUMN b; ALTER TABLE dropped ADD b text; ALTER TABLE dropped DROP COLUMN a;
CREATE TABLE join_plain_a (id int PRIMARY KEY); CREATE TABLE join_plain_b (id uuid PRIMARY KEY);
CREATE TABLE join_a_b (a int NOT NULL REFERENCES join_plain_a ON DELETE CASCADE, b uuid NOT NULL REFERENCES join_plain_b ON DELETE CASCADE, PRIMARY KEY (a, b));
CREATE TABLE join_a_b_again (b uuid NOT NULL REFERENCES join_plain_b, a int NOT NULL REFERENCES join_plain_a, PRIMARY KEY (b, a)); CREATE INDEX ON join_a_b_again (a);
CREATE TABLE join_unique (a int NOT NULL REFERENCES join_plain_a, b uuid NOT NULL REFERENCES join_plain_b, UNIQUE (a, b));
CREATE TABLE join_nothing (a int REFERENCES join_plain_a, b uuid REFERENCES join_plain_b);
CREATE TABLE join_partial_index (a int NOT NULL REFERENCES join_plain_a, b uuid NOT NULL REFERENCES join_plain_b, PRIMARY KEY (a, b)); CREATE INDEX ON join_partial_index (b) WHERE a > 5;
CREATE TABLE join_secured (a int NOT NULL REFERENCES join_plain_a, b uuid NOT NULL REFERENCES join_plain_b, PRIMARY KEY (a, b)); ALTER TABLE join_secured ENABLE ROW LEVEL SECURITY;
CREATE TABLE join_referred (a int NOT NULL REFERENCES join_plain_a, b uuid NOT NULL REFERENCES join_plain_b, PRIMARY KEY (a, b)); CREATE TABLE refers_join (a int, b uuid, FOREIGN KEY (a, b) REFERENCES join_referred);
