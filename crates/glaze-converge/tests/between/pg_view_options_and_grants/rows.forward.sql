SELECT count(*) FROM information_schema.role_table_grants WHERE table_name = 'v' AND grantee = 'PUBLIC' -- 1
