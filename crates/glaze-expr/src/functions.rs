//! The functions with their documentation, from which the reference is made.

use std::fmt::Write;

use crate::tree::Func;

/// One function as written.
#[derive(Debug, Clone, Copy)]
pub struct FunctionDoc {
    /// Its name.
    pub name: &'static str,
    /// How it is called.
    pub signature: &'static str,
    /// What it gives.
    pub gives: &'static str,
    /// One sentence.
    pub doc: &'static str,
    /// How it may be called.
    pub form: Form,
    /// What it becomes; `None` when the checker itself resolves it.
    pub func: Option<Func>,
}

/// How a function may be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `f(x)`
    Function,
    /// `x.f()`
    Method,
    /// Both.
    Either,
}

const fn function(
    name: &'static str,
    signature: &'static str,
    gives: &'static str,
    form: Form,
    func: Option<Func>,
    doc: &'static str,
) -> FunctionDoc {
    FunctionDoc {
        name,
        signature,
        gives,
        doc,
        form,
        func,
    }
}

/// Every function.
pub const FUNCTIONS: &[FunctionDoc] = &[
    function(
        "size",
        "size(text | list | relation)",
        "number",
        Form::Either,
        Some(Func::Size),
        "Characters (Unicode scalar values) of a text, items of a list (of blocks, too), rows of a relation; `size(relation.filter(x, …))` counts some of them.",
    ),
    function(
        "contains",
        "text.contains(part)",
        "bool",
        Form::Method,
        Some(Func::Contains),
        "The part occurs in the text; the case matters.",
    ),
    function(
        "contains",
        "list.contains(item)",
        "bool",
        Form::Method,
        Some(Func::Has),
        "The item is in the list; the same as `item in list`.",
    ),
    function(
        "startsWith",
        "text.startsWith(part)",
        "bool",
        Form::Method,
        Some(Func::StartsWith),
        "The text begins with the part.",
    ),
    function(
        "endsWith",
        "text.endsWith(part)",
        "bool",
        Form::Method,
        Some(Func::EndsWith),
        "The text ends with the part.",
    ),
    function(
        "icontains",
        "text.icontains(part)",
        "bool",
        Form::Method,
        Some(Func::IContains),
        "Like `contains`, ignoring case.",
    ),
    function(
        "istartsWith",
        "text.istartsWith(part)",
        "bool",
        Form::Method,
        Some(Func::IStartsWith),
        "Like `startsWith`, ignoring case.",
    ),
    function(
        "iendsWith",
        "text.iendsWith(part)",
        "bool",
        Form::Method,
        Some(Func::IEndsWith),
        "Like `endsWith`, ignoring case.",
    ),
    function(
        "matches",
        "text.matches('pattern')",
        "bool",
        Form::Method,
        Some(Func::Matches),
        "The regular expression (constant) matches somewhere in the text. Only in `#[rule]`.",
    ),
    function(
        "lower",
        "lower(text)",
        "text",
        Form::Either,
        Some(Func::Lower),
        "Lower case, character by character.",
    ),
    function(
        "upper",
        "upper(text)",
        "text",
        Form::Either,
        Some(Func::Upper),
        "Upper case, character by character.",
    ),
    function(
        "trim",
        "trim(text)",
        "text",
        Form::Either,
        Some(Func::Trim),
        "Without spaces, tabs and line ends at both ends.",
    ),
    function(
        "coalesce",
        "coalesce(a, b, …)",
        "type of a",
        Form::Function,
        Some(Func::Coalesce),
        "The first that is not null.",
    ),
    function("abs", "abs(number)", "number", Form::Either, Some(Func::Abs), "Without its sign."),
    function(
        "round",
        "round(number, digits)",
        "number",
        Form::Either,
        Some(Func::Round),
        "Rounded to constant digits (none unless said), halves away from zero.",
    ),
    function(
        "year",
        "year(date)",
        "number",
        Form::Either,
        Some(Func::Year),
        "Year of a date or of a point in time (UTC).",
    ),
    function("month", "month(date)", "number", Form::Either, Some(Func::Month), "Month, 1 to 12."),
    function(
        "day",
        "day(date)",
        "number",
        Form::Either,
        Some(Func::Day),
        "Day of the month, 1 to 31.",
    ),
    function("has", "has(field)", "bool", Form::Function, None, "The field is not null."),
    function(
        "check",
        "check(row, 'action')",
        "bool",
        Form::Function,
        None,
        "The rules of the row's entity (of a reference, of a row of `exists`, of `this`) allow `read`, `update` or `delete` on it; false without a row. Only in `#[can]` and `#[cannot]`.",
    ),
    function(
        "timestamp",
        "timestamp('2026-11-21T06:52:00Z')",
        "DateTime",
        Form::Function,
        None,
        "A constant point in time.",
    ),
    function("date", "date('2026-11-21')", "Date", Form::Function, None, "A constant date."),
    function("time", "time('06:52:00')", "Time", Form::Function, None, "A constant time of day."),
    function(
        "duration",
        "duration('PT1H30M')",
        "Duration",
        Form::Function,
        None,
        "A constant length of time (ISO 8601: `PT15M`, `P7D`).",
    ),
    function("uuid", "uuid('…')", "Uuid", Form::Function, None, "A constant UUID."),
    function(
        "decimal",
        "decimal('12.50')",
        "Decimal",
        Form::Function,
        None,
        "A constant exact number.",
    ),
];

const HEAD: &str = "\
# Expressions

<!-- Made by glaze_expr::reference() from the checker's own tables. Do not edit. -->

Expressions stand in `#[can]`, `#[cannot]`, `#[rule]`, `#[computed]` and `#[index(where = …)]`. They are a subset of CEL, checked against the model when the
schema is read, turned into SQL where rows are chosen and run in process where a single row is judged. All three mean the same.

## Names

| name | what it is |
|---|---|
| `title` | a field of the row, by its name in the schema; `this.title` says the same |
| `author` | a reference: compare it with `me`, with null, with a key or with another row of the entity |
| `author.name` | a field of the row referred to; null when there is none |
| `seo.title` | a field of an embedded struct |
| `data.kind`, `data['kind']` | a member of a JSON field, as text; null when missing |
| `subject.type`, `subject.id` | the two parts of a polymorphic reference |
| `comments.exists(c, c.approved)` | one of the related rows satisfies; `.all(c, …)`: all of them do |
| `me in members` | one of the related rows is this one |
| `me`, `me.id`, `me.roles` | who asks; `me` is null and `me.roles` empty when nobody is logged in |
| `now` | the time of the request |
| `before.status` | the row as it was; only in `#[can(update, …)]` and `#[cannot(update, …)]` |

A computed field and the filter of an index know the stored fields of their row and nothing else; a `#[rule]` also knows `me` and `now`.

## Constants

`null`, `true`, `false`, `42`, `0x2a`, `1.5`, `'text'`, `\"text\"`, `r'raw\\text'`, `['a', 'b']`. Values of enums are text: `status == 'in_review'`.
Text compared with a date, a time, a UUID or a decimal is read as one when the schema is read.

## Operators

From loose to tight: `c ? a : b`, `||`, `&&`, `== != < <= > >= in`, `+ -`, `* / %`, `! -`. Integers divide towards zero; decimals divide as floats;
division by zero is null. `+` joins text. `DateTime - DateTime` is a duration, `DateTime + duration('PT1H')` a time.

## Null

- `==` and `!=` treat null as a value: `null == null` is true, `x != 'a'` is true for a null `x`.
- `me`, `me.id` and other members of `me` equal nothing when nobody is logged in, not even null: `author == me` is false for a row without an
  author. Only `me == null` itself asks whether nobody is logged in.
- `in` is false for null.
- Every other operation on null gives null; `&&`, `||` and `!` follow three-valued logic.
- A condition that gives null, or cannot be computed (an integer overflows), denies: in `#[can]` and in `#[cannot]`.

## Functions

";

const TAIL: &str = "
Letter case follows Unicode's simple mappings, one character for one character, without regard to language. PostgreSQL does the same under a UTF-8
collation of the C library; characters that a library version does not know yet are the only difference. Text is ordered by code points.

At most 10,000 bytes, 64 levels of nesting, 5 references in one path and 4 relations inside one another.
";

/// The reference of the language, in Markdown.
pub fn reference() -> String {
    let mut text = HEAD.to_owned();
    text.push_str("| function | gives | |\n|---|---|---|\n");
    for item in FUNCTIONS {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "| `{}` | {} | {} |", item.signature.replace('|', "\\|"), item.gives, item.doc);
    }
    text.push_str(TAIL);
    text
}

/// The name a function is written with.
pub(crate) fn name_of(func: Func) -> &'static str {
    FUNCTIONS.iter().find(|item| item.func == Some(func)).map_or("", |item| item.name)
}
