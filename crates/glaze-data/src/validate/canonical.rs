//! JSON in the one form that both databases keep: PostgreSQL's `jsonb` sorts object keys by length and then by bytes and writes
//! numbers without exponents; here the same is done for the others, so that the same entry reads the same everywhere.

use serde_json::Value as Json;

/// Compact text, keys in jsonb's order.
pub fn json_text(json: &Json) -> String {
    let mut out = String::new();
    write(json, &mut out);
    out
}

fn write(json: &Json, out: &mut String) {
    match json {
        Json::Null => out.push_str("null"),
        Json::Bool(true) => out.push_str("true"),
        Json::Bool(false) => out.push_str("false"),
        Json::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(int), ..) => out.push_str(&int.to_string()),
            (_, Some(int), _) => out.push_str(&int.to_string()),
            // `Display` of floats never writes an exponent, as jsonb.
            (_, _, Some(float)) => out.push_str(&(float + 0.0).to_string()),
            _ => out.push_str("null"),
        },
        Json::String(text) => write_text(text, out),
        Json::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Json::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by(|(a, _), (b, _)| (a.len(), a.as_bytes()).cmp(&(b.len(), b.as_bytes())));
            out.push('{');
            for (at, (name, value)) in entries.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_text(name, out);
                out.push(':');
                write(value, out);
            }
            out.push('}');
        }
    }
}

fn write_text(text: &str, out: &mut String) {
    // A string always has a JSON form.
    out.push_str(&serde_json::to_string(text).unwrap_or_default());
}

/// Whole floats become integers (`1.0` is `1`), so that both databases write them alike. Gives `false` when a text holds U+0000,
/// which no database stores.
pub fn normalise(json: &mut Json) -> bool {
    match json {
        Json::Number(number) => {
            if let (None, None, Some(float)) = (number.as_i64(), number.as_u64(), number.as_f64())
                && float.fract() == 0.0
                && float.abs() < 9.0e18
            {
                *json = Json::from(float as i64);
            }
            true
        }
        Json::String(text) => !text.contains('\0'),
        Json::Array(items) => items.iter_mut().all(normalise),
        Json::Object(map) => map.iter_mut().all(|(name, value)| !name.contains('\0') && normalise(value)),
        Json::Null | Json::Bool(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_stand_by_length_then_bytes_and_numbers_without_exponent() {
        let mut value = json!({"bb": 1.0, "a": [1e-7, 1e20, -0.0], "c": {"zz": null, "y": "é\n"}});
        assert!(normalise(&mut value));
        assert_eq!(
            json_text(&value),
            r#"{"a":[0.0000001,100000000000000000000,0],"c":{"y":"é\n","zz":null},"bb":1}"#
        );
    }

    #[test]
    fn nul_is_refused_wherever_it_hides() {
        for mut value in [json!("\0"), json!([{"a": "\0"}]), json!({"\0": 1})] {
            assert!(!normalise(&mut value), "{value}");
        }
    }
}
