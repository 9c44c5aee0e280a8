//! The parsed tree as JSON, for condition builders. Names stay names, so that the form survives changes of the model.
//!
//! Constants are themselves (`null`, `true`, `3`, `"text"`), but for floats, `{"float": "1.5"}`, and integers that a double cannot hold, `{"int": "…"}`.
//! Everything else is an object with one member that says what it is: `{"name": "status"}`, `{"member": [base, "title"]}`, `{"index": [base, key]}`, `{"list": […]}`, `{"==": [a, b]}` and so
//! for every operator, `{"neg": [a]}`, `{"?:": [condition, a, b]}`, `{"call": {"name": …, "on": …, "args": […]}}`,
//! `{"exists": {"over": …, "row": "t", "where": …}}` and so for `all` and `filter`.

use glaze_model::Span;
use serde_json::{Map, Value as Json, json};

use crate::{
    ExprError,
    ast::{Ast, Kind, MAX_DEPTH, Macro, Name},
    parse::is_keyword,
    print::{arith_sign, compare_sign},
    tree::{Arith, Compare},
};

const MAX_SAFE: u64 = (1 << 53) - 1;

/// The tree as JSON.
pub fn to_json(ast: &Ast) -> Json {
    let all = |items: &[Ast]| Json::Array(items.iter().map(to_json).collect());
    match &ast.kind {
        Kind::Null => Json::Null,
        Kind::Bool(value) => Json::from(*value),
        Kind::Int(value) if value.unsigned_abs() > MAX_SAFE => json!({"int": value.to_string()}),
        Kind::Int(value) => Json::from(*value),
        // As a JSON number a whole float would come back from a browser as an integer, and others not exactly from every reader.
        Kind::Float(value) => json!({"float": format!("{value:?}")}),
        Kind::Text(value) => Json::from(value.as_str()),
        Kind::List(items) => json!({"list": all(items)}),
        Kind::Name(name) => json!({"name": name}),
        Kind::Member(base, name) => json!({"member": [to_json(base), name.text]}),
        Kind::Index(base, key) => json!({"index": [to_json(base), to_json(key)]}),
        Kind::Not(inner) => json!({"!": [to_json(inner)]}),
        Kind::Neg(inner) => json!({"neg": [to_json(inner)]}),
        Kind::And(items) => json!({"&&": all(items)}),
        Kind::Or(items) => json!({"||": all(items)}),
        Kind::Compare(op, a, b) => json!({compare_sign(*op): [to_json(a), to_json(b)]}),
        Kind::In(a, b) => json!({"in": [to_json(a), to_json(b)]}),
        Kind::Arith(op, a, b) => json!({arith_sign(*op): [to_json(a), to_json(b)]}),
        Kind::If(condition, a, b) => json!({"?:": [to_json(condition), to_json(a), to_json(b)]}),
        Kind::Call { on, name, args } => match on {
            Some(on) => json!({"call": {"name": name.text, "on": to_json(on), "args": all(args)}}),
            None => json!({"call": {"name": name.text, "args": all(args)}}),
        },
        Kind::Macro { kind, over, row, body } => {
            json!({kind.name(): {"over": to_json(over), "row": row.text, "where": to_json(body)}})
        }
    }
}

/// The tree of a JSON form.
///
/// # Errors
/// When the JSON is not such a form.
pub fn from_json(json: &Json) -> Result<Ast, ExprError> {
    read(json, 0)
}

type Read = Result<Ast, ExprError>;

fn wrong(message: impl Into<String>) -> ExprError {
    ExprError::new(message, Span::default())
}

fn read(json: &Json, depth: u16) -> Read {
    if depth >= MAX_DEPTH {
        return Err(wrong(format!("the expression is nested more than {MAX_DEPTH} levels deep")));
    }
    let kind = match json {
        Json::Null => Kind::Null,
        Json::Bool(value) => Kind::Bool(*value),
        Json::String(value) if value.contains('\0') => return Err(wrong("text must not contain the character U+0000")),
        Json::String(value) => Kind::Text(value.clone()),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(value), _) => Kind::Int(value),
            (None, Some(value)) if !number.is_u64() => Kind::Float(value),
            _ => return Err(wrong("this number is too large")),
        },
        Json::Array(_) => return Err(wrong("a list is written {\"list\": […]}")),
        Json::Object(map) => return node(map, depth + 1),
    };
    Ok(Ast::new(kind, Span::default()))
}

fn node(map: &Map<String, Json>, depth: u16) -> Read {
    let mut members = map.iter();
    let (Some((tag, of)), None) = (members.next(), members.next()) else {
        return Err(wrong("an expression is an object with exactly one member"));
    };
    if let Some((_, kind)) = Macro::ALL.iter().find(|(name, _)| name == tag) {
        return over_rows(*kind, of, depth);
    }
    let kind = match tag.as_str() {
        "int" => of.as_str().and_then(|text| text.parse().ok()).map(Kind::Int),
        "float" => of
            .as_str()
            .and_then(|text| text.parse().ok())
            .filter(|value: &f64| value.is_finite())
            .map(Kind::Float),
        "name" => of.as_str().filter(|text| is_name(text)).map(|text| Kind::Name(text.to_owned())),
        "member" => match of.as_array().map(Vec::as_slice) {
            Some([base, name]) => name_of(name)
                .map(|name| Ok::<_, ExprError>(Kind::Member(Box::new(read(base, depth)?), name)))
                .transpose()?,
            _ => None,
        },
        "call" => call(of, depth)?,
        _ => operator(tag, of, depth)?,
    };
    let kind = kind.ok_or_else(|| wrong(format!("`{}` is not known, or not of that form", tag.escape_debug())))?;
    finish(kind)
}

fn finish(kind: Kind) -> Read {
    let ast = Ast::new(kind, Span::default());
    if ast.height() > MAX_DEPTH {
        Err(wrong(format!("the expression is nested more than {MAX_DEPTH} levels deep")))
    } else {
        Ok(ast)
    }
}

fn operator(tag: &str, of: &Json, depth: u16) -> Result<Option<Kind>, ExprError> {
    let Some(items) = of.as_array() else { return Ok(None) };
    let mut parts = items.iter().map(|item| read(item, depth)).collect::<Result<Vec<_>, _>>()?;
    let count = parts.len();
    match (tag, count) {
        ("list", _) => return Ok(Some(Kind::List(parts))),
        ("&&", 2..) => return Ok(Some(Kind::And(parts))),
        ("||", 2..) => return Ok(Some(Kind::Or(parts))),
        _ => {}
    }
    let Some(last) = parts.pop().map(Box::new) else { return Ok(None) };
    let Some(second) = parts.pop().map(Box::new) else {
        return Ok(match (tag, count) {
            ("!", 1) => Some(Kind::Not(last)),
            ("neg", 1) => Some(Kind::Neg(last)),
            _ => None,
        });
    };
    if let Some(first) = parts.pop().map(Box::new) {
        return Ok((tag == "?:" && count == 3).then_some(Kind::If(first, second, last)));
    }
    Ok(match tag {
        "index" => Some(Kind::Index(second, last)),
        "in" => Some(Kind::In(second, last)),
        _ => binary(tag, second, last),
    })
}

fn binary(tag: &str, a: Box<Ast>, b: Box<Ast>) -> Option<Kind> {
    use {Arith::*, Compare::*};
    if let Some(op) = [Eq, Ne, Lt, Le, Gt, Ge].into_iter().find(|op| compare_sign(*op) == tag) {
        return Some(Kind::Compare(op, a, b));
    }
    let op = [Add, Sub, Mul, Div, Rem].into_iter().find(|op| arith_sign(*op) == tag)?;
    Some(Kind::Arith(op, a, b))
}

fn call(of: &Json, depth: u16) -> Result<Option<Kind>, ExprError> {
    let (Some(name), Some(args)) = (of.get("name").and_then(name_of), of.get("args").and_then(Json::as_array)) else {
        return Ok(None);
    };
    let on = of.get("on").map(|on| read(on, depth).map(Box::new)).transpose()?;
    let args = args.iter().map(|arg| read(arg, depth)).collect::<Result<Vec<_>, _>>()?;
    // `x.exists(…)` is a macro; as an ordinary call it could not be printed.
    let taken = on.is_some() && Macro::ALL.iter().any(|(known, _)| *known == name.text);
    Ok((!taken).then_some(Kind::Call { on, name, args }))
}

fn over_rows(kind: Macro, of: &Json, depth: u16) -> Read {
    let parts = (of.get("over"), of.get("row").and_then(name_of), of.get("where"));
    let (Some(over), Some(row), Some(body)) = parts else {
        return Err(wrong(format!("`{}` needs `over`, `row` and `where`", kind.name())));
    };
    finish(Kind::Macro {
        kind,
        over: Box::new(read(over, depth)?),
        row,
        body: Box::new(read(body, depth)?),
    })
}

fn name_of(json: &Json) -> Option<Name> {
    let text = json.as_str().filter(|text| is_name(text))?;
    Some(Name {
        text: text.to_owned(),
        span: Span::default(),
    })
}

fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !is_keyword(text)
}
