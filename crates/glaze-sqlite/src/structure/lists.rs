//! Lists of enum values, which are JSON arrays here: the check that names the values, and how items are found and replaced.
//!
//! A check may not look into an array with a query, so it counts: an array has as many items as the allowed values occur in its text.

use glaze_converge::dialect::CheckValues;
use glaze_sql::ddl;

use super::parse;

/// The check of a column that holds lists of these values; none where a value cannot be told from what stands between two items.
pub(super) fn check(column: &str, values: &[String]) -> Option<String> {
    let name = ddl::quote(column);
    if values.is_empty() || values.iter().any(|value| value == ",") {
        return None;
    }
    let counts: Vec<String> = values
        .iter()
        .map(|value| {
            let text = serde_json::Value::from(value.as_str()).to_string();
            let (length, text) = (text.chars().count(), ddl::literal(&text));
            format!("(length({name}) - length(replace({name}, {text}, ''))) / {length}")
        })
        .collect();
    Some(format!("json_array_length({name}) = {}", counts.join(" + ")))
}

/// The column and values of such a check.
pub(super) fn check_values(said: &str) -> Option<CheckValues> {
    let tokens = parse::tokens(said);
    let [function, open, name, ..] = tokens.as_slice() else {
        return None;
    };
    if !function.text.eq_ignore_ascii_case("json_array_length") || open.text != "(" {
        return None;
    }
    let texts = tokens
        .iter()
        .filter(|token| token.kind == parse::Kind::Text)
        .map(|token| token.name());
    let values: Option<Vec<String>> = texts
        .filter(|text| !text.is_empty())
        .map(|text| serde_json::from_str(&text).ok())
        .collect();
    let (column, values) = (name.name(), values?);
    let ours = check(&column, &values)?;
    parse::same_tokens(&ours, said).then_some(CheckValues {
        column,
        values,
        list: true,
    })
}

/// Whether a list has the item. The list gets a name of its own, so that no column called like those of `json_each` is hidden.
pub(super) fn has_item(list: &str, items: &[&str]) -> String {
    let items: Vec<String> = items.iter().map(|item| ddl::literal(item)).collect();
    format!("EXISTS (SELECT 1 FROM {} WHERE i.value IN ({}))", each(list), items.join(", "))
}

/// The list with items replaced. A list that has none of them stays as it is written.
pub(super) fn replaced_items(list: &str, cases: &[(String, String)]) -> String {
    let old: Vec<&str> = cases.iter().map(|(old, _)| old.as_str()).collect();
    let whens: String = cases
        .iter()
        .map(|(old, new)| format!(" WHEN {} THEN {}", ddl::literal(old), ddl::literal(new)))
        .collect();
    format!(
        "CASE WHEN {} THEN (SELECT json_group_array(CASE i.value{whens} ELSE i.value END) FROM {}) ELSE {list} END",
        has_item(list, &old),
        each(list)
    )
}

fn each(list: &str) -> String {
    format!("(SELECT {list} AS glaze_list) AS l, json_each(l.glaze_list) AS i")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_is_read_as_it_is_written() {
        let values = ["a".to_owned(), "it's \"b\"\\".to_owned(), "ü".to_owned()];
        let said = check("my list", &values).unwrap_or_default();
        let read = check_values(&said);
        assert_eq!(
            read,
            Some(CheckValues {
                column: "my list".to_owned(),
                values: values.to_vec(),
                list: true
            })
        );
        assert_eq!(check_values("json_array_length(\"a\") = 2"), None);
        assert_eq!(check_values("json_array_length(\"a\") >= 1"), None);
    }

    #[test]
    fn the_check_counts_and_items_are_replaced_in_place() -> rusqlite::Result<()> {
        let connection = rusqlite::Connection::open_in_memory()?;
        let values = ["a".to_owned(), "b c".to_owned(), "it's \"q\"".to_owned()];
        let said = check("value", &values).unwrap_or_default();
        connection.execute_batch(&format!("CREATE TABLE t (value TEXT CHECK ({said}))"))?;
        for (list, fits) in [
            ("[]", true),
            (r#"["a","a","b c"]"#, true),
            (r#"["it's \"q\"", "a"]"#, true),
            (r#"["d"]"#, false),
            (r#"["a","d"]"#, false),
            ("[1]", false),
        ] {
            assert_eq!(connection.execute("INSERT INTO t VALUES (?1)", [list]).is_ok(), fits, "{list}");
        }
        connection.execute("INSERT INTO t VALUES (NULL)", [])?;
        let cases = [("a".to_owned(), "z".to_owned()), ("it's \"q\"".to_owned(), "y".to_owned())];
        let mut found = connection.prepare(&format!("SELECT {} FROM t", replaced_items("\"value\"", &cases)))?;
        let found: Vec<Option<String>> = found.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        let wanted = [Some("[]"), Some(r#"["z","z","b c"]"#), Some(r#"["y","z"]"#), None];
        assert_eq!(found, wanted.map(|item| item.map(str::to_owned)));
        Ok(())
    }
}
