//! Tables that come, go and are called otherwise; indexes, unique sets, keys and checks.

use crate::cases::{Case, Change, check, run};
use crate::renames;

const SHOP: &str = r#"use glaze::schema::*;

/* What we sell. */
#[entity]
#[index(name, price desc)] // for the list
#[unique(name, maker)]
#[db(check = "price > weight")]
pub struct Product {
    pub name: String,
    pub maker: String,
    pub price: i64,
    pub weight: i64,
    pub tags: Many<Tag>,
}

#[entity(timestamps = false)]
pub struct Tag { pub word: String }
"#;

#[test]
fn a_new_table() {
    check(
        SHOP,
        Change::Postgres("CREATE TABLE notes (id uuid PRIMARY KEY, said text NOT NULL, about uuid REFERENCES products ON DELETE CASCADE)"),
        &[(
            "pub word: String }\n",
            "pub word: String }\n\n#[entity(timestamps = false)]\npub struct Note {\n    pub said: Text,\n    #[on_delete(cascade)]\n    #[db(column = \"about\")]\n    pub about: Option<Ref<Product>>,\n}\n",
        )],
    );
    check(
        SHOP,
        Change::Schema(&[(
            "#[entity(timestamps = false)]",
            "#[entity]\npub struct Note {\n    pub said: Text,\n    pub about: Ref<Tag>,\n}\n\n#[entity(timestamps = false)]",
        )]),
        &[(
            "pub word: String }\n",
            "pub word: String }\n\n#[entity]\npub struct Note {\n    pub said: Text,\n    pub about: Ref<Tag>,\n}\n",
        )],
    );
}

#[test]
fn new_tables_that_refer_to_each_other() {
    check(
        SHOP,
        Change::Schema(&[(
            "#[entity(timestamps = false)]",
            "#[entity(timestamps = false)]\npub struct Shelf {\n    pub room: Ref<Room>,\n}\n\n#[entity(timestamps = false)]\npub struct Room {\n    pub nice: bool,\n}\n\n#[entity(timestamps = false)]",
        )]),
        &[(
            "pub word: String }\n",
            "pub word: String }\n\n#[entity(timestamps = false)]\npub struct Room {\n    pub nice: bool,\n}\n\n#[entity(timestamps = false)]\npub struct Shelf {\n    pub room: Ref<Room>,\n}\n",
        )],
    );
}

#[test]
fn a_table_is_gone() {
    check(
        SHOP,
        Change::Sql("DROP TABLE product_tags; DROP TABLE tags"),
        &[
            ("    pub tags: Many<Tag>,\n", ""),
            ("\n#[entity(timestamps = false)]\npub struct Tag { pub word: String }\n", ""),
        ],
    );
    check(SHOP, Change::Sql("DROP TABLE product_tags"), &[("    pub tags: Many<Tag>,\n", "")]);
}

#[test]
fn a_table_is_called_otherwise() {
    run(Case {
        before: SHOP,
        change: Change::Sql("ALTER TABLE products RENAME TO goods"),
        answers: renames(&[("public.products", "public.goods")]),
        after: &[
            ("pub struct Product", "#[was(\"Product\")]\npub struct Good"),
            (
                "    pub tags: Many<Tag>,",
                "    #[db(table = \"product_tags\", from_columns = \"product_id\")]\n    pub tags: Many<Tag>,",
            ),
        ],
    });
    run(Case {
        before: SHOP,
        change: Change::Sql("ALTER TABLE tags RENAME TO labels"),
        answers: renames(&[("public.tags", "public.labels")]),
        after: &[
            (
                "    pub tags: Many<Tag>,",
                "    #[db(to_columns = \"tag_id\")]\n    pub tags: Many<Label>,",
            ),
            ("pub struct Tag", "#[was(\"Tag\")]\npub struct Label"),
        ],
    });
    run(Case {
        before: SHOP,
        change: Change::Sql("ALTER TABLE product_tags RENAME TO words"),
        answers: renames(&[("public.product_tags", "public.words")]),
        after: &[("    pub tags: Many<Tag>,", "    #[db(table = \"words\")]\n    pub tags: Many<Tag>,")],
    });
}

#[test]
fn indexes() {
    check(
        SHOP,
        Change::Sql("DROP INDEX products_name_price_idx"),
        &[("#[index(name, price desc)] // for the list\n", "")],
    );
    check(
        SHOP,
        Change::Sql("CREATE INDEX w ON products (weight DESC, maker)"),
        &[("pub struct Product", "#[index(weight desc, maker)]\npub struct Product")],
    );
    check(
        SHOP,
        Change::Postgres("CREATE INDEX w ON products (weight) WHERE price > 3"),
        &[(
            "pub struct Product",
            "#[index(weight, db_where = \"price > 3\")]\npub struct Product",
        )],
    );
    check(
        SHOP,
        Change::Postgres("CREATE INDEX w ON products (lower(maker))"),
        &[("pub struct Product", "#[index(expr = \"lower(maker)\")]\npub struct Product")],
    );
    check(
        SHOP,
        Change::Postgres("CREATE UNIQUE INDEX w ON products (weight) WHERE maker = 'x'"),
        &[(
            "pub struct Product",
            "#[index(weight, unique, db_where = \"maker = 'x'::text\")]\npub struct Product",
        )],
    );
}

#[test]
fn an_index_that_the_schema_has_no_word_for_stays() {
    // It is carried: nothing has to be said.
    check(
        SHOP,
        Change::Postgres("CREATE INDEX w ON products USING btree (name) INCLUDE (maker)"),
        &[],
    );
}

#[test]
fn unique_sets() {
    check(
        SHOP,
        Change::Schema(&[("#[unique(name, maker)]\n", "")]),
        &[("#[unique(name, maker)]\n", "")],
    );
    check(
        SHOP,
        Change::Schema(&[("#[unique(name, maker)]", "#[unique(name, maker)]\n#[unique(maker, weight)]")]),
        &[("pub struct Product", "#[unique(maker, weight)]\npub struct Product")],
    );
}

#[test]
fn checks_over_several_columns() {
    check(
        SHOP,
        Change::Schema(&[("#[db(check = \"price > weight\")]\n", "")]),
        &[("#[db(check = \"price > weight\")]\n", "")],
    );
    check(
        SHOP,
        Change::Postgres("ALTER TABLE products ADD CHECK (weight < price * 2)"),
        &[("pub struct Product", "#[db(check = \"weight < (price * 2)\")]\npub struct Product")],
    );
}

#[test]
fn keys() {
    check(
        SHOP,
        Change::Postgres(
            "ALTER TABLE product_tags DROP CONSTRAINT product_tags_tag_id_fkey; ALTER TABLE tags DROP CONSTRAINT tags_pkey; ALTER TABLE tags DROP COLUMN id; ALTER TABLE tags ADD PRIMARY KEY (word); DROP TABLE product_tags",
        ),
        &[("    pub tags: Many<Tag>,\n", ""), ("{ pub word", "{ #[id] pub word")],
    );
}
