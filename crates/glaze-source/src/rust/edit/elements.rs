//! Elements of a list in braces, fields or values: putting one in, taking one out.

use std::ops::Range;

use super::lines::{Rest, ending, indent_before, line_indent, rest_of_line, skip_trivia, unit, whole_lines};
use super::tree::Tree;
use crate::finding::Loc;
use crate::rust::raw::{Attrs, Layout};

/// Where a new element goes.
pub(super) enum Place {
    /// After the element at this place.
    After(Loc),
    /// Before all others; the first of them is at this place.
    First(Option<Loc>),
}

/// Puts an element in. `lines` are its lines without indentation and without the last comma.
pub(super) fn insert(tree: &mut Tree<'_>, layout: &Layout, place: &Place, lines: &[String]) {
    let file = layout.whole.file;
    let text = tree.text(file);
    match place {
        Place::After(anchor) => insert_after(tree, *anchor, lines),
        Place::First(first) => {
            let open = tree.range(layout.open).end;
            let close = tree.range(layout.close).start;
            match (rest_of_line(text, open), first) {
                (Rest::Ends(next), Some(first)) if next <= tree.range(*first).start => {
                    let indent = line_indent(text, tree.range(*first).start);
                    tree.replace(file, next..next, block(lines, indent, ending(text), ","));
                }
                (_, Some(first)) => {
                    let start = tree.range(*first).start;
                    tree.replace(file, start..start, format!("{}, ", inline(lines)));
                }
                (_, None) => insert_into_empty(tree, layout, open, close, lines),
            }
        }
    }
}

fn insert_into_empty(tree: &mut Tree<'_>, layout: &Layout, open: usize, close: usize, lines: &[String]) {
    let file = layout.whole.file;
    let text = tree.text(file);
    let outer = line_indent(text, tree.range(layout.keyword).start);
    let indent = format!("{outer}{}", unit(text));
    let end = ending(text);
    if text[open..close].trim().is_empty() {
        tree.replace(file, open..close, format!("{end}{}{outer}", block(lines, &indent, end, ",")));
    } else if indent_before(text, close).is_some() {
        // Comments only: they come first.
        let at = close - line_indent(text, close).len();
        tree.replace(file, at..at, block(lines, &indent, end, ","));
    } else {
        tree.replace(file, close..close, format!("{end}{}{outer}", block(lines, &indent, end, ",")));
    }
}

fn insert_after(tree: &mut Tree<'_>, anchor: Loc, lines: &[String]) {
    let file = anchor.file;
    let text = tree.text(file);
    let range = tree.range(anchor);
    let next = skip_trivia(text, range.end);
    let comma = text[next..].starts_with(',');
    let after = if comma { next + 1 } else { range.end };
    match rest_of_line(text, after) {
        Rest::Ends(line)
            if indent_before(text, range.start).is_some() || text[line_start_of(text, range.start)..range.start].trim().is_empty() =>
        {
            if !comma {
                tree.replace(file, range.end..range.end, ",");
            }
            let indent = line_indent(text, range.start);
            // A file may end without a newline, but not inside braces: there is always a next line.
            tree.replace(file, line..line, block(lines, indent, ending(text), ","));
        }
        _ if comma => tree.replace(file, after..after, format!(" {},", inline(lines))),
        _ => tree.replace(file, range.end..range.end, format!(", {}", inline(lines))),
    }
}

fn line_start_of(text: &str, at: usize) -> usize {
    super::lines::line_start(text, at)
}

fn block(lines: &[String], indent: &str, ending: &str, comma: &str) -> String {
    let mut out = String::new();
    for (at, line) in lines.iter().enumerate() {
        out.push_str(indent);
        out.push_str(line);
        if at + 1 == lines.len() {
            out.push_str(comma);
        }
        out.push_str(ending);
    }
    out
}

/// On one line; a description becomes an attribute, since a comment would swallow what follows.
fn inline(lines: &[String]) -> String {
    let parts: Vec<String> = lines
        .iter()
        .map(|line| match line.strip_prefix("///") {
            Some(doc) => format!("#[doc = {}]", crate::rust::print::text_literal(doc)),
            None => line.clone(),
        })
        .collect();
    parts.join(" ")
}

/// Takes an element out, with its comma, and with its lines when it is alone on them. `before` is the element in front of it.
pub(super) fn remove(tree: &mut Tree<'_>, whole: Loc, before: Option<Loc>) {
    let file = whole.file;
    let text = tree.text(file);
    let range = tree.range(whole);
    let next = skip_trivia(text, range.end);
    let comma = text[next..].starts_with(',');
    // A comment between the element and its comma goes with it only when it is on the element's own line.
    let end = if comma { next + 1 } else { range.end };
    if let Some(lines) = whole_lines(text, range.start..end) {
        tree.replace(file, lines, "");
        return;
    }
    match (comma, before.map(|before| tree.range(before).end)) {
        // The last one of a list on one line takes the comma in front of it along.
        (false, Some(previous)) if only_comma(&text[previous..range.start]) => tree.replace(file, previous..range.end, ""),
        _ => {
            let spaces = text[end..].len() - text[end..].trim_start_matches([' ', '\t']).len();
            tree.replace(file, range.start..end + spaces, "");
        }
    }
}

/// Puts an element of a list in another place. `all` are the elements, `from` the one that moves, `to` the place before which it goes.
pub(super) fn relocate(tree: &mut Tree<'_>, layout: &Layout, all: &[Loc], (at, whole): (usize, Loc), to: usize) {
    let file = layout.whole.file;
    let text = tree.text(file);
    let with_comma = |loc: Loc| {
        let range = tree.range(loc);
        let next = skip_trivia(text, range.end);
        let end = if text[next..].starts_with(',') { next + 1 } else { range.end };
        (range.start..end, end > range.end)
    };
    let lines: Option<Vec<Range<usize>>> = all.iter().map(|loc| whole_lines(text, with_comma(*loc).0)).collect();
    if let Some(lines) = lines {
        // Lines move as they are; the last one may have to get a comma, or may keep none.
        let last = all.len() - 1;
        let missing = !with_comma(all[last]).1;
        if missing {
            let end = tree.range(all[last]).end;
            if at == last {
                let mut moved = text[lines[at].clone()].to_owned();
                moved.insert(end - lines[at].start, ',');
                tree.replace(file, lines[at].clone(), "");
                tree.replace(file, lines[to].start..lines[to].start, moved);
                return;
            }
            tree.replace(file, end..end, ",");
        }
        let place = lines.get(to).map_or(lines[last].end, |line| line.start);
        let moved = text[lines[at].clone()].to_owned();
        tree.replace(file, lines[at].clone(), "");
        tree.replace(file, place..place, moved);
        return;
    }
    let moved = tree.at(whole).to_owned();
    let before = at.checked_sub(1).map(|at| all[at]);
    remove(tree, whole, before);
    match to.checked_sub(1).map(|before| all[before]) {
        None => {
            let start = tree.range(all[0]).start;
            tree.replace(file, start..start, format!("{moved}, "));
        }
        Some(neighbour) => {
            let end = tree.range(neighbour).end;
            tree.replace(file, end..end, format!(", {moved}"));
        }
    }
}

fn only_comma(text: &str) -> bool {
    text.trim() == ","
}

/// Puts an attribute above something that begins at `start` after its attributes.
pub(super) fn insert_attribute(tree: &mut Tree<'_>, start: Loc, attribute: &str) {
    let file = start.file;
    let text = tree.text(file);
    let at = tree.range(start).start;
    let inserted = match indent_before(text, at) {
        Some(indent) => format!("{attribute}{}{indent}", ending(text)),
        None => format!("{attribute} "),
    };
    tree.replace(file, at..at, inserted);
}

/// Takes an attribute away, with its line when it is alone there.
pub(super) fn remove_attribute(tree: &mut Tree<'_>, loc: Loc) {
    let file = loc.file;
    let text = tree.text(file);
    let range = tree.range(loc);
    match whole_lines(text, range.clone()) {
        Some(lines) => tree.replace(file, lines, ""),
        None => {
            let spaces = text[range.end..].len() - text[range.end..].trim_start_matches([' ', '\t']).len();
            tree.replace(file, range.start..range.end + spaces, "");
        }
    }
}

/// Replaces a description.
pub(super) fn set_doc(tree: &mut Tree<'_>, attrs: &Attrs, whole: Loc, doc: &str) {
    let file = whole.file;
    let text = tree.text(file);
    let lines: Vec<String> = crate::rust::print::doc_lines(doc, "").lines().map(str::to_owned).collect();
    let old: Vec<Range<usize>> = attrs
        .docs
        .iter()
        .map(|loc| {
            let range = tree.range(*loc);
            // In a file with CRLF the carriage return is a part of the comment.
            let cut = usize::from(text[range.clone()].ends_with('\r'));
            range.start..range.end - cut
        })
        .collect();
    let start = old.first().map_or(tree.range(whole).start, |first| first.start);
    let own_line = indent_before(text, start);
    for (at, range) in old.iter().enumerate() {
        let keeps_line = at == 0 && !lines.is_empty();
        match whole_lines(text, range.clone()).filter(|_| !keeps_line) {
            Some(lines) => tree.replace(file, lines, ""),
            None => tree.replace(file, range.clone(), ""),
        }
    }
    if lines.is_empty() {
        return;
    }
    let inserted = match own_line {
        Some(indent) => {
            let joined = lines.join(&format!("{}{indent}", ending(text)));
            if old.is_empty() {
                format!("{joined}{}{indent}", ending(text))
            } else {
                joined
            }
        }
        None => format!("{} ", inline(&lines)),
    };
    tree.replace(file, start..start, inserted);
}
