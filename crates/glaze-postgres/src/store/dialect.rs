//! Queries as PostgreSQL says them.

use glaze_data::{bound::TimeUnit, store::StoreError};
use glaze_expr::tree::{Arith, Func};
use glaze_sql::query::{Cell, Kind, Piece, QueryDialect, SearchIndex, quote};

/// PostgreSQL.
#[derive(Debug, Clone, Copy, Default)]
pub struct PostgresQueries;

/// The type to say for a parameter.
fn type_name(kind: Kind) -> String {
    let name = match kind.cell {
        Cell::Bool => "boolean",
        Cell::Int => "bigint",
        Cell::Float32 | Cell::Float64 => "double precision",
        Cell::Text | Cell::Enum | Cell::Opaque => "text",
        Cell::Uuid => "uuid",
        Cell::Date => "date",
        Cell::Time => "time",
        Cell::DateTime => "timestamptz",
        Cell::Duration => "interval",
        Cell::Json => "jsonb",
        Cell::Bytes => "bytea",
        Cell::Decimal { .. } => "numeric",
        Cell::Point => "point",
    };
    format!("{name}{}", if kind.list { "[]" } else { "" })
}

impl QueryDialect for PostgresQueries {
    fn name(&self) -> &'static str {
        "postgres"
    }

    fn scaled_decimals(&self) -> bool {
        false
    }

    fn batches(&self) -> bool {
        true
    }

    fn table(&self, schema: Option<&str>, table: &str) -> String {
        match schema {
            Some(schema) => format!("{}.{}", quote(schema), quote(table)),
            None => quote(table),
        }
    }

    fn param(&self, n: usize, cast: Option<Kind>) -> String {
        match cast {
            Some(kind) => format!("${n}::{}", type_name(kind)),
            None => format!("${n}"),
        }
    }

    fn operand(&self, column: &str, kind: Kind) -> String {
        match kind.cell {
            Cell::Opaque => format!("{column}::text"),
            _ => column.to_owned(),
        }
    }

    fn output(&self, sql: &str, kind: Kind) -> String {
        match kind.cell {
            Cell::Opaque if !sql.ends_with("::text") => format!("({sql})::text"),
            _ => sql.to_owned(),
        }
    }

    fn same(&self, a: &str, b: &str) -> String {
        format!("{a} IS NOT DISTINCT FROM {b}")
    }

    fn different(&self, a: &str, b: &str) -> String {
        format!("{a} IS DISTINCT FROM {b}")
    }

    fn as_text(&self, piece: &Piece) -> String {
        match piece.kind.cell {
            Cell::Text if !piece.kind.foreign => piece.sql.clone(),
            _ if piece.sql.ends_with("::text") => piece.sql.clone(),
            _ => format!("{}::text", piece.sql),
        }
    }

    fn as_float(&self, piece: &Piece) -> String {
        format!("{}::double precision", piece.sql)
    }

    fn order_key(&self, piece: &Piece) -> String {
        match piece.kind.cell {
            _ if piece.kind.list => piece.sql.clone(),
            Cell::Text | Cell::Opaque => format!("({} COLLATE \"C\")", piece.sql),
            Cell::Enum => format!("({} COLLATE \"C\")", self.as_text(piece)),
            _ => piece.sql.clone(),
        }
    }

    fn in_list(&self, item: &str, list: &str) -> String {
        format!("{item} = ANY({list})")
    }

    fn in_column(&self, item: &str, list: &Piece) -> String {
        format!("({item} = ANY({}))", list.sql)
    }

    fn arith(&self, op: Arith, a: &Piece, b: &Piece) -> Result<Piece, StoreError> {
        let (left, right) = (&a.sql, &b.sql);
        let piece = |sql: String, kind: Kind| Ok(Piece::new(sql, kind));
        let temporal = |sign: &str, cell: Cell| Ok(Piece::new(format!("({left} {sign} {right})"), cell));
        match (op, a.kind.cell, b.kind.cell) {
            (Arith::Add, _, _) if a.kind.is_text() => return piece(format!("({left} || {right})"), Cell::Text.into()),
            (Arith::Add, Cell::DateTime, Cell::Duration) | (Arith::Add, Cell::Duration, Cell::DateTime) => {
                return temporal("+", Cell::DateTime);
            }
            (Arith::Sub, Cell::DateTime, Cell::Duration) => return temporal("-", Cell::DateTime),
            (Arith::Sub, Cell::DateTime, Cell::DateTime) => return temporal("-", Cell::Duration),
            (Arith::Add, Cell::Duration, Cell::Duration) => return temporal("+", Cell::Duration),
            (Arith::Sub, Cell::Duration, Cell::Duration) => return temporal("-", Cell::Duration),
            _ if !a.kind.is_numeric() || !b.kind.is_numeric() => return Err(StoreError::Unsupported(format!("{op:?} of these types"))),
            (Arith::Rem, left, right) if left != Cell::Int || right != Cell::Int => {
                return Err(StoreError::Unsupported(format!("{op:?} of these types")));
            }
            _ => {}
        }
        let kind = number_kind(op, a.kind, b.kind);
        let cast = match kind.cell {
            Cell::Int => "::bigint",
            Cell::Float64 => "::double precision",
            _ => "",
        };
        piece(
            match op {
                Arith::Add => format!("({left}{cast} + {right}{cast})"),
                Arith::Sub => format!("({left}{cast} - {right}{cast})"),
                Arith::Mul => format!("({left}{cast} * {right}{cast})"),
                Arith::Div => format!("({left}{cast} / NULLIF({right}{cast}, 0))"),
                Arith::Rem => format!("({left}{cast} % NULLIF({right}{cast}, 0))"),
            },
            kind,
        )
    }

    fn call(&self, func: Func, args: &[Piece]) -> Result<Piece, StoreError> {
        let one = args
            .first()
            .ok_or_else(|| StoreError::Unsupported(format!("{func:?} without arguments")))?;
        let a = one.sql.as_str();
        let b = args.get(1).map_or("NULL", |piece| piece.sql.as_str());
        let starts = |a: &str, b: &str| Piece::new(format!("starts_with({a}, {b})"), Cell::Bool);
        let ends = |a: &str, b: &str| Piece::new(format!("(right({a}, char_length({b})) = {b})"), Cell::Bool);
        let lower = |text: &str| format!("lower({text})");
        let part = |name: &str| Piece::new(format!("extract({name} from {a})::bigint"), Cell::Int);
        Ok(match func {
            Func::Size if one.kind.list => Piece::new(format!("cardinality({a})"), Cell::Int),
            Func::Size if one.kind.cell == Cell::Json => Piece::new(format!("jsonb_array_length({a})"), Cell::Int),
            Func::Size => Piece::new(format!("char_length({a})"), Cell::Int),
            Func::Contains => Piece::new(format!("(strpos({a}, {b}) > 0)"), Cell::Bool),
            Func::IContains => Piece::new(format!("(strpos({}, {}) > 0)", lower(a), lower(b)), Cell::Bool),
            Func::StartsWith => starts(a, b),
            Func::IStartsWith => starts(&lower(a), &lower(b)),
            Func::EndsWith => ends(a, b),
            Func::IEndsWith => ends(&lower(a), &lower(b)),
            Func::Lower => Piece::new(lower(a), Cell::Text),
            Func::Upper => Piece::new(format!("upper({a})"), Cell::Text),
            Func::Trim => Piece::new(format!("btrim({a}, E' \\t\\n\\r')"), Cell::Text),
            Func::Abs => Piece::new(format!("abs({a})"), one.kind),
            Func::Round => round(one, args.get(1)),
            Func::Year => part("year"),
            Func::Month => part("month"),
            Func::Day => part("day"),
            Func::Matches | Func::Coalesce | Func::Has => return Err(StoreError::Unsupported(format!("{func:?} here"))),
        })
    }

    fn json_text(&self, json: &str, path: &str) -> String {
        format!("({json} #>> {path})")
    }

    fn cut(&self, piece: &Piece, unit: TimeUnit) -> String {
        let format = match unit {
            TimeUnit::Year => "YYYY",
            TimeUnit::Month => "YYYY-MM",
            TimeUnit::Day => "YYYY-MM-DD",
            TimeUnit::Hour => "YYYY-MM-DD\"T\"HH24",
        };
        format!("to_char({}, '{format}')", piece.sql)
    }

    fn rich_text(&self, json: &str) -> String {
        format!("(SELECT string_agg(v #>> '{{}}', ' ') FROM jsonb_path_query({json}::jsonb, '$.**.text ? (@.type() == \"string\")') AS v)")
    }

    fn search(&self, texts: &[String], words: &str) -> String {
        // Letters are those of the database's locale, whatever collation a column has: the search index knows no other.
        format!("(concat_ws(' ', {}) COLLATE \"default\" ~ ALL ({words}))", texts.join(", "))
    }

    fn search_sieve(&self, index: &SearchIndex, alias: &str, words: &str) -> String {
        super::search::sieve(index, alias, words)
    }

    fn sum(&self, piece: &Piece) -> Piece {
        match piece.kind.cell {
            Cell::Int => Piece::new(format!("sum({})::numeric", piece.sql), Cell::Int),
            Cell::Float32 | Cell::Float64 => Piece::new(format!("sum({}::double precision)", piece.sql), Cell::Float64),
            _ => Piece::new(format!("sum({})", piece.sql), piece.kind),
        }
    }

    fn avg(&self, piece: &Piece) -> Piece {
        match piece.kind.cell {
            Cell::Decimal { .. } => Piece::new(
                format!("round(avg({}), 6)", piece.sql),
                Cell::Decimal {
                    scale: Some(6),
                    scaled: false,
                },
            ),
            _ => Piece::new(format!("(sum({0})::double precision / count({0}))", piece.sql), Cell::Float64),
        }
    }

    fn lock_clause(&self) -> &'static str {
        " FOR UPDATE"
    }

    fn estimate(&self, schema: Option<&str>, table: &str) -> Option<String> {
        let name = self.text_literal(&self.table(schema, table));
        Some(format!(
            "SELECT coalesce((SELECT reltuples::bigint FROM pg_class WHERE oid = to_regclass({name})), -1)"
        ))
    }
}

/// Division of decimals is done in doubles: the databases cut quotients at different digits.
fn number_kind(op: Arith, a: Kind, b: Kind) -> Kind {
    let float = |kind: Kind| matches!(kind.cell, Cell::Float32 | Cell::Float64);
    if a.cell == Cell::Int && b.cell == Cell::Int {
        return Cell::Int.into();
    }
    if float(a) || float(b) || op == Arith::Div {
        return Cell::Float64.into();
    }
    let scale = |kind: Kind| match kind.cell {
        Cell::Decimal { scale, .. } => scale,
        _ => Some(0),
    };
    let scale = match (scale(a), scale(b)) {
        (Some(left), Some(right)) if op == Arith::Mul => Some(left + right),
        (Some(left), Some(right)) => Some(left.max(right)),
        _ => None,
    };
    Cell::Decimal { scale, scaled: false }.into()
}

fn round(number: &Piece, digits: Option<&Piece>) -> Piece {
    let digits = digits.map_or("0", |piece| piece.sql.as_str());
    let sql = match number.kind.cell {
        Cell::Int => return number.clone(),
        Cell::Decimal { .. } => format!("round({}, {digits}::integer)", number.sql),
        _ => format!("round({}::numeric, {digits}::integer)::double precision", number.sql),
    };
    Piece::new(sql, number.kind)
}
