//! Names of constraints and indexes, as PostgreSQL would give them: `posts_slug_key`, `posts_author_id_fkey`.

use sha2::{Digest, Sha256};

/// `<table>_<columns>_<suffix>`, cut to `max` bytes in a way that keeps different names different.
pub fn derived(table: &str, columns: &[String], suffix: &str, max: usize) -> String {
    let middle = columns.join("_");
    let full = match middle.is_empty() {
        true => format!("{table}_{suffix}"),
        false => format!("{table}_{middle}_{suffix}"),
    };
    shorten(&full, max)
}

/// Cut to `max` bytes; what is cut stands as a hash at the end.
pub fn shorten(name: &str, max: usize) -> String {
    if name.len() <= max {
        return name.to_owned();
    }
    let hash = hex(&Sha256::digest(name.as_bytes()))[..8].to_owned();
    let mut end = max - 9;
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}_{hash}", &name[..end])
}

/// A name of which `taken` says that it is free: with `_1`, `_2`, … where it is not.
pub fn free(name: &str, max: usize, taken: impl Fn(&str) -> bool) -> String {
    let mut candidate = name.to_owned();
    let mut number = 1;
    while taken(&candidate) {
        let suffix = format!("_{number}");
        candidate = format!("{}{suffix}", shorten(name, max - suffix.len()));
        number += 1;
    }
    candidate
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_cut_and_stay_different() {
        let columns = |last: &str| vec!["a_rather_long_column_name".to_owned(), last.to_owned()];
        let one = derived("a_table_with_quite_a_name", &columns("another_long_one"), "idx", 63);
        let other = derived("a_table_with_quite_a_name", &columns("another_long_two"), "idx", 63);
        assert!(one.len() <= 63 && other.len() <= 63);
        assert_ne!(one, other);
        assert_eq!(derived("posts", &["slug".to_owned()], "key", 63), "posts_slug_key");
    }

    #[test]
    fn a_taken_name_gets_a_number() {
        assert_eq!(free("a_idx", 63, |name| name == "a_idx" || name == "a_idx_1"), "a_idx_2");
    }
}
