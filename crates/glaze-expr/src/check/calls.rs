//! Calls of functions.

use glaze_model::{FieldKind, Scalar, Span, Value};

use super::{
    Checker,
    macros::Counted,
    names::declared,
    types::{self, is, is_number, is_text},
};
use crate::{
    ExprError,
    ast::{Ast, Kind, Name},
    error::nearest,
    functions::{FUNCTIONS, Form},
    tree::{Compare, Expr, Func, Node, Part, Type},
};

/// A call being checked.
struct Call<'a> {
    name: &'a Name,
    span: Span,
    /// The receiver, if any, first.
    args: Vec<&'a Ast>,
}

impl Checker<'_> {
    pub(super) fn call(&mut self, span: Span, on: Option<&Ast>, name: &Name, args: &[Ast]) -> Option<Expr> {
        let known: Vec<_> = FUNCTIONS.iter().filter(|item| item.name == name.text).collect();
        let Some(first) = known.first() else {
            return self.unknown_function(name);
        };
        let call = Call {
            name,
            span,
            args: on.into_iter().chain(args).collect(),
        };
        match (first.form, on.is_some()) {
            (Form::Function, true) => {
                let error = ExprError::new(format!("`{}` is not called on a value", name.text), name.span);
                return self.fail(error.help(format!("write `{}`", first.signature)));
            }
            (Form::Method, false) => {
                let error = ExprError::new(format!("`{}` is called on a value", name.text), name.span);
                return self.fail(error.help(format!("write `{}`", first.signature)));
            }
            _ => {}
        }
        match first.func {
            None if name.text == "has" => self.has(&call),
            None if name.text == "check" => {
                let [of, action] = self.arguments::<2>(&call)?;
                self.check_call(of, action, call.span)
            }
            None => self.constant(&call),
            Some(Func::Size) => self.size(&call),
            Some(Func::Coalesce) => self.coalesce(&call),
            Some(Func::Contains | Func::Has) => self.contains(&call),
            Some(func @ (Func::StartsWith | Func::EndsWith | Func::IContains | Func::IStartsWith | Func::IEndsWith)) => {
                let [a, b] = self.arguments::<2>(&call)?;
                let (a, b) = (self.text(a), self.text(b));
                self.made(&call, func, vec![a?, b?], Type::BOOL)
            }
            Some(Func::Matches) => self.matches(&call),
            Some(func @ (Func::Lower | Func::Upper | Func::Trim)) => {
                let [text] = self.arguments::<1>(&call)?;
                let text = self.text(text)?;
                self.made(&call, func, vec![text], Type::Scalar(Scalar::Text))
            }
            Some(Func::Abs) => {
                let [number] = self.arguments::<1>(&call)?;
                let number = self.number(number)?;
                let ty = if types::is_integer(&number.ty) {
                    Type::Scalar(Scalar::I64)
                } else {
                    number.ty.clone()
                };
                self.made(&call, Func::Abs, vec![number], ty)
            }
            Some(Func::Round) => self.round(&call),
            Some(func @ (Func::Year | Func::Month | Func::Day)) => self.part_of_date(&call, func),
        }
    }

    fn unknown_function(&mut self, name: &Name) -> Option<Expr> {
        let error = ExprError::new(format!("there is no function `{}`", name.text), name.span);
        let others = [
            ("getFullYear", "year"),
            ("getMonth", "month"),
            ("getDate", "day"),
            ("lowerAscii", "lower"),
            ("upperAscii", "upper"),
            ("toLowerCase", "lower"),
            ("length", "size"),
            ("len", "size"),
            ("count", "size"),
            ("includes", "contains"),
        ];
        let other = others.iter().find(|(other, _)| *other == name.text).map(|(_, ours)| *ours);
        let names = FUNCTIONS.iter().map(|item| item.name).chain(["exists", "all"]);
        self.fail(match other.or_else(|| nearest(&name.text, names)) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error,
        })
    }

    fn arguments<'a, const N: usize>(&mut self, call: &Call<'a>) -> Option<[&'a Ast; N]> {
        match <[&Ast; N]>::try_from(call.args.as_slice()) {
            Ok(args) => Some(args),
            Err(_) => {
                let forms: Vec<_> = FUNCTIONS
                    .iter()
                    .filter(|item| item.name == call.name.text)
                    .map(|item| format!("`{}`", item.signature))
                    .collect();
                let error = ExprError::new(format!("`{}` is given the wrong number of values", call.name.text), call.span);
                self.fail(error.help(format!("write {}", forms.join(" or "))))
            }
        }
    }

    fn made(&mut self, call: &Call<'_>, func: Func, args: Vec<Expr>, ty: Type) -> Option<Expr> {
        self.computable(Expr {
            node: Node::Call(func, args),
            ty,
            span: call.span,
        })
    }

    fn text(&mut self, ast: &Ast) -> Option<Expr> {
        let expr = self.expr(ast)?;
        self.wanted(expr, "text", is_text)
    }

    fn number(&mut self, ast: &Ast) -> Option<Expr> {
        let expr = self.expr(ast)?;
        self.wanted(expr, "a number", is_number)
    }

    fn wanted(&mut self, expr: Expr, what: &str, fits: impl Fn(&Type) -> bool) -> Option<Expr> {
        if fits(&expr.ty) {
            return Some(expr);
        }
        let found = self.describe(&expr.ty);
        self.fail(ExprError::new(format!("expected {what}, this is {found}"), expr.span))
    }

    fn has(&mut self, call: &Call<'_>) -> Option<Expr> {
        let [of] = self.arguments::<1>(call)?;
        let value = self.expr(of)?;
        let null = Expr {
            node: Node::Literal(Value::Null),
            ty: Type::Null,
            span: call.span,
        };
        Some(Expr {
            node: Node::Compare(Compare::Ne, Box::new(value), Box::new(null)),
            ty: Type::BOOL,
            span: call.span,
        })
    }

    /// `timestamp('…')` and the like.
    fn constant(&mut self, call: &Call<'_>) -> Option<Expr> {
        let scalar = match call.name.text.as_str() {
            "timestamp" => Scalar::DateTime,
            "date" => Scalar::Date,
            "time" => Scalar::Time,
            "duration" => Scalar::Duration,
            "uuid" => Scalar::Uuid,
            _ => Scalar::Decimal,
        };
        let [text] = self.arguments::<1>(call)?;
        let Kind::Text(text) = &text.kind else {
            return self.fail(ExprError::new(format!("`{}` takes constant text", call.name.text), text.span));
        };
        match Value::parse(scalar, text) {
            Ok(value) => Some(Expr {
                node: Node::Literal(value),
                ty: Type::Scalar(scalar),
                span: call.span,
            }),
            Err(error) => self.fail(ExprError::new(format!("{}: {error}", crate::print::quote(text)), call.span)),
        }
    }

    fn size(&mut self, call: &Call<'_>) -> Option<Expr> {
        let [of] = self.arguments::<1>(call)?;
        match self.count(of, call.span)? {
            Counted::Rows(expr) => Some(expr),
            Counted::Value(expr) => {
                // Lists of structs and of blocks are JSON, but always lists.
                let listed = matches!(
                    declared(self, &expr, &Part::Whole),
                    Some(FieldKind::EmbeddedList(_) | FieldKind::Blocks(_))
                );
                let expr = self.wanted(expr, "text, a list or a relation", |ty| {
                    listed || is_text(ty) || matches!(ty, Type::List(_))
                })?;
                self.made(call, Func::Size, vec![expr], Type::Scalar(Scalar::I64))
            }
        }
    }

    fn coalesce(&mut self, call: &Call<'_>) -> Option<Expr> {
        let args: Vec<Option<Expr>> = call.args.iter().map(|arg| self.expr(arg)).collect();
        let mut args = args.into_iter().collect::<Option<Vec<Expr>>>()?.into_iter();
        let (Some(first), Some(second)) = (args.next(), args.next()) else {
            return self.fail(ExprError::new("`coalesce` takes two values or more", call.span));
        };
        let (first, second, mut ty) = self.alike(first, second, call.span)?;
        let mut fitted = vec![first, second];
        for arg in args {
            // The type so far stands for the values so far.
            let so_far = Expr {
                node: Node::Now,
                ty: ty.clone(),
                span: call.span,
            };
            let (_, arg, wider) = self.alike(so_far, arg, call.span)?;
            ty = wider;
            fitted.push(arg);
        }
        self.made(call, Func::Coalesce, fitted, ty)
    }

    /// `text.contains(part)` or `list.contains(item)`.
    fn contains(&mut self, call: &Call<'_>) -> Option<Expr> {
        let [on, part] = self.arguments::<2>(call)?;
        let on_expr = self.expr(on)?;
        if !matches!(on_expr.ty, Type::List(_)) {
            let on_expr = self.wanted(on_expr, "text or a list", is_text);
            let part = self.text(part);
            return self.made(call, Func::Contains, vec![on_expr?, part?], Type::BOOL);
        }
        let item = self.expr(part)?;
        // One way to say it in the tree: the same as `item in list`.
        self.in_list(item, on_expr, call.span)
    }

    fn matches(&mut self, call: &Call<'_>) -> Option<Expr> {
        let [text, pattern] = self.arguments::<2>(call)?;
        if !self.allow.matches {
            let error = ExprError::new(
                "`matches` cannot be used here: databases know other regular expressions",
                call.name.span,
            );
            return self.fail(error.help("use `contains`, `startsWith` or `endsWith`"));
        }
        let text = self.text(text);
        let Kind::Text(source) = &pattern.kind else {
            return self.fail(ExprError::new("the pattern must be constant text", pattern.span));
        };
        if let Err(error) = crate::evaluate::compile(source) {
            return self.fail(ExprError::new(format!("this is not a regular expression: {error}"), pattern.span));
        }
        let pattern = self.literal(pattern)?;
        self.made(call, Func::Matches, vec![text?, pattern], Type::BOOL)
    }

    fn round(&mut self, call: &Call<'_>) -> Option<Expr> {
        let (number, digits) = match call.args.as_slice() {
            [number] => (*number, None),
            _ => {
                let [number, digits] = self.arguments::<2>(call)?;
                (number, Some(digits))
            }
        };
        let number = self.number(number)?;
        let (digits, span) = match digits.map(|digits| (&digits.kind, digits.span)) {
            None => (0, call.span),
            Some((Kind::Int(digits @ 0..=18), span)) => (*digits, span),
            Some((_, span)) => return self.fail(ExprError::new("the digits must be a constant from 0 to 18", span)),
        };
        let ty = if types::is_integer(&number.ty) {
            Type::Scalar(Scalar::I64)
        } else {
            number.ty.clone()
        };
        let digits = Expr {
            node: Node::Literal(Value::Int(digits)),
            ty: Type::Scalar(Scalar::I64),
            span,
        };
        self.made(call, Func::Round, vec![number, digits], ty)
    }

    fn part_of_date(&mut self, call: &Call<'_>, func: Func) -> Option<Expr> {
        let [of] = self.arguments::<1>(call)?;
        let of = self.expr(of)?;
        let of = self.wanted(of, "a date or a point in time", |ty| {
            is(ty, Scalar::Date) || is(ty, Scalar::DateTime)
        })?;
        self.made(call, func, vec![of], Type::Scalar(Scalar::I64))
    }
}
