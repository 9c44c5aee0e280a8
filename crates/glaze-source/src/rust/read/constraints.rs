//! `#[field(max, min, pattern, …)]`.

use glaze_model::{Constraints, Field, FieldKind, Scalar, Value};

use super::Reader;
use crate::rust::raw::RawField;
use crate::rust::tokens::{Arg, ArgValue, Attr};

impl Reader<'_> {
    pub(super) fn constraints(&mut self, raw: &RawField, field: &Field) -> Constraints {
        let Some(attr) = raw.attrs.get("field") else {
            return Constraints::default();
        };
        self.check_applicable(attr, field);
        let count = |key: &str| match attr.get(key).map(|arg| &arg.value) {
            Some(ArgValue::Number(number)) => number.parse::<u32>().ok(),
            _ => None,
        };
        let out = Constraints {
            max: self.limit(attr.get("max"), field),
            min: self.limit(attr.get("min"), field),
            pattern: attr.get_text("pattern").map(str::to_owned),
            precision: count("precision"),
            scale: count("scale"),
            currency: attr.get_text("currency").map(str::to_owned),
            search: attr
                .get("search")
                .map(|arg| arg.value == ArgValue::Bool(true))
                .or_else(|| attr.flag("search").then_some(true)),
        };
        self.check_ranges(attr, field, &out);
        out
    }

    fn check_applicable(&mut self, attr: &Attr, field: &Field) {
        let scalar = match field.kind {
            FieldKind::Scalar(scalar) => Some(scalar),
            _ => None,
        };
        let text = scalar.is_some_and(Scalar::is_text);
        let exact = matches!(scalar, Some(Scalar::Decimal | Scalar::Money));
        for arg in &attr.args {
            let Some(key) = arg.key.as_ref().map(|key| key.text.as_str()).or(arg.word()) else {
                continue;
            };
            let (fits, wants) = match key {
                "max" | "min" => (
                    text || scalar.is_some_and(Scalar::is_numeric) || is_list(&field.kind),
                    "text, numbers and lists have limits",
                ),
                "pattern" => (text, "a pattern is for text"),
                "precision" | "scale" => (exact, "only `Decimal` and `Money` have digits to choose"),
                "currency" => (scalar == Some(Scalar::Money), "only `Money` has a currency"),
                "search" => (text || matches!(scalar, Some(Scalar::RichText)), "only text is searched"),
                _ => (true, ""),
            };
            if !fits {
                self.findings
                    .error(
                        "misplaced_attribute",
                        arg.loc,
                        format!("`{key}` has no meaning on a field of this type"),
                    )
                    .help(wants);
            }
        }
    }

    fn limit(&mut self, arg: Option<&Arg>, field: &Field) -> Option<Value> {
        let arg = arg?;
        let text = match &arg.value {
            ArgValue::Number(text) | ArgValue::Text(text) => text.as_str(),
            _ => return None,
        };
        let parsed = match field.kind {
            FieldKind::Scalar(scalar) if scalar.is_numeric() => Value::parse(scalar, text).map_err(|error| error.message),
            _ => match text.parse::<u32>() {
                Ok(count) => Ok(Value::Int(i64::from(count))),
                Err(_) => Err("expected a whole number".to_owned()),
            },
        };
        match parsed {
            Ok(value) => Some(value),
            Err(message) => {
                self.findings.error("invalid_value", arg.value_loc, message);
                None
            }
        }
    }

    fn check_ranges(&mut self, attr: &Attr, field: &Field, constraints: &Constraints) {
        if let (Some(min), Some(max)) = (&constraints.min, &constraints.max)
            && super::defaults::less(max, min)
        {
            self.findings.error(
                "invalid_value",
                Self::key_loc(attr, "min"),
                "`min` is above `max`: no value would fit",
            );
        }
        if let Some(pattern) = &constraints.pattern
            && let Err(error) = regex::Regex::new(pattern)
        {
            let reason = error.to_string();
            let last = reason.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            self.findings.error(
                "invalid_value",
                Self::key_loc(attr, "pattern"),
                format!("not a regular expression: {last}"),
            );
        }
        let FieldKind::Scalar(scalar) = field.kind else { return };
        let Some((default_precision, default_scale)) = scalar.default_precision() else {
            return;
        };
        let precision = constraints.precision.unwrap_or(default_precision);
        let scale = constraints.scale.unwrap_or(default_scale);
        if precision == 0 || precision > 1000 {
            self.findings.error(
                "invalid_value",
                Self::key_loc(attr, "precision"),
                "precision is from 1 to 1000 digits",
            );
        }
        if scale > precision {
            let message = format!("{scale} digits after the point do not fit into {precision} digits");
            self.findings.error(
                "invalid_value",
                Self::key_loc(attr, if constraints.scale.is_some() { "scale" } else { "precision" }),
                message,
            );
        }
    }
}

/// Whether the field holds a list of values.
pub(super) fn is_list(kind: &FieldKind) -> bool {
    matches!(
        kind,
        FieldKind::List(_) | FieldKind::EnumList(_) | FieldKind::EmbeddedList(_) | FieldKind::Blocks(_)
    )
}
