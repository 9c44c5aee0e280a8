SELECT hits FROM v -- 11
