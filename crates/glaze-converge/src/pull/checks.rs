//! Checks: limits where they are exactly those that we would make, the database's own SQL otherwise.

use std::collections::HashSet;

use glaze_model::{Constraints, Field, FieldKind, Value};

use super::Pull;
use crate::desired::columns::{columns, field_columns};

impl Pull<'_> {
    pub(super) fn checks(&mut self, at: usize) {
        let Some(table) = self.table(at) else { return };
        let wanted: Vec<String> = table.checks.iter().map(|check| check.expr.clone()).collect();
        let mut own: HashSet<String> = columns(&self.model, &self.model.entities[at])
            .iter()
            .flat_map(|item| self.dialect.checks(&item.spec))
            .collect();
        let mut left: Vec<String> = Vec::new();
        for check in wanted {
            if own.contains(&check) {
                continue;
            }
            match self.limit(at, &check) {
                Some((index, constraints)) => {
                    self.model.entities[at].fields[index].constraints = constraints;
                    own.insert(check);
                }
                None => left.push(check),
            }
        }
        self.model.entities[at].db_checks = left;
    }

    /// The field and its limits, when one more limit makes exactly this check.
    fn limit(&self, at: usize, check: &str) -> Option<(usize, Constraints)> {
        let fields = &self.model.entities[at].fields;
        for (index, field) in fields.iter().enumerate() {
            let [column] = field.columns.as_slice() else { continue };
            if !check.contains(column.as_str()) || field.implicit || field.is_relation() {
                continue;
            }
            for constraints in candidates(field, check) {
                let tried = Field {
                    constraints: constraints.clone(),
                    ..field.clone()
                };
                let flat = field_columns(&self.model, &tried);
                let item = flat.first()?;
                let before: Vec<String> = field_columns(&self.model, field)
                    .first()
                    .map(|item| self.dialect.checks(&item.spec))
                    .unwrap_or_default();
                let after = self.dialect.checks(&item.spec);
                let type_stays = self.table(at)?.column(column)?.ty == self.dialect.column_type(&item.spec);
                let adds_only_this = after.iter().all(|expr| expr == check || before.contains(expr)) && after.len() == before.len() + 1;
                if type_stays && adds_only_this && after.iter().any(|expr| expr == check) {
                    return Some((index, constraints));
                }
            }
        }
        None
    }
}

/// Limits that the text of a check suggests.
fn candidates(field: &Field, check: &str) -> Vec<Constraints> {
    let base = &field.constraints;
    let mut out = Vec::new();
    for number in numbers(check) {
        let value = match &field.kind {
            FieldKind::Scalar(scalar) if scalar.is_numeric() => Value::parse(*scalar, &number).ok(),
            FieldKind::Scalar(scalar) if !scalar.is_text() => None,
            FieldKind::Scalar(_) | FieldKind::List(_) | FieldKind::EnumList(_) => {
                number.parse::<u32>().ok().map(|count| Value::Int(i64::from(count)))
            }
            _ => None,
        };
        let Some(value) = value else { continue };
        if base.min.is_none() {
            out.push(Constraints {
                min: Some(value.clone()),
                ..base.clone()
            });
        }
        if base.max.is_none() {
            out.push(Constraints {
                max: Some(value),
                ..base.clone()
            });
        }
    }
    let is_text = matches!(&field.kind, FieldKind::Scalar(scalar) if scalar.is_text());
    if let (true, None, Some((_, rest))) = (is_text, &base.pattern, check.split_once("'^(?:"))
        && let Some((pattern, _)) = rest.rsplit_once(")$'")
    {
        out.push(Constraints {
            pattern: Some(pattern.replace("''", "'")),
            ..base.clone()
        });
    }
    out
}

/// Numbers in a text, with their signs and as they are.
fn numbers(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut current = String::new();
    let mut before = ' ';
    for c in text.chars().chain([' ']) {
        let continues = c.is_ascii_digit() || (c == '.' && !current.is_empty());
        let begins = c.is_ascii_digit() && !(before.is_alphanumeric() || before == '_');
        if (current.is_empty() && begins) || (!current.is_empty() && continues) {
            if current.is_empty() && before == '-' {
                current.push('-');
            }
            current.push(c);
        } else if !current.is_empty() {
            out.push(std::mem::take(&mut current));
        }
        before = c;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn numbers_are_found() {
        assert_eq!(numbers("(price >= '-1.50'::numeric) AND x2 < 10"), ["-1.50", "10"]);
    }
}
