-- A rental business: Rails on SQLite with things of Sakila beside (triggers, views, a search table).
CREATE TABLE "stores" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar NOT NULL, "amount" decimal(10,2) DEFAULT '0.0' NOT NULL, "active" boolean DEFAULT 1 NOT NULL, "position" integer DEFAULT 0, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL);
CREATE UNIQUE INDEX "index_stores_on_name" ON "stores" ("name") WHERE active;
CREATE TABLE "staff" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL);
CREATE INDEX "index_staff_on_name" ON "staff" ("name");
CREATE TABLE "customers" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar NOT NULL, "amount" decimal(10,2) DEFAULT '0.0' NOT NULL, "active" boolean DEFAULT 1 NOT NULL, "position" integer DEFAULT 0, "data" json DEFAULT '{}' NOT NULL, "kind" varchar DEFAULT 'plain' CHECK (kind IN ('plain', 'special')), "happened_on" date, "key_blob" blob, "ratio" float, "at" time, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL);
CREATE UNIQUE INDEX "index_customers_on_name" ON "customers" ("name") WHERE active;
-- customer_id
CREATE TABLE "addresses" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar, "owner_type" varchar, "owner_id" bigint, "customer_id" integer, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_78dde6c43"
FOREIGN KEY ("customer_id")
  REFERENCES "customers" ("id"));
CREATE INDEX "index_addresses_on_name" ON "addresses" ("name");
CREATE INDEX "index_addresses_on_owner" ON "addresses" ("owner_type", "owner_id") /*application='Rental'*/;
-- store_id
CREATE TABLE "cities" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar NOT NULL, "amount" decimal(10,2) DEFAULT '0.0' NOT NULL, "active" boolean DEFAULT 1 NOT NULL, "position" integer DEFAULT 0, "store_id" integer NOT NULL, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_171560753"
FOREIGN KEY ("store_id")
  REFERENCES "stores" ("id"));
CREATE UNIQUE INDEX "index_cities_on_name" ON "cities" ("name" COLLATE NOCASE) WHERE active;
-- addresse_id
CREATE TABLE "countries" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar, "data" json DEFAULT '{}' NOT NULL, "kind" varchar DEFAULT 'plain' CHECK (kind IN ('plain', 'special')), "happened_on" date, "key_blob" blob, "ratio" float, "at" time, "addresse_id" integer, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_b54cda263"
FOREIGN KEY ("addresse_id")
  REFERENCES "addresses" ("id") ON DELETE CASCADE);
CREATE INDEX "index_countries_on_name" ON "countries" ("name");
-- customer_id
CREATE TABLE "films" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar NOT NULL, "amount" decimal(10,2) DEFAULT '0.0' NOT NULL, "active" boolean DEFAULT 1 NOT NULL, "position" integer DEFAULT 0, "customer_id" integer NOT NULL, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_538453d73"
FOREIGN KEY ("customer_id")
  REFERENCES "customers" ("id"));
CREATE UNIQUE INDEX "index_films_on_name" ON "films" ("name") WHERE active;
-- staff_id
CREATE TABLE "languages" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar, "owner_type" varchar, "owner_id" bigint, "staff_id" integer, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_f1bbcd883"
FOREIGN KEY ("staff_id")
  REFERENCES "staff" ("id"));
CREATE INDEX "index_languages_on_name" ON "languages" ("name");
CREATE INDEX "index_languages_on_owner" ON "languages" ("owner_type", "owner_id") /*application='Rental'*/;
-- store_id
-- country_id
CREATE TABLE "actors" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar NOT NULL, "amount" decimal(10,2) DEFAULT '0.0' NOT NULL, "active" boolean DEFAULT 1 NOT NULL, "position" integer DEFAULT 0, "data" json DEFAULT '{}' NOT NULL, "kind" varchar DEFAULT 'plain' CHECK (kind IN ('plain', 'special')), "happened_on" date, "key_blob" blob, "ratio" float, "at" time, "store_id" integer NOT NULL, "country_id" integer NOT NULL, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_8ff347393"
FOREIGN KEY ("store_id")
  REFERENCES "stores" ("id") ON DELETE CASCADE, CONSTRAINT "fk_rails_8ff347398"
FOREIGN KEY ("country_id")
  REFERENCES "countries" ("id") ON DELETE CASCADE);
CREATE UNIQUE INDEX "index_actors_on_name" ON "actors" ("name") WHERE active;
-- actor_id
-- city_id
CREATE TABLE "film_actors" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar, "actor_id" integer, "city_id" integer, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_2e2ac0ea3"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id"), CONSTRAINT "fk_rails_2e2ac0ea8"
FOREIGN KEY ("city_id")
  REFERENCES "cities" ("id"));
CREATE INDEX "index_film_actors_on_name" ON "film_actors" ("name" COLLATE NOCASE);
-- actor_id
-- addresse_id
CREATE TABLE "categories" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar NOT NULL, "amount" decimal(10,2) DEFAULT '0.0' NOT NULL, "active" boolean DEFAULT 1 NOT NULL, "position" integer DEFAULT 0, "actor_id" integer NOT NULL, "addresse_id" integer NOT NULL, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_cc623a9b3"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id"), CONSTRAINT "fk_rails_cc623a9b8"
FOREIGN KEY ("addresse_id")
  REFERENCES "addresses" ("id"));
CREATE UNIQUE INDEX "index_categories_on_name" ON "categories" ("name") WHERE active;
-- actor_id
-- customer_id
CREATE TABLE "film_categories" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar, "data" json DEFAULT '{}' NOT NULL, "kind" varchar DEFAULT 'plain' CHECK (kind IN ('plain', 'special')), "happened_on" date, "key_blob" blob, "ratio" float, "at" time, "owner_type" varchar, "owner_id" bigint, "actor_id" integer, "customer_id" integer, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_6a99b44c3"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id") ON DELETE CASCADE, CONSTRAINT "fk_rails_6a99b44c8"
FOREIGN KEY ("customer_id")
  REFERENCES "customers" ("id") ON DELETE CASCADE);
CREATE INDEX "index_film_categories_on_name" ON "film_categories" ("name");
CREATE INDEX "index_film_categories_on_owner" ON "film_categories" ("owner_type", "owner_id") /*application='Rental'*/;
-- actor_id
-- staff_id
CREATE TABLE "inventories" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar NOT NULL, "amount" decimal(10,2) DEFAULT '0.0' NOT NULL, "active" boolean DEFAULT 1 NOT NULL, "position" integer DEFAULT 0, "actor_id" integer NOT NULL, "staff_id" integer NOT NULL, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_08d12dfd3"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id"), CONSTRAINT "fk_rails_08d12dfd8"
FOREIGN KEY ("staff_id")
  REFERENCES "staff" ("id"));
CREATE UNIQUE INDEX "index_inventories_on_name" ON "inventories" ("name") WHERE active;
-- actor_id
-- store_id
CREATE TABLE "rentals" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar, "actor_id" integer, "store_id" integer, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_a708a7ae3"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id"), CONSTRAINT "fk_rails_a708a7ae8"
FOREIGN KEY ("store_id")
  REFERENCES "stores" ("id"));
CREATE INDEX "index_rentals_on_name" ON "rentals" ("name");
-- actor_id
-- rental_id
CREATE TABLE "payments" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar NOT NULL, "amount" decimal(10,2) DEFAULT '0.0' NOT NULL, "active" boolean DEFAULT 1 NOT NULL, "position" integer DEFAULT 0, "data" json DEFAULT '{}' NOT NULL, "kind" varchar DEFAULT 'plain' CHECK (kind IN ('plain', 'special')), "happened_on" date, "key_blob" blob, "ratio" float, "at" time, "actor_id" integer NOT NULL, "rental_id" integer NOT NULL, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_4540215f3"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id") ON DELETE CASCADE, CONSTRAINT "fk_rails_4540215f8"
FOREIGN KEY ("rental_id")
  REFERENCES "rentals" ("id") ON DELETE CASCADE);
CREATE UNIQUE INDEX "index_payments_on_name" ON "payments" ("name" COLLATE NOCASE) WHERE active;
-- actor_id
-- rental_id
CREATE TABLE "reviews" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar, "owner_type" varchar, "owner_id" bigint, "actor_id" integer, "rental_id" integer, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_e3779b103"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id"), CONSTRAINT "fk_rails_e3779b108"
FOREIGN KEY ("rental_id")
  REFERENCES "rentals" ("id"));
CREATE INDEX "index_reviews_on_name" ON "reviews" ("name");
CREATE INDEX "index_reviews_on_owner" ON "reviews" ("owner_type", "owner_id") /*application='Rental'*/;
-- actor_id
-- rental_id
CREATE TABLE "tags" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar NOT NULL, "amount" decimal(10,2) DEFAULT '0.0' NOT NULL, "active" boolean DEFAULT 1 NOT NULL, "position" integer DEFAULT 0, "actor_id" integer NOT NULL, "rental_id" integer NOT NULL, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_81af14c13"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id"), CONSTRAINT "fk_rails_81af14c18"
FOREIGN KEY ("rental_id")
  REFERENCES "rentals" ("id"));
CREATE UNIQUE INDEX "index_tags_on_name" ON "tags" ("name") WHERE active;
-- actor_id
-- rental_id
CREATE TABLE "taggings" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar, "data" json DEFAULT '{}' NOT NULL, "kind" varchar DEFAULT 'plain' CHECK (kind IN ('plain', 'special')), "happened_on" date, "key_blob" blob, "ratio" float, "at" time, "actor_id" integer, "rental_id" integer, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_1fe68e723"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id") ON DELETE CASCADE, CONSTRAINT "fk_rails_1fe68e728"
FOREIGN KEY ("rental_id")
  REFERENCES "rentals" ("id") ON DELETE CASCADE);
CREATE INDEX "index_taggings_on_name" ON "taggings" ("name");
-- actor_id
-- rental_id
CREATE TABLE "favorites" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar NOT NULL, "amount" decimal(10,2) DEFAULT '0.0' NOT NULL, "active" boolean DEFAULT 1 NOT NULL, "position" integer DEFAULT 0, "actor_id" integer NOT NULL, "rental_id" integer NOT NULL, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_be1e08233"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id"), CONSTRAINT "fk_rails_be1e08238"
FOREIGN KEY ("rental_id")
  REFERENCES "rentals" ("id"));
CREATE UNIQUE INDEX "index_favorites_on_name" ON "favorites" ("name") WHERE active;
-- actor_id
-- rental_id
CREATE TABLE "carts" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar, "owner_type" varchar, "owner_id" bigint, "actor_id" integer, "rental_id" integer, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_5c5581d43"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id"), CONSTRAINT "fk_rails_5c5581d48"
FOREIGN KEY ("rental_id")
  REFERENCES "rentals" ("id"));
CREATE INDEX "index_carts_on_name" ON "carts" ("name" COLLATE NOCASE);
CREATE INDEX "index_carts_on_owner" ON "carts" ("owner_type", "owner_id") /*application='Rental'*/;
-- actor_id
-- rental_id
CREATE TABLE "cart_items" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar NOT NULL, "amount" decimal(10,2) DEFAULT '0.0' NOT NULL, "active" boolean DEFAULT 1 NOT NULL, "position" integer DEFAULT 0, "data" json DEFAULT '{}' NOT NULL, "kind" varchar DEFAULT 'plain' CHECK (kind IN ('plain', 'special')), "happened_on" date, "key_blob" blob, "ratio" float, "at" time, "actor_id" integer NOT NULL, "rental_id" integer NOT NULL, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_fa8cfb853"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id") ON DELETE CASCADE, CONSTRAINT "fk_rails_fa8cfb858"
FOREIGN KEY ("rental_id")
  REFERENCES "rentals" ("id") ON DELETE CASCADE);
CREATE UNIQUE INDEX "index_cart_items_on_name" ON "cart_items" ("name") WHERE active;
-- actor_id
-- rental_id
CREATE TABLE "orders" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar, "actor_id" integer, "rental_id" integer, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_98c475363"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id"), CONSTRAINT "fk_rails_98c475368"
FOREIGN KEY ("rental_id")
  REFERENCES "rentals" ("id"));
CREATE INDEX "index_orders_on_name" ON "orders" ("name");
-- actor_id
-- rental_id
CREATE TABLE "order_items" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar NOT NULL, "amount" decimal(10,2) DEFAULT '0.0' NOT NULL, "active" boolean DEFAULT 1 NOT NULL, "position" integer DEFAULT 0, "actor_id" integer NOT NULL, "rental_id" integer NOT NULL, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_36fbeee73"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id"), CONSTRAINT "fk_rails_36fbeee78"
FOREIGN KEY ("rental_id")
  REFERENCES "rentals" ("id"));
CREATE UNIQUE INDEX "index_order_items_on_name" ON "order_items" ("name") WHERE active;
-- actor_id
-- rental_id
CREATE TABLE "coupons" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar, "data" json DEFAULT '{}' NOT NULL, "kind" varchar DEFAULT 'plain' CHECK (kind IN ('plain', 'special')), "happened_on" date, "key_blob" blob, "ratio" float, "at" time, "owner_type" varchar, "owner_id" bigint, "actor_id" integer, "rental_id" integer, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_d53368983"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id") ON DELETE CASCADE, CONSTRAINT "fk_rails_d53368988"
FOREIGN KEY ("rental_id")
  REFERENCES "rentals" ("id") ON DELETE CASCADE);
CREATE INDEX "index_coupons_on_name" ON "coupons" ("name");
CREATE INDEX "index_coupons_on_owner" ON "coupons" ("owner_type", "owner_id") /*application='Rental'*/;
-- actor_id
-- rental_id
CREATE TABLE "shipments" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar NOT NULL, "amount" decimal(10,2) DEFAULT '0.0' NOT NULL, "active" boolean DEFAULT 1 NOT NULL, "position" integer DEFAULT 0, "actor_id" integer NOT NULL, "rental_id" integer NOT NULL, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_736ae2493"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id"), CONSTRAINT "fk_rails_736ae2498"
FOREIGN KEY ("rental_id")
  REFERENCES "rentals" ("id"));
CREATE UNIQUE INDEX "index_shipments_on_name" ON "shipments" ("name" COLLATE NOCASE) WHERE active;
-- actor_id
-- rental_id
CREATE TABLE "warehouses" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar, "actor_id" integer, "rental_id" integer, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_11a25bfa3"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id"), CONSTRAINT "fk_rails_11a25bfa8"
FOREIGN KEY ("rental_id")
  REFERENCES "rentals" ("id"));
CREATE INDEX "index_warehouses_on_name" ON "warehouses" ("name");
-- actor_id
-- rental_id
CREATE TABLE "stock_levels" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar NOT NULL, "amount" decimal(10,2) DEFAULT '0.0' NOT NULL, "active" boolean DEFAULT 1 NOT NULL, "position" integer DEFAULT 0, "data" json DEFAULT '{}' NOT NULL, "kind" varchar DEFAULT 'plain' CHECK (kind IN ('plain', 'special')), "happened_on" date, "key_blob" blob, "ratio" float, "at" time, "actor_id" integer NOT NULL, "rental_id" integer NOT NULL, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_afd9d5ab3"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id") ON DELETE CASCADE, CONSTRAINT "fk_rails_afd9d5ab8"
FOREIGN KEY ("rental_id")
  REFERENCES "rentals" ("id") ON DELETE CASCADE);
CREATE UNIQUE INDEX "index_stock_levels_on_name" ON "stock_levels" ("name") WHERE active;
-- actor_id
-- rental_id
CREATE TABLE "suppliers" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar, "owner_type" varchar, "owner_id" bigint, "actor_id" integer, "rental_id" integer, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_4e114f5c3"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id"), CONSTRAINT "fk_rails_4e114f5c8"
FOREIGN KEY ("rental_id")
  REFERENCES "rentals" ("id"));
CREATE INDEX "index_suppliers_on_name" ON "suppliers" ("name");
CREATE INDEX "index_suppliers_on_owner" ON "suppliers" ("owner_type", "owner_id") /*application='Rental'*/;
-- actor_id
-- rental_id
CREATE TABLE "purchases" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar NOT NULL, "amount" decimal(10,2) DEFAULT '0.0' NOT NULL, "active" boolean DEFAULT 1 NOT NULL, "position" integer DEFAULT 0, "actor_id" integer NOT NULL, "rental_id" integer NOT NULL, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_ec48c90d3"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id"), CONSTRAINT "fk_rails_ec48c90d8"
FOREIGN KEY ("rental_id")
  REFERENCES "rentals" ("id"));
CREATE UNIQUE INDEX "index_purchases_on_name" ON "purchases" ("name") WHERE active;
-- actor_id
-- rental_id
CREATE TABLE "notifications" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar, "data" json DEFAULT '{}' NOT NULL, "kind" varchar DEFAULT 'plain' CHECK (kind IN ('plain', 'special')), "happened_on" date, "key_blob" blob, "ratio" float, "at" time, "actor_id" integer, "rental_id" integer, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_8a8042be3"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id") ON DELETE CASCADE, CONSTRAINT "fk_rails_8a8042be8"
FOREIGN KEY ("rental_id")
  REFERENCES "rentals" ("id") ON DELETE CASCADE);
CREATE INDEX "index_notifications_on_name" ON "notifications" ("name" COLLATE NOCASE);
-- actor_id
-- rental_id
CREATE TABLE "devices" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar NOT NULL, "amount" decimal(10,2) DEFAULT '0.0' NOT NULL, "active" boolean DEFAULT 1 NOT NULL, "position" integer DEFAULT 0, "actor_id" integer NOT NULL, "rental_id" integer NOT NULL, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_28b7bc6f3"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id"), CONSTRAINT "fk_rails_28b7bc6f8"
FOREIGN KEY ("rental_id")
  REFERENCES "rentals" ("id"));
CREATE UNIQUE INDEX "index_devices_on_name" ON "devices" ("name") WHERE active;
-- actor_id
-- rental_id
CREATE TABLE "sessions" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar, "owner_type" varchar, "owner_id" bigint, "actor_id" integer, "rental_id" integer, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_c6ef36203"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id"), CONSTRAINT "fk_rails_c6ef36208"
FOREIGN KEY ("rental_id")
  REFERENCES "rentals" ("id"));
CREATE INDEX "index_sessions_on_name" ON "sessions" ("name");
CREATE INDEX "index_sessions_on_owner" ON "sessions" ("owner_type", "owner_id") /*application='Rental'*/;
-- actor_id
-- rental_id
CREATE TABLE "api_tokens" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar NOT NULL, "amount" decimal(10,2) DEFAULT '0.0' NOT NULL, "active" boolean DEFAULT 1 NOT NULL, "position" integer DEFAULT 0, "data" json DEFAULT '{}' NOT NULL, "kind" varchar DEFAULT 'plain' CHECK (kind IN ('plain', 'special')), "happened_on" date, "key_blob" blob, "ratio" float, "at" time, "actor_id" integer NOT NULL, "rental_id" integer NOT NULL, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_6526afd13"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id") ON DELETE CASCADE, CONSTRAINT "fk_rails_6526afd18"
FOREIGN KEY ("rental_id")
  REFERENCES "rentals" ("id") ON DELETE CASCADE);
CREATE UNIQUE INDEX "index_api_tokens_on_name" ON "api_tokens" ("name") WHERE active;
-- actor_id
-- rental_id
CREATE TABLE "audits" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar, "actor_id" integer, "rental_id" integer, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_035e29823"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id"), CONSTRAINT "fk_rails_035e29828"
FOREIGN KEY ("rental_id")
  REFERENCES "rentals" ("id"));
CREATE INDEX "index_audits_on_name" ON "audits" ("name");
-- actor_id
-- rental_id
CREATE TABLE "settings" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar NOT NULL, "amount" decimal(10,2) DEFAULT '0.0' NOT NULL, "active" boolean DEFAULT 1 NOT NULL, "position" integer DEFAULT 0, "actor_id" integer NOT NULL, "rental_id" integer NOT NULL, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_a195a3333"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id"), CONSTRAINT "fk_rails_a195a3338"
FOREIGN KEY ("rental_id")
  REFERENCES "rentals" ("id"));
CREATE UNIQUE INDEX "index_settings_on_name" ON "settings" ("name" COLLATE NOCASE) WHERE active;
-- actor_id
-- rental_id
CREATE TABLE "pages" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar, "data" json DEFAULT '{}' NOT NULL, "kind" varchar DEFAULT 'plain' CHECK (kind IN ('plain', 'special')), "happened_on" date, "key_blob" blob, "ratio" float, "at" time, "owner_type" varchar, "owner_id" bigint, "actor_id" integer, "rental_id" integer, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_3fcd1ce43"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id") ON DELETE CASCADE, CONSTRAINT "fk_rails_3fcd1ce48"
FOREIGN KEY ("rental_id")
  REFERENCES "rentals" ("id") ON DELETE CASCADE);
CREATE INDEX "index_pages_on_name" ON "pages" ("name");
CREATE INDEX "index_pages_on_owner" ON "pages" ("owner_type", "owner_id") /*application='Rental'*/;
-- actor_id
-- rental_id
CREATE TABLE "page_versions" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar NOT NULL, "amount" decimal(10,2) DEFAULT '0.0' NOT NULL, "active" boolean DEFAULT 1 NOT NULL, "position" integer DEFAULT 0, "actor_id" integer NOT NULL, "rental_id" integer NOT NULL, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_de0496953"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id"), CONSTRAINT "fk_rails_de0496958"
FOREIGN KEY ("rental_id")
  REFERENCES "rentals" ("id"));
CREATE UNIQUE INDEX "index_page_versions_on_name" ON "page_versions" ("name") WHERE active;
-- actor_id
-- rental_id
CREATE TABLE "blobs" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar, "actor_id" integer, "rental_id" integer, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_7c3c10463"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id"), CONSTRAINT "fk_rails_7c3c10468"
FOREIGN KEY ("rental_id")
  REFERENCES "rentals" ("id"));
CREATE INDEX "index_blobs_on_name" ON "blobs" ("name");
-- actor_id
-- rental_id
CREATE TABLE "attachments" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar NOT NULL, "amount" decimal(10,2) DEFAULT '0.0' NOT NULL, "active" boolean DEFAULT 1 NOT NULL, "position" integer DEFAULT 0, "data" json DEFAULT '{}' NOT NULL, "kind" varchar DEFAULT 'plain' CHECK (kind IN ('plain', 'special')), "happened_on" date, "key_blob" blob, "ratio" float, "at" time, "actor_id" integer NOT NULL, "rental_id" integer NOT NULL, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_1a7389f73"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id") ON DELETE CASCADE, CONSTRAINT "fk_rails_1a7389f78"
FOREIGN KEY ("rental_id")
  REFERENCES "rentals" ("id") ON DELETE CASCADE);
CREATE UNIQUE INDEX "index_attachments_on_name" ON "attachments" ("name") WHERE active;
-- actor_id
-- rental_id
CREATE TABLE "variants" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar, "owner_type" varchar, "owner_id" bigint, "actor_id" integer, "rental_id" integer, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_b8ab03a83"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id"), CONSTRAINT "fk_rails_b8ab03a88"
FOREIGN KEY ("rental_id")
  REFERENCES "rentals" ("id"));
CREATE INDEX "index_variants_on_name" ON "variants" ("name" COLLATE NOCASE);
CREATE INDEX "index_variants_on_owner" ON "variants" ("owner_type", "owner_id") /*application='Rental'*/;
-- actor_id
-- rental_id
CREATE TABLE "messages" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar NOT NULL, "amount" decimal(10,2) DEFAULT '0.0' NOT NULL, "active" boolean DEFAULT 1 NOT NULL, "position" integer DEFAULT 0, "actor_id" integer NOT NULL, "rental_id" integer NOT NULL, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_56e27d593"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id"), CONSTRAINT "fk_rails_56e27d598"
FOREIGN KEY ("rental_id")
  REFERENCES "rentals" ("id"));
CREATE UNIQUE INDEX "index_messages_on_name" ON "messages" ("name") WHERE active;
-- actor_id
-- rental_id
CREATE TABLE "rooms" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar, "data" json DEFAULT '{}' NOT NULL, "kind" varchar DEFAULT 'plain' CHECK (kind IN ('plain', 'special')), "happened_on" date, "key_blob" blob, "ratio" float, "at" time, "actor_id" integer, "rental_id" integer, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_f519f70a3"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id") ON DELETE CASCADE, CONSTRAINT "fk_rails_f519f70a8"
FOREIGN KEY ("rental_id")
  REFERENCES "rentals" ("id") ON DELETE CASCADE);
CREATE INDEX "index_rooms_on_name" ON "rooms" ("name");
-- actor_id
-- rental_id
CREATE TABLE "memberships" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar NOT NULL, "amount" decimal(10,2) DEFAULT '0.0' NOT NULL, "active" boolean DEFAULT 1 NOT NULL, "position" integer DEFAULT 0, "actor_id" integer NOT NULL, "rental_id" integer NOT NULL, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_935170bb3"
FOREIGN KEY ("actor_id")
  REFERENCES "actors" ("id"), CONSTRAINT "fk_rails_935170bb8"
FOREIGN KEY ("rental_id")
  REFERENCES "rentals" ("id"));
CREATE UNIQUE INDEX "index_memberships_on_name" ON "memberships" ("name") WHERE active;
CREATE TABLE "languages_rooms" ("language_id" integer NOT NULL, "room_id" integer NOT NULL);
CREATE UNIQUE INDEX "index_languages_rooms" ON "languages_rooms" ("language_id", "room_id");
CREATE TABLE film_text (film_id SMALLINT NOT NULL, title VARCHAR(255) NOT NULL, description BLOB SUB_TYPE TEXT, PRIMARY KEY (film_id));
CREATE TABLE film_actor_credit (actor_id INT NOT NULL, film_id INT NOT NULL, last_update TIMESTAMP NOT NULL, PRIMARY KEY (actor_id,film_id), CONSTRAINT fk_credit_actor FOREIGN KEY (actor_id) REFERENCES actors (id) ON DELETE NO ACTION ON UPDATE CASCADE, CONSTRAINT fk_credit_film FOREIGN KEY (film_id) REFERENCES films (id) ON DELETE NO ACTION ON UPDATE CASCADE);
CREATE TRIGGER film_actor_credit_insert AFTER INSERT ON film_actor_credit BEGIN UPDATE film_actor_credit SET last_update = DATETIME('NOW') WHERE rowid = new.rowid; END;
CREATE VIRTUAL TABLE film_search USING fts5(name, content='films', content_rowid='id', tokenize='porter unicode61');
CREATE TRIGGER films_ai AFTER INSERT ON films BEGIN INSERT INTO film_search(rowid, name) VALUES (new.id, new.name); END;
CREATE VIEW film_list AS SELECT films.id AS FID, films.name AS title, actors.name AS actors FROM films JOIN film_actor_credit ON film_actor_credit.film_id = films.id JOIN actors ON film_actor_credit.actor_id = actors.id;
CREATE TABLE "schema_migrations" ("version" varchar NOT NULL PRIMARY KEY);
CREATE TABLE "ar_internal_metadata" ("key" varchar NOT NULL PRIMARY KEY, "value" varchar, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL);
