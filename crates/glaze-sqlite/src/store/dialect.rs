//! Queries as SQLite says them. Functions whose name begins with `glaze_` are registered by [`super::functions`].

use glaze_data::{bound::TimeUnit, store::StoreError};
use glaze_expr::tree::{Arith, Func};
use glaze_sql::query::{Cell, Kind, Piece, QueryDialect, SearchIndex, quote};

/// SQLite.
#[derive(Debug, Clone, Copy, Default)]
pub struct SqliteQueries;

impl QueryDialect for SqliteQueries {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    fn scaled_decimals(&self) -> bool {
        true
    }

    fn batches(&self) -> bool {
        false
    }

    fn table(&self, schema: Option<&str>, table: &str) -> String {
        match schema {
            Some("glaze") => quote(&format!("glaze_{table}")),
            _ => quote(table),
        }
    }

    fn param(&self, n: usize, _cast: Option<Kind>) -> String {
        format!("?{n}")
    }

    fn operand(&self, column: &str, kind: Kind) -> String {
        match (kind.foreign && !kind.list, kind.cell) {
            (true, Cell::DateTime) => format!("glaze_date_time({column})"),
            (true, Cell::Date) => format!("glaze_date({column})"),
            (true, Cell::Time) => format!("glaze_time({column})"),
            _ => column.to_owned(),
        }
    }

    fn output(&self, sql: &str, _kind: Kind) -> String {
        sql.to_owned()
    }

    fn same(&self, a: &str, b: &str) -> String {
        format!("{a} IS {b}")
    }

    fn different(&self, a: &str, b: &str) -> String {
        format!("{a} IS NOT {b}")
    }

    fn as_text(&self, piece: &Piece) -> String {
        match piece.kind.cell {
            Cell::Text | Cell::Enum | Cell::Uuid | Cell::Date | Cell::Time | Cell::DateTime | Cell::Json => piece.sql.clone(),
            Cell::Bool => format!("CASE {} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END", piece.sql),
            _ => format!("CAST({} AS TEXT)", piece.sql),
        }
    }

    fn as_float(&self, piece: &Piece) -> String {
        match piece.kind.scaled() {
            Some(scale) => format!("({} / {}.0)", piece.sql, 10i64.pow(scale.min(18))),
            None => format!("CAST({} AS REAL)", piece.sql),
        }
    }

    fn order_key(&self, piece: &Piece) -> String {
        if piece.kind.foreign && piece.kind.is_text() {
            format!("{} COLLATE BINARY", piece.sql)
        } else {
            piece.sql.clone()
        }
    }

    fn in_list(&self, item: &str, list: &str) -> String {
        format!("{item} IN rarray({list})")
    }

    fn in_column(&self, item: &str, list: &Piece) -> String {
        format!("EXISTS (SELECT 1 FROM json_each({}) WHERE value = {item})", list.sql)
    }

    fn arith(&self, op: Arith, a: &Piece, b: &Piece) -> Result<Piece, StoreError> {
        let (left, right) = (&a.sql, &b.sql);
        let plain = |sign: &str, kind: Kind| Ok(Piece::new(format!("({left} {sign} {right})"), kind));
        let numbers = a.kind.is_numeric() && b.kind.is_numeric();
        let kind = if a.kind.cell == Cell::Int { b.kind } else { a.kind };
        match (op, a.kind.cell, b.kind.cell) {
            (Arith::Add, _, _) if a.kind.is_text() => plain("||", Cell::Text.into()),
            (Arith::Add, Cell::DateTime, Cell::Duration) => Ok(Piece::new(format!("glaze_time_add({left}, {right})"), Cell::DateTime)),
            (Arith::Add, Cell::Duration, Cell::DateTime) => Ok(Piece::new(format!("glaze_time_add({right}, {left})"), Cell::DateTime)),
            (Arith::Sub, Cell::DateTime, Cell::Duration) => Ok(Piece::new(format!("glaze_time_add({left}, - {right})"), Cell::DateTime)),
            (Arith::Sub, Cell::DateTime, Cell::DateTime) => Ok(Piece::new(format!("glaze_time_between({left}, {right})"), Cell::Duration)),
            (Arith::Add, Cell::Duration, Cell::Duration) => plain("+", Cell::Duration.into()),
            (Arith::Sub, Cell::Duration, Cell::Duration) => plain("-", Cell::Duration.into()),
            (Arith::Add, _, _) if numbers => plain("+", kind),
            (Arith::Sub, _, _) if numbers => plain("-", kind),
            (Arith::Mul, _, _) if numbers => plain("*", kind),
            (Arith::Div, _, _) if numbers => plain("/", kind),
            (Arith::Rem, Cell::Int, Cell::Int) => plain("%", kind),
            _ => Err(StoreError::Unsupported(format!("{op:?} of these types"))),
        }
    }

    fn call(&self, func: Func, args: &[Piece]) -> Result<Piece, StoreError> {
        let one = args
            .first()
            .ok_or_else(|| StoreError::Unsupported(format!("{func:?} without arguments")))?;
        let a = one.sql.as_str();
        let b = args.get(1).map_or("NULL", |piece| piece.sql.as_str());
        let lower = |text: &str| format!("glaze_lower({text})");
        Ok(match func {
            Func::Size if one.kind.list || one.kind.cell == Cell::Json => Piece::new(format!("json_array_length({a})"), Cell::Int),
            Func::Size => Piece::new(format!("length({a})"), Cell::Int),
            Func::Contains => Piece::new(format!("(instr({a}, {b}) > 0)"), Cell::Bool),
            Func::IContains => Piece::new(format!("(instr({}, {}) > 0)", lower(a), lower(b)), Cell::Bool),
            Func::StartsWith => starts(a, b),
            Func::IStartsWith => starts(&lower(a), &lower(b)),
            Func::EndsWith => ends(a, b),
            Func::IEndsWith => ends(&lower(a), &lower(b)),
            Func::Lower => Piece::new(lower(a), Cell::Text),
            Func::Upper => Piece::new(format!("glaze_upper({a})"), Cell::Text),
            Func::Trim => Piece::new(format!("glaze_trim({a})"), Cell::Text),
            Func::Abs => Piece::new(format!("abs({a})"), one.kind),
            Func::Round => round(self, one, args.get(1)),
            Func::Year => Piece::new(format!("CAST(substr({a}, 1, 4) AS INTEGER)"), Cell::Int),
            Func::Month => Piece::new(format!("CAST(substr({a}, 6, 2) AS INTEGER)"), Cell::Int),
            Func::Day => Piece::new(format!("CAST(substr({a}, 9, 2) AS INTEGER)"), Cell::Int),
            Func::Matches | Func::Coalesce | Func::Has => return Err(StoreError::Unsupported(format!("{func:?} here"))),
        })
    }

    fn json_text(&self, json: &str, path: &str) -> String {
        format!("glaze_json_text({json}, {path})")
    }

    fn cut(&self, piece: &Piece, unit: TimeUnit) -> String {
        let length = match unit {
            TimeUnit::Year => 4,
            TimeUnit::Month => 7,
            TimeUnit::Day => 10,
            TimeUnit::Hour => 13,
        };
        format!("substr({}, 1, {length})", piece.sql)
    }

    fn rich_text(&self, json: &str) -> String {
        format!("glaze_rich_text({json})")
    }

    fn search(&self, texts: &[String], words: &str) -> String {
        format!("glaze_search({words}, {})", texts.join(", "))
    }

    fn search_sieve(&self, index: &SearchIndex, alias: &str, words: &str) -> String {
        super::search::sieve(index, alias, words)
    }

    fn sum(&self, piece: &Piece) -> Piece {
        Piece::new(format!("glaze_sum({})", piece.sql), piece.kind)
    }

    fn avg(&self, piece: &Piece) -> Piece {
        match piece.kind.cell {
            Cell::Decimal { scale, scaled } => {
                let from = if scaled { scale.unwrap_or(0) } else { 0 };
                Piece::new(
                    format!("glaze_avg({}, {from})", piece.sql),
                    Cell::Decimal { scale: Some(6), scaled },
                )
            }
            _ => Piece::new(format!("glaze_avg({}, -1)", piece.sql), Cell::Float64),
        }
    }

    fn lock_clause(&self) -> &'static str {
        ""
    }

    fn estimate(&self, _schema: Option<&str>, _table: &str) -> Option<String> {
        None
    }
}

fn starts(a: &str, b: &str) -> Piece {
    Piece::new(format!("(substr({a}, 1, length({b})) = {b})"), Cell::Bool)
}

fn ends(a: &str, b: &str) -> Piece {
    Piece::new(
        format!("({b} = '' AND {a} IS NOT NULL OR substr({a}, - length({b})) = {b})"),
        Cell::Bool,
    )
}

/// Half away from zero. Scaled integers stay scaled.
fn round(dialect: &SqliteQueries, number: &Piece, digits: Option<&Piece>) -> Piece {
    let digits = digits.map_or("0", |piece| piece.sql.as_str());
    match number.kind.scaled() {
        Some(scale) => Piece::new(format!("glaze_round({}, {scale}, {digits})", number.sql), number.kind),
        None if number.kind.cell == Cell::Int => number.clone(),
        None => Piece::new(format!("round({}, {digits})", dialect.as_float(number)), number.kind),
    }
}
