-- table.create greetings
CREATE TABLE "greetings" (
  "id" TEXT /* uuid */ NOT NULL,
  "name" TEXT /* varchar(80) */ NOT NULL,
  "words" TEXT NOT NULL,
  "approved" INTEGER /* bool */ NOT NULL DEFAULT 0,
  "mood" TEXT,
  "created_at" TEXT /* datetime */ NOT NULL,
  "updated_at" TEXT /* datetime */ NOT NULL,
  PRIMARY KEY ("id"),
  CHECK (length("name") <= 80),
  CHECK (length("words") >= 1),
  CHECK (length("words") <= 1000),
  CHECK ("approved" IN (0, 1)),
  CHECK ("mood" IN ('happy', 'puzzled', 'very_happy'))
) STRICT;
CREATE INDEX "greetings_approved_created_at_idx" ON "greetings" ("approved", "created_at" DESC);
