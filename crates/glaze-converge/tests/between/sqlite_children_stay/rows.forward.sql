SELECT count(*) FROM toy WHERE child_id IS NOT NULL -- 2
SELECT count(*) FROM child -- 2
