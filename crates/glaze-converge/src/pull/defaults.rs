//! Defaults: literals where our own literal would be spelled the same, SQL otherwise.

use glaze_model::{DefaultValue, FieldKind, Scalar, Value};
use rust_decimal::Decimal;

use super::Pull;
use crate::desired::columns::{FlatColumn, field_columns};

impl Pull<'_> {
    pub(super) fn defaults(&mut self, at: usize) {
        for index in 0..self.model.entities[at].fields.len() {
            let field = &self.model.entities[at].fields[index];
            if field.implicit || field.columns.len() != 1 {
                continue;
            }
            let Some(sql) = self.table(at).and_then(|table| table.column(&field.columns[0])?.default.clone()) else {
                continue;
            };
            let literal = field_columns(&self.model, field).first().and_then(|item| self.literal(item, &sql));
            let value = match literal.filter(|_| !field.is_relation()) {
                Some(value) => DefaultValue::Literal(value),
                None => DefaultValue::Sql(sql),
            };
            self.model.entities[at].fields[index].default = Some(value);
        }
    }

    /// The value whose spelling this is.
    fn literal(&self, item: &FlatColumn<'_>, sql: &str) -> Option<Value> {
        let field = item.field();
        let text = unquoted(sql);
        let candidates: Vec<Value> = match &field.kind {
            FieldKind::Scalar(scalar) => scalar_candidates(*scalar, &text, field.constraints.scale),
            FieldKind::Enum(_) => vec![Value::Text(text)],
            FieldKind::List(_) | FieldKind::EnumList(_) => vec![Value::List(Vec::new())],
            _ => Vec::new(),
        };
        let enum_values = item
            .enum_type()
            .map(|item| item.values.iter().map(|value| value.value.as_str()).collect::<Vec<_>>());
        let known = |value: &Value| match (value, &enum_values) {
            (Value::Text(text), Some(values)) => values.contains(&text.as_str()),
            _ => true,
        };
        candidates
            .into_iter()
            .find(|value| known(value) && self.dialect.literal(&item.spec, value).as_deref() == Some(sql))
    }
}

fn scalar_candidates(scalar: Scalar, text: &str, scale: Option<u32>) -> Vec<Value> {
    if scalar == Scalar::Bool {
        return vec![Value::Bool(true), Value::Bool(false)];
    }
    // Bytes and documents are better read in SQL than in a schema file.
    if matches!(scalar, Scalar::Bytes | Scalar::RichText | Scalar::Json | Scalar::Point) {
        return Vec::new();
    }
    let mut out: Vec<Value> = Value::parse(scalar, text).into_iter().collect();
    if let (Some((_, default_scale)), Ok(whole)) = (scalar.default_precision(), text.parse::<i64>()) {
        // Decimals kept as scaled integers.
        out.push(Value::Decimal(Decimal::new(whole, scale.unwrap_or(default_scale).min(28))));
    }
    out
}

/// `'it''s'::text` → `it's`; anything else without a cast at its end.
fn unquoted(sql: &str) -> String {
    let Some(body) = sql.strip_prefix('\'') else {
        return sql.split("::").next().unwrap_or(sql).trim().to_owned();
    };
    let mut out = String::new();
    let mut chars = body.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' if chars.peek() == Some(&'\'') => {
                chars.next();
                out.push('\'');
            }
            '\'' => break,
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::unquoted;

    #[test]
    fn literals_lose_quotes_and_casts() {
        for (sql, text) in [
            ("'it''s'::text", "it's"),
            ("'-1'::integer", "-1"),
            ("5", "5"),
            ("true", "true"),
            ("now()", "now()"),
        ] {
            assert_eq!(unquoted(sql), text);
        }
    }
}
