//! What expressions speak of, and expressions that follow a rename.

use glaze_expr::Mention;
use glaze_model::{Entity, Expression, FieldKind, Model};

/// Every expression of an entity.
fn expressions(entity: &mut Entity) -> impl Iterator<Item = &mut Expression> {
    let Entity {
        rules,
        fields,
        validations,
        indexes,
        ..
    } = entity;
    let mut out: Vec<&mut Expression> = Vec::new();
    out.extend(rules.iter_mut().filter_map(|rule| rule.when.as_mut()));
    out.extend(validations.iter_mut().map(|rule| &mut rule.holds));
    out.extend(indexes.iter_mut().filter_map(|index| index.filter.as_mut()));
    for field in fields {
        out.extend(field.rules.iter_mut().filter_map(|rule| rule.when.as_mut()));
        out.extend(field.computed.as_mut().map(|computed| &mut computed.expr));
    }
    out.into_iter()
}

/// Brings every expression up to date: `renamed` gives the new text for an entity's expression that changes.
pub(super) fn rewrite(model: &mut Model, renamed: impl Fn(&str, &str) -> Option<String>) {
    for entity in &mut model.entities {
        let name = entity.name.clone();
        for expression in expressions(entity) {
            if let Some(text) = renamed(&name, &expression.0) {
                expression.0 = text;
            }
        }
    }
}

/// An expression that speaks of the field, other than one that goes with it.
pub(super) fn uses_of_field(model: &Model, owner: &str, field: &str) -> Option<String> {
    find(model, |entity, text| {
        let own = entity == owner && is_own(model, owner, field, text);
        !own && glaze_expr::mentions(model, entity, text)
            .iter()
            .any(|mention| matches!(mention, Mention::Field { of, field: found, .. } if of == owner && found == field))
    })
}

/// An expression that speaks of a value of an enum.
pub(super) fn uses_of_value(model: &Model, name: &str, value: &str) -> Option<String> {
    find(model, |entity, text| {
        glaze_expr::mentions(model, entity, text)
            .iter()
            .any(|mention| matches!(mention, Mention::EnumValue { of, value: found, .. } if of == name && found == value))
    })
}

/// The field's own policies and its own computation go with it.
fn is_own(model: &Model, owner: &str, field: &str, text: &str) -> bool {
    let Some(field) = model.entity(owner).and_then(|entity| entity.field(field)) else {
        return false;
    };
    let rules = field.rules.iter().filter_map(|rule| rule.when.as_ref());
    rules
        .chain(field.computed.iter().map(|computed| &computed.expr))
        .any(|own| own.0 == text)
}

/// An expression in which the written name of an entity may stand for the type of a polymorphic reference.
pub(super) fn uses_of_type(model: &Model, entity: &str, written: &str) -> Option<String> {
    if !model.any_field(|kind| matches!(kind, FieldKind::AnyOf(any) if any.targets.iter().any(|target| target == entity))) {
        return None;
    }
    let quoted = [format!("'{written}'"), format!("\"{written}\"")];
    find(model, |_, text| quoted.iter().any(|quoted| text.contains(quoted.as_str())))
}

fn find(model: &Model, test: impl Fn(&str, &str) -> bool) -> Option<String> {
    let mut copy = model.clone();
    for entity in &mut copy.entities {
        let name = entity.name.clone();
        if let Some(found) = expressions(entity).find(|expression| test(&name, &expression.0)) {
            return Some(found.0.clone());
        }
    }
    None
}
