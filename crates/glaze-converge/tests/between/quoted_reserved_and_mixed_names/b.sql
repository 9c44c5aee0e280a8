CREATE TABLE "Order" ("Id" integer PRIMARY KEY, "group" text NOT NULL DEFAULT 'g', "select" bigint, "weird ""name" text, CONSTRAINT "Che ck" CHECK ("select" > 0));
CREATE INDEX "Order_group_Idx" ON "Order" ("group", "weird ""name");
