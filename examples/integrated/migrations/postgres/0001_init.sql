-- enum.create public.mood
CREATE TYPE "public"."mood" AS ENUM ('happy', 'puzzled', 'very_happy');
COMMENT ON TYPE "public"."mood" IS 'How the visit was.';

-- table.create public.greetings
CREATE TABLE "public"."greetings" (
  "id" uuid NOT NULL,
  "name" character varying(80) NOT NULL,
  "words" text NOT NULL,
  "approved" boolean NOT NULL DEFAULT false,
  "mood" mood,
  "created_at" timestamp with time zone NOT NULL,
  "updated_at" timestamp with time zone NOT NULL,
  CONSTRAINT "greetings_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "greetings_words_check_1" CHECK (char_length(words) <= 1000),
  CONSTRAINT "greetings_words_check" CHECK (char_length(words) >= 1)
);
CREATE INDEX "greetings_approved_created_at_idx" ON "public"."greetings" ("approved", "created_at" DESC);
COMMENT ON TABLE "public"."greetings" IS 'A visitor''s words.';
