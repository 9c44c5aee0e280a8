//! The table.

use super::{AttributeSpec, KeySpec, KeyValue, Place, Positional};

use Place::{BlockKind, Blocks, Embedded, Entity, Enum, EnumValue, Field};

const ON_DELETE: &[&str] = &["restrict", "cascade", "set_null", "no_action", "set_default"];
const ANYWHERE: &[Place] = &[Entity, Embedded, Enum, EnumValue, Blocks, BlockKind, Field];

const fn key(name: &'static str, value: KeyValue, doc: &'static str) -> KeySpec {
    KeySpec {
        name,
        value,
        places: &[],
        repeat: false,
        doc,
    }
}

const fn key_on(name: &'static str, places: &'static [Place], value: KeyValue, doc: &'static str) -> KeySpec {
    KeySpec {
        name,
        value,
        places,
        repeat: false,
        doc,
    }
}

const fn many(spec: KeySpec) -> KeySpec {
    KeySpec { repeat: true, ..spec }
}

const fn attribute(name: &'static str, places: &'static [Place], positional: Positional, doc: &'static str) -> AttributeSpec {
    AttributeSpec {
        name,
        places,
        repeat: false,
        positional,
        keys: &[],
        later: false,
        syntax: &[],
        doc,
    }
}

const fn later(name: &'static str) -> AttributeSpec {
    AttributeSpec {
        later: true,
        repeat: true,
        ..attribute(name, ANYWHERE, Positional::None, "")
    }
}

/// Every attribute, in the order of the reference.
pub(crate) const ATTRIBUTES: &[AttributeSpec] = &[
    AttributeSpec {
        keys: &[
            key("label", KeyValue::Word, "field that stands for an entry in lists and pickers"),
            key("icon", KeyValue::Text, "icon in the admin"),
            key("timestamps", KeyValue::Bool, "`false` leaves `created_at` and `updated_at` out"),
            key(
                "id",
                KeyValue::Bool,
                "`false`: the table has no key; its entries can be read, not written one by one",
            ),
            key(
                "external",
                KeyValue::Flag,
                "the table's structure belongs to somebody else: its content is managed, its structure never changed",
            ),
            key("internal", KeyValue::Flag, ""),
        ],
        syntax: &[
            "#[entity]",
            "#[entity(label = title, icon = \"newspaper\")]",
            "#[entity(timestamps = false)]",
        ],
        ..attribute("entity", &[Entity], Positional::None, "The struct is an entity: one table.")
    },
    AttributeSpec {
        syntax: &["#[embedded]"],
        ..attribute(
            "embedded",
            &[Embedded],
            Positional::None,
            "The struct is a group of fields that nests in place: columns `<field>_<inner>`, or one JSON column as `Vec<…>`.",
        )
    },
    AttributeSpec {
        syntax: &["#[blocks]"],
        ..attribute(
            "blocks",
            &[Blocks],
            Positional::None,
            "The enum is a set of kinds of blocks; `Vec<…>` of it is an ordered list of typed blocks.",
        )
    },
    AttributeSpec {
        syntax: &["#[extends(User)]"],
        ..attribute(
            "extends",
            &[Entity],
            Positional::Word,
            "Adds fields to a built-in entity, in a table of the project's own, one row for each.",
        )
    },
    AttributeSpec {
        repeat: true,
        syntax: &["#[can(read)]", "#[can(update, \"author == me || 'admin' in me.roles\")]"],
        ..attribute(
            "can",
            &[Entity, Field],
            Positional::WordThenText,
            "Allows `read`, `create`, `update` or `delete` where the expression holds, to everyone without one. Several add up; what none allows is refused.",
        )
    },
    AttributeSpec {
        repeat: true,
        syntax: &["#[cannot(delete, \"status == 'published'\")]"],
        ..attribute(
            "cannot",
            &[Entity, Field],
            Positional::WordThenText,
            "Forbids what a `#[can]` allows, where the expression holds or is null; without one to everyone. It wins whatever else stands there.",
        )
    },
    AttributeSpec {
        repeat: true,
        syntax: &["#[rule(\"ends_on >= starts_on\", \"It cannot end before it starts.\")]"],
        ..attribute(
            "rule",
            &[Entity],
            Positional::TwoTexts,
            "Must hold for every entry that is written; the text is what a person is told otherwise.",
        )
    },
    AttributeSpec {
        repeat: true,
        keys: &[
            key("unique", KeyValue::Flag, "a unique index"),
            key(
                "method",
                KeyValue::WordOrText,
                "access method of the database (`gin`, `gist`, `hash`, …)",
            ),
            key("where", KeyValue::Text, "only the entries for which the expression holds"),
            key("db_where", KeyValue::Text, "the same in the database's own SQL"),
            many(key("expr", KeyValue::Text, "indexes an SQL expression instead of a field")),
            key("name", KeyValue::Text, "name of the index"),
        ],
        syntax: &[
            "#[index(a, b desc)]",
            "#[index(a, unique)]",
            "#[index(data, method = gin)]",
            "#[index(a, where = \"status == 'published'\")]",
            "#[index(expr = \"lower(email)\")]",
        ],
        ..attribute("index", &[Entity], Positional::Fields, "An index over these fields.")
    },
    AttributeSpec {
        repeat: true,
        syntax: &["#[unique]", "#[unique(a, b)]"],
        ..attribute(
            "unique",
            &[Entity, Field],
            Positional::FieldsOrNothing,
            "On a field: no two entries have the same value. On an entity: no two have the same values of all these fields.",
        )
    },
    AttributeSpec {
        syntax: &["#[id]", "#[id(2)]"],
        ..attribute(
            "id",
            &[Field],
            Positional::NumberOrNothing,
            "The field is the key, or a part of it, in the order of the fields unless numbers say otherwise. Replaces `id`.",
        )
    },
    AttributeSpec {
        keys: &[
            key(
                "max",
                KeyValue::Number,
                "text and lists: most characters or items; numbers: largest value",
            ),
            key(
                "min",
                KeyValue::Number,
                "text and lists: fewest characters or items; numbers: smallest value",
            ),
            key("pattern", KeyValue::Text, "regular expression that the whole text must match"),
            key("precision", KeyValue::Count, "`Decimal`, `Money`: significant digits"),
            key("scale", KeyValue::Count, "`Decimal`, `Money`: digits after the point"),
            key("currency", KeyValue::Text, "`Money`: ISO 4217 code"),
            key("help", KeyValue::Text, "help for editors"),
            key(
                "search",
                KeyValue::Bool,
                "whether `search` looks into it; text is searched unless said otherwise",
            ),
        ],
        syntax: &[
            "#[field(max = 200, help = \"Keep it short\")]",
            "#[field(precision = 12, scale = 2)]",
        ],
        ..attribute(
            "field",
            &[Field],
            Positional::None,
            "Limits and help, kept by the database and the API.",
        )
    },
    AttributeSpec {
        syntax: &[
            "#[default(0)]",
            "#[default(\"text\")]",
            "#[default(Draft)]",
            "#[default(now)]",
            "#[default(uuid)]",
            "#[default([])]",
        ],
        ..attribute(
            "default",
            &[Field],
            Positional::Value,
            "The value when none is given: a literal, a value of the enum, `now` for dates and times, `uuid` for a new UUID.",
        )
    },
    AttributeSpec {
        keys: &[key("from", KeyValue::Word, "field that the slug is made from")],
        syntax: &["#[slug(from = title)]"],
        ..attribute("slug", &[Field], Positional::None, "Made from another field when not given.")
    },
    AttributeSpec {
        syntax: &["#[inverse(post)]"],
        ..attribute(
            "inverse",
            &[Field],
            Positional::Word,
            "The other side of the relation that this field of the other entity declares: of a `Ref` on `Many<T>` (on `Option<T>` when it is unique), of a `Many` on `Many<T>`.",
        )
    },
    AttributeSpec {
        syntax: &["#[on_delete(cascade)]"],
        ..attribute(
            "on_delete",
            &[Field],
            Positional::OneOf(ON_DELETE),
            "What happens to this entry when the one it refers to is deleted; `restrict` unless said.",
        )
    },
    AttributeSpec {
        keys: &[key(
            "stored",
            KeyValue::Flag,
            "kept in the table as a generated column instead of computed when read",
        )],
        syntax: &["#[computed(\"size(title) + views\")]", "#[computed(\"price * quantity\", stored)]"],
        ..attribute(
            "computed",
            &[Field],
            Positional::Text,
            "The value is that of the expression over the entry's own fields.",
        )
    },
    AttributeSpec {
        syntax: &["#[private]"],
        ..attribute(
            "private",
            &[Field],
            Positional::None,
            "Unreachable through every API, by every role.",
        )
    },
    AttributeSpec {
        syntax: &["#[was(\"old_name\")]"],
        ..attribute(
            "was",
            &[Entity, Enum, EnumValue, Field],
            Positional::Text,
            "The former name: turns a drop and an add into a rename.",
        )
    },
    AttributeSpec {
        repeat: true,
        keys: DB_KEYS,
        syntax: &["#[db(table = \"blog_post\")]", "#[db(column = \"Title\", type = \"varchar(40)\")]"],
        ..attribute(
            "db",
            &[Entity, Enum, EnumValue, BlockKind, Field],
            Positional::None,
            "How the database says it where Glaze's own way would differ.",
        )
    },
    later("states"),
    later("action"),
    later("workflow"),
    later("view"),
    later("localized"),
    later("drafts"),
    later("tenant"),
    later("pii"),
    later("encrypted"),
    later("search"),
    later("meta"),
];

const DB_KEYS: &[KeySpec] = &[
    key_on(
        "table",
        &[Entity, Field],
        KeyValue::Text,
        "name of the table; on `Many`, of the join table",
    ),
    key_on(
        "schema",
        &[Entity, Enum, Field],
        KeyValue::Text,
        "database schema of the table, type or join table",
    ),
    many(key_on("check", &[Entity], KeyValue::Text, "a check in the database's own SQL")),
    key_on(
        "key",
        &[Entity],
        KeyValue::Text,
        "columns of a primary key that cannot name entries, with `#[entity(id = false)]`",
    ),
    many(key_on(
        "foreign_key",
        &[Entity],
        KeyValue::Text,
        "a foreign key that is no relation: `(a, b) REFERENCES other.table (x, y) ON DELETE CASCADE`",
    )),
    key_on(
        "column",
        &[Field],
        KeyValue::Text,
        "name of the column (of an embedded struct: the prefix of its columns)",
    ),
    key_on(
        "columns",
        &[Field],
        KeyValue::Text,
        "names of the columns of a reference to a compound key, or of the type and the id of an `AnyOf`",
    ),
    key_on(
        "type",
        &[Field, Enum],
        KeyValue::Text,
        "native type, untouched; on an enum, the name of its type",
    ),
    key_on(
        "native",
        &[Enum],
        KeyValue::Bool,
        "`false`: text with a check even where the database has enums",
    ),
    key_on(
        "value",
        &[EnumValue, BlockKind],
        KeyValue::Text,
        "how the value is written in the database, in JSON and in expressions",
    ),
    key_on("default", &[Field], KeyValue::Text, "default in the database's own SQL"),
    key_on(
        "generated",
        &[Field],
        KeyValue::Text,
        "generated by the database from this SQL expression",
    ),
    key_on(
        "stored",
        &[Field],
        KeyValue::Bool,
        "with `generated`: `false` when it is computed on reading",
    ),
    key_on("collate", &[Field], KeyValue::Text, "collation"),
    key_on(
        "identity",
        &[Field],
        KeyValue::OneOf(&["always", "by_default", "serial", "rowid", "autoincrement"]),
        "numbered by the database",
    ),
    key_on(
        "fk",
        &[Field],
        KeyValue::Bool,
        "`false`: the reference has no foreign key in the database",
    ),
    key_on(
        "references",
        &[Field],
        KeyValue::Text,
        "columns that the reference points at when they are not the key",
    ),
    key_on(
        "on_update",
        &[Field],
        KeyValue::OneOf(ON_DELETE),
        "what happens when the key that it points at changes",
    ),
    key_on(
        "deferrable",
        &[Field],
        KeyValue::OneOf(&["deferred", "immediate"]),
        "the foreign key or unique constraint can be judged at commit",
    ),
    key_on(
        "from_columns",
        &[Field],
        KeyValue::Text,
        "columns of the join table that point here",
    ),
    key_on(
        "to_columns",
        &[Field],
        KeyValue::Text,
        "columns of the join table that point to the other entity",
    ),
];
