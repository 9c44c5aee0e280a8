INSERT INTO "Order" VALUES (1, 'x', 1, 'w');
