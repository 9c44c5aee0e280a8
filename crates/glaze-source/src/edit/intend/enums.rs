//! Enums: values that change place or meaning, and what is said of an enum as a whole.

use glaze_model::{DefaultValue, EnumType, EnumValue, FieldKind, Model, Value};

use super::mentions::{rewrite, uses_of_value};
use super::{EditRefused, all_fields, enum_mut, value_at};

/// A value in another place.
pub(super) fn move_value(model: &mut Model, name: &str, value: &str, after: Option<&str>) -> Result<(), EditRefused> {
    let item = enum_mut(model, name)?;
    if after == Some(value) {
        return Ok(());
    }
    let at = value_at(item, value)?;
    let moved = item.values.remove(at);
    let place = match after {
        None => 0,
        Some(after) => value_at(item, after)? + 1,
    };
    item.values.insert(place, moved);
    Ok(())
}

/// A value goes; nothing may speak of it.
pub(super) fn remove_value(model: &mut Model, name: &str, value: &str) -> Result<(), EditRefused> {
    let item = enum_mut(model, name)?;
    let at = value_at(item, value)?;
    let written = item.values[at].value.clone();
    if let Some(place) = uses_of_value(model, name, &written) {
        return Err(EditRefused::InUse(format!(
            "`{value}` is used in the expression `{place}`; change that first"
        )));
    }
    enum_mut(model, name)?.values.remove(at);
    Ok(())
}

/// A value is written or described otherwise.
pub(super) fn change_value(model: &mut Model, name: &str, value: &str, to: &EnumValue) -> Result<(), EditRefused> {
    if to.name != value {
        return Err(EditRefused::InUse(format!(
            "`{value}` cannot become `{}` here: renaming is an edit of its own",
            to.name
        )));
    }
    let before = model.clone();
    let item = enum_mut(model, name)?;
    let at = value_at(item, value)?;
    let old = std::mem::replace(&mut item.values[at], to.clone()).value;
    if old != to.value {
        rewrite_value(&before, model, name, &old, &to.value);
    }
    Ok(())
}

/// Defaults and expressions that follow a value which is written otherwise.
pub(super) fn rewrite_value(before: &Model, model: &mut Model, name: &str, old: &str, new: &str) {
    for field in all_fields(model) {
        match (&field.kind, &mut field.default) {
            (FieldKind::Enum(used), Some(DefaultValue::Literal(Value::Text(text)))) if used == name && *text == old => {
                *text = new.to_owned();
            }
            (FieldKind::EnumList(used), Some(DefaultValue::Literal(Value::List(items)))) if used == name => {
                let same = Value::Text(old.to_owned());
                for item in items.iter_mut().filter(|item| **item == same) {
                    *item = Value::Text(new.to_owned());
                }
            }
            _ => {}
        }
    }
    rewrite(model, |entity, text| {
        glaze_expr::rename_enum_value(before, entity, text, name, old, new)
    });
}

/// An enum is stored or described otherwise.
pub(super) fn change(model: &mut Model, name: &str, to: &EnumType) -> Result<(), EditRefused> {
    let item = enum_mut(model, name)?;
    if to.name != item.name || to.values != item.values {
        return Err(EditRefused::InUse(format!(
            "the name and the values of `{name}` have edits of their own"
        )));
    }
    *item = EnumType { id: None, ..to.clone() };
    Ok(())
}
