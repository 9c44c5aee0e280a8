//! Judges attributes by the table: unknown names and keys, wrong places, wrong forms. What is wrong is reported and removed,
//! so that later stages see only what they understand.

use super::{ATTRIBUTES, AttributeSpec, KeySpec, KeyValue, Place, Positional};
use crate::finding::{Findings, did_you_mean, list, similar};
use crate::rust::raw::Attrs;
use crate::rust::tokens::{Arg, ArgValue, Attr};

/// Checks the attributes of something that is a `place`.
pub(crate) fn check(attrs: &mut Attrs, place: Place, findings: &mut Findings) {
    let mut seen: Vec<String> = Vec::new();
    attrs.list.retain_mut(|attr| {
        let Some(spec) = AttributeSpec::named(&attr.name.text) else {
            unknown(attr, place, findings);
            return false;
        };
        if spec.later {
            findings.error(
                "not_supported_yet",
                attr.name.loc,
                format!("`#[{}]` is not supported yet", spec.name),
            );
            return false;
        }
        if !spec.places.contains(&place) {
            wrong_place(attr, spec, place, findings);
            return false;
        }
        if !spec.repeat && seen.contains(&attr.name.text) {
            findings.error("duplicate_attribute", attr.name.loc, format!("`#[{}]` is there twice", spec.name));
            return false;
        }
        seen.push(attr.name.text.clone());
        check_args(attr, spec, place, findings)
    });
}

fn unknown(attr: &Attr, place: Place, findings: &mut Findings) {
    let name = attr.name.text.as_str();
    let finding = findings.error("unknown_attribute", attr.name.loc, format!("unknown attribute `{name}`"));
    let here = ATTRIBUTES
        .iter()
        .filter(|spec| spec.places.contains(&place) && !spec.later)
        .map(|spec| spec.name);
    match name {
        "derive" => finding.help("leave it out: what is needed is derived by itself"),
        "cfg" | "cfg_attr" => finding.help("a schema is the same everywhere: there is no conditional compilation"),
        "serde" => finding.help("JSON names are `camelCase` by themselves"),
        _ => finding.maybe_help(
            similar(name, here)
                .or_else(|| similar(name, ATTRIBUTES.iter().map(|spec| spec.name)))
                .map(|known| format!("did you mean `{known}`?")),
        ),
    };
}

fn wrong_place(attr: &Attr, spec: &AttributeSpec, place: Place, findings: &mut Findings) {
    let places: Vec<&str> = spec.places.iter().map(|place| place.word()).collect();
    let finding = findings.error(
        "misplaced_attribute",
        attr.name.loc,
        format!("`#[{}]` has no meaning on {}", spec.name, place.word()),
    );
    if spec.name == "index" {
        finding.help("put `#[index(field)]` on the entity");
    } else {
        finding.help(format!("it belongs on {}", places.join(" or ")));
    }
}

/// Whether the attribute can be used.
fn check_args(attr: &mut Attr, spec: &AttributeSpec, place: Place, findings: &mut Findings) -> bool {
    let mut seen: Vec<String> = Vec::new();
    let mut good = true;
    attr.args.retain(|arg| {
        let keep = check_arg(arg, spec, place, &mut seen, findings);
        good &= keep;
        keep
    });
    let count = attr.positional().filter(|arg| !is_flag(arg, spec)).count();
    let wants = |findings: &mut Findings, what: &str| {
        findings
            .error("malformed_attribute", attr.loc, format!("`#[{}]` wants {what}", spec.name))
            .maybe_help(example(spec));
        false
    };
    let field = place == Place::Field;
    match spec.positional {
        _ if !good => spec.positional == Positional::None || spec.positional == Positional::Fields,
        Positional::Word if count != 1 => wants(findings, "one name"),
        Positional::OneOf(_) if count != 1 => wants(findings, "one word"),
        Positional::Value if count != 1 => wants(findings, "one value"),
        Positional::NumberOrNothing if count > 1 => wants(findings, "one number, or nothing"),
        Positional::Text if count != 1 => wants(findings, "one text"),
        Positional::TwoTexts if count != 2 => wants(findings, "an expression and a message"),
        Positional::WordThenText if !(1..=2).contains(&count) => wants(findings, "an action and perhaps an expression"),
        Positional::FieldsOrNothing if field && count > 0 => {
            wants(findings, "nothing here: several fields go on the entity, `#[unique(a, b)]`")
        }
        Positional::FieldsOrNothing if !field && count == 0 => wants(findings, "the names of fields"),
        Positional::Fields if count == 0 && attr.get("expr").is_none() => wants(findings, "the names of fields"),
        _ => true,
    }
}

fn example(spec: &AttributeSpec) -> Option<String> {
    spec.syntax.first().map(|syntax| format!("like `{syntax}`"))
}

fn is_flag(arg: &Arg, spec: &AttributeSpec) -> bool {
    arg.key.is_none()
        && arg.word().is_some_and(|word| {
            spec.keys
                .iter()
                .any(|key| key.name == word && matches!(key.value, KeyValue::Flag | KeyValue::Bool))
        })
}

fn check_arg(arg: &Arg, spec: &AttributeSpec, place: Place, seen: &mut Vec<String>, findings: &mut Findings) -> bool {
    if arg.order.is_some() && spec.name != "index" {
        findings.error("malformed_attribute", arg.loc, "an order (`desc`) has a meaning in `#[index]` only");
        return false;
    }
    let name = match (&arg.key, arg.word()) {
        (Some(key), _) => key.text.as_str(),
        (None, Some(word)) if is_flag(arg, spec) => word,
        _ => return check_positional(arg, spec, findings),
    };
    let loc = arg.key.as_ref().map_or(arg.loc, |key| key.loc);
    let key = spec.keys.iter().find(|key| key.name == name);
    let Some(key) = key.filter(|key| key.places.is_empty() || key.places.contains(&place)) else {
        unknown_key(name, loc, key, spec, place, findings);
        return false;
    };
    if !key.repeat && seen.iter().any(|other| other == name) {
        findings.error("duplicate_attribute", loc, format!("`{name}` is there twice"));
        return false;
    }
    seen.push(name.to_owned());
    check_key_value(arg, key, findings)
}

fn unknown_key(name: &str, loc: crate::finding::Loc, key: Option<&KeySpec>, spec: &AttributeSpec, place: Place, findings: &mut Findings) {
    if key.is_some() {
        findings.error("misplaced_attribute", loc, format!("`{name}` has no meaning on {}", place.word()));
        return;
    }
    let known: Vec<&str> = spec
        .keys
        .iter()
        .filter(|key| (key.places.is_empty() || key.places.contains(&place)) && !key.doc.is_empty())
        .map(|key| key.name)
        .collect();
    findings
        .error("unknown_key", loc, format!("`#[{}]` does not know `{name}`", spec.name))
        .maybe_help(
            did_you_mean(name, known.iter().copied()).or_else(|| (!known.is_empty()).then(|| format!("it knows {}", list(&known)))),
        );
}

fn check_key_value(arg: &Arg, key: &KeySpec, findings: &mut Findings) -> bool {
    let alone = arg.key.is_none();
    let wants = match (key.value, &arg.value) {
        (KeyValue::Flag, _) if alone => None,
        (KeyValue::Flag, ArgValue::Bool(_)) => None,
        (KeyValue::Flag, _) => Some(format!("`{}` stands alone", key.name)),
        (KeyValue::Bool, ArgValue::Bool(_)) => None,
        (KeyValue::Bool, _) if alone => None,
        (KeyValue::Bool, _) => Some(format!("`{}` is `true` or `false`", key.name)),
        (KeyValue::Text, ArgValue::Text(_)) => None,
        (KeyValue::Text, _) => Some(format!("`{}` is a text in quotes", key.name)),
        (KeyValue::Word, ArgValue::Word(_)) => None,
        (KeyValue::Word, _) => Some(format!("`{}` is a name without quotes", key.name)),
        (KeyValue::WordOrText, ArgValue::Word(_) | ArgValue::Text(_)) => None,
        (KeyValue::WordOrText, _) => Some(format!("`{}` is a name", key.name)),
        (KeyValue::OneOf(words), _) => return check_word(arg, words, findings),
        (KeyValue::Count, ArgValue::Number(number)) if number.parse::<u32>().is_ok() => None,
        (KeyValue::Count, _) => Some(format!("`{}` is a whole number", key.name)),
        (KeyValue::Number, ArgValue::Number(_) | ArgValue::Text(_)) => None,
        (KeyValue::Number, _) => Some(format!("`{}` is a number", key.name)),
    };
    if let Some(message) = wants {
        findings.error("malformed_attribute", arg.loc, message);
        return false;
    }
    true
}

fn check_word(arg: &Arg, words: &[&str], findings: &mut Findings) -> bool {
    let given = arg.word_or_text().unwrap_or_default();
    if words.contains(&given) {
        return true;
    }
    findings
        .error(
            "unknown_value",
            arg.value_loc,
            format!("expected {}", list(words).replace(" and ", " or ")),
        )
        .maybe_help(similar(given, words.iter().copied()).map(|known| format!("did you mean `{known}`?")));
    false
}

fn check_positional(arg: &Arg, spec: &AttributeSpec, findings: &mut Findings) -> bool {
    let fits = match (spec.positional, &arg.value) {
        (Positional::None, _) => false,
        (Positional::Word | Positional::Fields | Positional::FieldsOrNothing, ArgValue::Word(_)) => true,
        (Positional::Word | Positional::Fields | Positional::FieldsOrNothing, _) => false,
        (Positional::OneOf(words), _) => return check_word(arg, words, findings),
        (Positional::Text | Positional::TwoTexts, value) => matches!(value, ArgValue::Text(_)),
        (Positional::WordThenText, value) => matches!(value, ArgValue::Word(_) | ArgValue::Text(_)),
        (Positional::NumberOrNothing, ArgValue::Number(number)) => number.parse::<u32>().is_ok(),
        (Positional::NumberOrNothing, _) => false,
        (Positional::Value, _) => true,
    };
    if fits {
        return true;
    }
    // A word where keys are wanted is a key without its value, or a misspelt flag.
    let known: Vec<&str> = spec.keys.iter().filter(|key| !key.doc.is_empty()).map(|key| key.name).collect();
    let finding = findings.error("malformed_attribute", arg.loc, format!("`#[{}]` cannot use this", spec.name));
    match arg
        .word()
        .filter(|_| !known.is_empty())
        .and_then(|word| similar(word, known.iter().copied()))
    {
        Some(key) => finding.help(format!("did you mean `{key} = …`?")),
        None => finding.maybe_help(example(spec)),
    };
    false
}
