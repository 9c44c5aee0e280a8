SELECT count(*) FROM m_2 -- 1
