//! Names as they are derived from other names. Stated in the schema reference; changing a rule renames tables.

use heck::{ToLowerCamelCase, ToSnakeCase};

/// `BlogPost` → `blog_post`.
pub fn snake_case(name: &str) -> String {
    name.to_snake_case()
}

/// `published_at` → `publishedAt`.
pub fn camel_case(name: &str) -> String {
    name.to_lower_camel_case()
}

/// English plural of a `snake_case` name: `category` → `categories`, `box` → `boxes`, `person` → `people`.
/// A name that is plural already, or that English does not count, stays.
pub fn plural(name: &str) -> String {
    let (head, word) = match name.rfind('_') {
        Some(at) => name.split_at(at + 1),
        None => ("", name),
    };
    format!("{head}{}", plural_word(word))
}

/// The inverse of [`plural`] for names met in databases: `categories` → `category`. A name that is not plural stays.
pub fn singular(name: &str) -> String {
    let (head, word) = match name.rfind('_') {
        Some(at) => name.split_at(at + 1),
        None => ("", name),
    };
    format!("{head}{}", singular_word(word))
}

const IRREGULAR: [(&str, &str); 12] = [
    ("person", "people"),
    ("child", "children"),
    ("man", "men"),
    ("woman", "women"),
    ("foot", "feet"),
    ("tooth", "teeth"),
    ("mouse", "mice"),
    ("index", "indices"),
    ("datum", "data"),
    ("medium", "media"),
    ("criterion", "criteria"),
    ("analysis", "analyses"),
];

const UNCOUNTED: [&str; 9] = [
    "news",
    "series",
    "species",
    "information",
    "equipment",
    "staff",
    "metadata",
    "media",
    "data",
];

fn plural_word(word: &str) -> String {
    if UNCOUNTED.contains(&word) || IRREGULAR.iter().any(|(_, many)| *many == word) {
        return word.to_owned();
    }
    if let Some((_, many)) = IRREGULAR.iter().find(|(one, _)| *one == word) {
        return (*many).to_owned();
    }
    if let Some(stem) = word.strip_suffix('y')
        && !stem.ends_with(['a', 'e', 'i', 'o', 'u'])
        && !stem.is_empty()
    {
        return format!("{stem}ies");
    }
    if word.ends_with(['s', 'x', 'z']) || word.ends_with("ch") || word.ends_with("sh") {
        return format!("{word}es");
    }
    format!("{word}s")
}

fn singular_word(word: &str) -> String {
    if UNCOUNTED.contains(&word) {
        return word.to_owned();
    }
    if let Some((one, _)) = IRREGULAR.iter().find(|(_, many)| *many == word) {
        return (*one).to_owned();
    }
    if let Some(stem) = word.strip_suffix("ies")
        && stem.len() > 1
    {
        return format!("{stem}y");
    }
    for ending in ["sses", "shes", "ches", "xes", "zes", "uses"] {
        if word.ends_with(ending) {
            return word[..word.len() - 2].to_owned();
        }
    }
    if word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") && !word.ends_with("is") && word.len() > 2 {
        return word[..word.len() - 1].to_owned();
    }
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_are_those_of_english() {
        for (one, many) in [
            ("post", "posts"),
            ("category", "categories"),
            ("day", "days"),
            ("box", "boxes"),
            ("branch", "branches"),
            ("address", "addresses"),
            ("status", "statuses"),
            ("person", "people"),
            ("blog_post", "blog_posts"),
            ("invoice_line", "invoice_lines"),
            ("media", "media"),
            ("news", "news"),
        ] {
            assert_eq!(plural(one), many);
            assert_eq!(singular(many), one, "{many}");
        }
    }

    #[test]
    fn names_change_case() {
        assert_eq!(snake_case("BlogPost"), "blog_post");
        assert_eq!(snake_case("InReview"), "in_review");
        assert_eq!(camel_case("published_at"), "publishedAt");
    }
}
