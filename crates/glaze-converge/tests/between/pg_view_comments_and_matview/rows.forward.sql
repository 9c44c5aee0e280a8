SELECT n FROM over_m -- 1
SELECT obj_description('m'::regclass) -- counts
SELECT col_description('over_m'::regclass, 1) -- how many
SELECT count(*) FROM pg_rules WHERE rulename = 'r' -- 1
