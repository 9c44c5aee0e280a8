SELECT count(*) FROM log -- 0
SELECT a FROM v -- x
