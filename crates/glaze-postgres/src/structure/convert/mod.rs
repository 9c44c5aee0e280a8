//! How values get from one column type to another. A value that does not fit makes the statement fail, it is never cut: an explicit
//! cast to `varchar(n)` would cut, so text is left to the assignment, which refuses.

mod family;
mod numbers;
mod temporal;
mod text;

use glaze_converge::{
    catalog::Column,
    dialect::{Conversion, ConversionKind, ConversionNote},
};

use self::family::{Family, family};
use super::ident::quote_ident;

/// The conversion between two columns.
pub(super) fn convert(from: &Column, to: &Column) -> Conversion {
    if from.ty == to.ty {
        return Conversion::default();
    }
    Way {
        column: quote_ident(&from.name),
        from: &from.ty,
        to: &to.ty,
    }
    .conversion()
}

/// From one type to the other, over a column.
struct Way<'a> {
    /// Quoted.
    column: String,
    from: &'a str,
    to: &'a str,
}

impl Way<'_> {
    fn conversion(&self) -> Conversion {
        use Family::{Bits, Bool, Builtin, Bytes, Char, Date, Float, Integer, Json, List, Named, Numeric, Text, Time, Timestamp, Uuid};
        let (from, to) = (family(self.from), family(self.to));
        match (from, to) {
            (Integer(_) | Float(_) | Numeric(_) | Bool, Integer(_) | Float(_) | Numeric(_) | Bool) => numbers::convert(self, from, to),
            (Bytes, Text(_) | Char(_) | Named) | (Text(_) | Char(_), Bytes | Bits(..)) => self.impossible(),
            (List, List) => self.items(),
            // The braces and quotes of an array are nobody's text.
            (List, Text(_) | Char(_)) => Conversion {
                changes: Some(self.held()),
                kind: ConversionKind::Lossy,
                ..text::to_text(self, from, to)
            },
            (_, Text(_) | Char(_)) => text::to_text(self, from, to),
            (Text(_) | Char(_), Integer(_) | Float(_) | Numeric(_)) => numbers::from_text(self, to),
            (Text(_) | Char(_), Json(_) | Uuid | Bool | Date | Timestamp(..) | Time(..) | Builtin) => text::from_text(self, to),
            (Date | Timestamp(..) | Time(..), Date | Timestamp(..) | Time(..)) => temporal::convert(self, from, to),
            (Json(false), Json(true)) => self.lossy(
                Some(self.cast()),
                Some(format!(
                    "CASE WHEN json_typeof({c}) = 'object' THEN \
                     (SELECT count(*) > count(DISTINCT item) FROM json_object_keys({c}) AS item) ELSE false END",
                    c = self.column
                )),
            ),
            (Json(_), Json(_)) => self.widening(Some(self.cast())),
            (List, Json(_)) => self.widening(Some(format!("to_jsonb({})::{}", self.column, self.to))),
            (Bits(_, a), Bits(varying, b)) => {
                let fits = varying && (b.is_none() || a.zip(b).is_some_and(|(a, b)| a <= b));
                let fails = b.map(|limit| format!("length({}) {} {limit}", self.column, if varying { ">" } else { "<>" }));
                if fits { self.widening(None) } else { self.narrowing(None, fails) }
            }
            (single, List) if single != List && self.to.strip_suffix("[]") == Some(self.from) => self.widening(Some(format!(
                "CASE WHEN {c} IS NULL THEN NULL ELSE ARRAY[{c}] END",
                c = self.column
            ))),
            (Builtin, Builtin) => self.builtin(),
            (Named, _) | (_, Named) => self.named(to),
            _ => self.impossible(),
        }
    }

    /// Types that differ in their arguments (`interval(3)`) or that PostgreSQL casts by itself (`cidr` to `inet`).
    fn builtin(&self) -> Conversion {
        let base = |ty: &str| ty.split('(').next().unwrap_or_default().trim().to_owned();
        match (base(self.from).as_str(), base(self.to).as_str()) {
            ("cidr", "inet") => Conversion::default(),
            (a, b) if a == b => self.lossy(Some(self.cast()), Some(format!("{} IS DISTINCT FROM {}", self.column, self.cast()))),
            _ => self.impossible(),
        }
    }

    /// Enums, domains and types of extensions. What a domain over `varchar(n)` would cut shows in the way back.
    fn named(&self, to: Family) -> Conversion {
        let (c, using) = (&self.column, format!("{}::text::{}", self.column, self.to));
        let misfit = self.misfit(&format!("{c}::text"));
        let changes = (to == Family::Named && family(self.from) != Family::Named)
            .then(|| format!("CASE WHEN {misfit} THEN false ELSE {using}::text <> {c}::text END"));
        Conversion {
            changes,
            ..self.narrowing(Some(using), Some(misfit))
        }
    }

    /// Arrays: what holds of the items. A cast of the whole is all that `ALTER TABLE` takes.
    fn items(&self) -> Conversion {
        let item = |ty: &str| Column {
            name: "item".to_owned(),
            ty: ty.strip_suffix("[]").unwrap_or(ty).to_owned(),
            ..Column::default()
        };
        let (from, to) = (item(self.from), item(self.to));
        let inner = convert(&from, &to);
        let using = match inner.using.as_deref() {
            None => None,
            Some(using) if using == format!("item::{}", to.ty) => Some(self.cast()),
            Some("item::text") => Some(format!("{}::text[]", self.column)),
            Some(using) if using == format!("item::text::{}", to.ty) => Some(format!("{}::text[]::{}", self.column, self.to)),
            Some(_) => return self.impossible(),
        };
        let any = |condition: String| format!("EXISTS (SELECT FROM unnest({}) AS item WHERE {condition})", self.column);
        Conversion {
            using,
            fails: inner.fails.map(any),
            changes: inner.changes.map(any),
            ..inner
        }
    }

    /// The old value in the new type, explicitly.
    fn cast(&self) -> String {
        format!("{}::{}", self.column, self.to)
    }

    fn held(&self) -> String {
        format!("{} IS NOT NULL", self.column)
    }

    /// Holds where `text` is no value of the new type. The function is there while a probe runs (`structure/probe.rs`).
    fn misfit(&self, text: &str) -> String {
        format!("NOT {}({text}, '{}')", super::probe::FITS, self.to.replace('\'', "''"))
    }

    /// Every value fits, and the table is written anew.
    fn widening(&self, using: Option<String>) -> Conversion {
        Conversion {
            using,
            rewrites: true,
            ..Conversion::default()
        }
    }

    /// Values that do not fit make it fail.
    fn narrowing(&self, using: Option<String>, fails: Option<String>) -> Conversion {
        Conversion {
            kind: ConversionKind::Narrowing,
            fails,
            ..self.widening(using)
        }
    }

    /// Values may become others.
    fn lossy(&self, using: Option<String>, changes: Option<String>) -> Conversion {
        Conversion {
            kind: ConversionKind::Lossy,
            changes,
            ..self.widening(using)
        }
    }

    /// Only a person can say.
    fn impossible(&self) -> Conversion {
        Conversion {
            kind: ConversionKind::Impossible,
            fails: Some(self.held()),
            ..self.widening(None)
        }
    }

    /// As `conversion`, by the time zone of whoever runs it where nothing is said.
    fn by_zone(conversion: Conversion) -> Conversion {
        Conversion {
            note: ConversionNote::SessionZone,
            ..conversion
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conversions_are_judged() {
        use ConversionKind::{Impossible, Lossy, Narrowing, Widening};
        for (from, to, kind, rewrites) in [
            ("integer", "bigint", Widening, true),
            ("bigint", "integer", Narrowing, true),
            ("bigint", "double precision", Lossy, true),
            ("integer", "double precision", Widening, true),
            ("numeric(10,2)", "numeric(12,2)", Widening, false),
            ("numeric(10,2)", "numeric(12,3)", Widening, true),
            ("numeric(10,2)", "numeric", Widening, false),
            ("numeric(10,2)", "numeric(10,3)", Narrowing, true),
            ("numeric(10,4)", "numeric(10,2)", Lossy, true),
            ("character varying(20)", "text", Widening, false),
            ("character varying(20)", "character varying(40)", Widening, false),
            ("character varying(20)", "citext", Widening, false),
            ("text", "character varying", Widening, false),
            ("text", "character varying(20)", Narrowing, true),
            ("character(20)", "text", Widening, true),
            ("text", "character(20)", Narrowing, true),
            ("integer", "character varying(11)", Widening, true),
            ("integer", "character varying(3)", Narrowing, true),
            ("uuid", "character varying(36)", Widening, true),
            ("text", "integer", Narrowing, true),
            ("text", "jsonb", Narrowing, true),
            ("text", "post_status", Narrowing, true),
            ("text", "bytea", Impossible, true),
            ("boolean", "integer", Widening, true),
            ("integer", "boolean", Lossy, true),
            ("date", "timestamp with time zone", Widening, true),
            ("timestamp with time zone", "date", Lossy, true),
            ("timestamp without time zone", "timestamp with time zone", Widening, true),
            ("timestamp with time zone", "timestamp without time zone", Lossy, true),
            ("timestamp(3) with time zone", "timestamp with time zone", Widening, false),
            ("timestamp with time zone", "timestamp(0) with time zone", Lossy, true),
            ("uuid", "integer", Impossible, true),
            ("integer", "integer[]", Widening, true),
            ("integer[]", "bigint[]", Widening, true),
            ("text[]", "character varying(3)[]", Narrowing, true),
            ("text[]", "text", Lossy, true),
            ("text[]", "integer", Impossible, true),
            ("bit varying(3)", "bit varying(2)", Narrowing, true),
            ("cidr", "inet", Widening, false),
        ] {
            let column = |ty: &str| Column {
                name: "a".into(),
                ty: ty.into(),
                ..Column::default()
            };
            let judged = convert(&column(from), &column(to));
            assert_eq!((judged.kind, judged.rewrites), (kind, rewrites), "{from} to {to}");
        }
    }
}
