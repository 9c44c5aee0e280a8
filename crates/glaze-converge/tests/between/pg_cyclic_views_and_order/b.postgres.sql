CREATE TABLE t (id int PRIMARY KEY);
CREATE VIEW z_base AS SELECT id FROM t;
CREATE VIEW m_middle AS SELECT id FROM z_base;
CREATE VIEW a_top AS SELECT m_middle.id FROM m_middle JOIN z_base USING (id);
CREATE MATERIALIZED VIEW aa_mat AS SELECT id FROM a_top;
CREATE UNIQUE INDEX aa_mat_id ON aa_mat (id);
