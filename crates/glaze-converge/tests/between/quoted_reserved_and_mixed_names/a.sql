CREATE TABLE "Order" ("Id" integer PRIMARY KEY, "group" text, "select" integer, "weird ""name" text);
