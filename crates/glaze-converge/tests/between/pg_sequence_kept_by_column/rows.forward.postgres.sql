SELECT pg_get_serial_sequence('invoices', 'id') -- public.invoices_id_seq
SELECT nextval('kept') -- 1
