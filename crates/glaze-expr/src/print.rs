//! Tree to text. What is printed parses to the same tree.

use std::fmt::{self, Display, Formatter, Write};

use crate::{
    ast::{Ast, Kind},
    tree::{Arith, Compare},
};

/// How tightly a node binds; operands that bind less get brackets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    If,
    Or,
    And,
    Relation,
    Sum,
    Product,
    Unary,
    Postfix,
}

impl Display for Ast {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write_node(f, self)
    }
}

/// The text of an expression.
pub fn print(ast: &Ast) -> String {
    ast.to_string()
}

/// The operator as written.
pub(crate) fn compare_sign(op: Compare) -> &'static str {
    match op {
        Compare::Eq => "==",
        Compare::Ne => "!=",
        Compare::Lt => "<",
        Compare::Le => "<=",
        Compare::Gt => ">",
        Compare::Ge => ">=",
    }
}

/// The operator as written.
pub(crate) fn arith_sign(op: Arith) -> &'static str {
    match op {
        Arith::Add => "+",
        Arith::Sub => "-",
        Arith::Mul => "*",
        Arith::Div => "/",
        Arith::Rem => "%",
    }
}

/// Text in single quotes.
pub fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for c in text.chars() {
        match c {
            '\'' => quoted.push_str("\\'"),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => {
                // Writing to a String cannot fail.
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('\'');
    quoted
}

fn level(ast: &Ast) -> Level {
    match &ast.kind {
        Kind::If(..) => Level::If,
        Kind::Or(_) => Level::Or,
        Kind::And(_) => Level::And,
        Kind::Compare(..) | Kind::In(..) => Level::Relation,
        Kind::Arith(Arith::Add | Arith::Sub, ..) => Level::Sum,
        Kind::Arith(..) => Level::Product,
        Kind::Not(_) | Kind::Neg(_) => Level::Unary,
        _ => Level::Postfix,
    }
}

/// With brackets unless it binds at least as tightly as `least`.
fn write_at(f: &mut Formatter<'_>, ast: &Ast, least: Level) -> fmt::Result {
    if level(ast) >= least {
        return write_node(f, ast);
    }
    f.write_char('(')?;
    write_node(f, ast)?;
    f.write_char(')')
}

fn write_list(f: &mut Formatter<'_>, items: &[Ast]) -> fmt::Result {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            f.write_str(", ")?;
        }
        write_node(f, item)?;
    }
    Ok(())
}

fn write_node(f: &mut Formatter<'_>, ast: &Ast) -> fmt::Result {
    match &ast.kind {
        Kind::Null => f.write_str("null"),
        Kind::Bool(value) => write!(f, "{value}"),
        Kind::Int(value) => write!(f, "{value}"),
        Kind::Float(value) => write!(f, "{value:?}"),
        Kind::Text(value) => f.write_str(&quote(value)),
        Kind::Name(name) => f.write_str(name),
        Kind::List(items) => {
            f.write_char('[')?;
            write_list(f, items)?;
            f.write_char(']')
        }
        Kind::Member(base, name) => {
            write_at(f, base, Level::Postfix)?;
            write!(f, ".{}", name.text)
        }
        Kind::Index(base, key) => {
            write_at(f, base, Level::Postfix)?;
            write!(f, "[{key}]")
        }
        Kind::Call { on, name, args } => {
            if let Some(on) = on {
                write_at(f, on, Level::Postfix)?;
                f.write_char('.')?;
            }
            write!(f, "{}(", name.text)?;
            write_list(f, args)?;
            f.write_char(')')
        }
        Kind::Macro { kind, over, row, body } => {
            write_at(f, over, Level::Postfix)?;
            write!(f, ".{}({}, {body})", kind.name(), row.text)
        }
        _ => write_operator(f, ast),
    }
}

fn write_operator(f: &mut Formatter<'_>, ast: &Ast) -> fmt::Result {
    let binary = |f: &mut Formatter<'_>, sign: &str, own: Level, above: Level, a: &Ast, b: &Ast| {
        write_at(f, a, own)?;
        write!(f, " {sign} ")?;
        write_at(f, b, above)
    };
    match &ast.kind {
        Kind::Not(inner) => {
            f.write_char('!')?;
            write_at(f, inner, Level::Unary)
        }
        Kind::Neg(inner) => {
            f.write_char('-')?;
            // Unless in brackets, the sign would become part of the number at the front.
            if starts_with_number(inner) {
                write!(f, "({inner})")
            } else {
                write_at(f, inner, Level::Unary)
            }
        }
        Kind::And(items) => write_chain(f, items, " && ", Level::And, Level::Relation),
        Kind::Or(items) => write_chain(f, items, " || ", Level::Or, Level::And),
        Kind::Compare(op, a, b) => binary(f, compare_sign(*op), Level::Relation, Level::Sum, a, b),
        Kind::In(a, b) => binary(f, "in", Level::Relation, Level::Sum, a, b),
        Kind::Arith(op @ (Arith::Add | Arith::Sub), a, b) => binary(f, arith_sign(*op), Level::Sum, Level::Product, a, b),
        Kind::Arith(op, a, b) => binary(f, arith_sign(*op), Level::Product, Level::Unary, a, b),
        Kind::If(condition, then, otherwise) => {
            write_at(f, condition, Level::Or)?;
            f.write_str(" ? ")?;
            write_at(f, then, Level::Or)?;
            write!(f, " : {otherwise}")
        }
        _ => Ok(()),
    }
}

fn write_chain(f: &mut Formatter<'_>, items: &[Ast], sign: &str, own: Level, above: Level) -> fmt::Result {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            f.write_str(sign)?;
        }
        write_at(f, item, if at == 0 { own } else { above })?;
    }
    Ok(())
}

fn starts_with_number(ast: &Ast) -> bool {
    match &ast.kind {
        Kind::Int(_) | Kind::Float(_) => true,
        Kind::Member(base, _) | Kind::Index(base, _) | Kind::Macro { over: base, .. } => starts_with_number(base),
        Kind::Call { on: Some(base), .. } => starts_with_number(base),
        _ => false,
    }
}
