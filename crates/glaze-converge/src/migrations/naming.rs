//! A migration's name, from what it does.

use crate::step::Step;

/// `create_posts`, `add_excerpt`, `rename_title_to_headline`; the first thing counts, the rest is `_and_2_more`.
pub fn auto_name<'a>(steps: impl Iterator<Item = &'a Step>, first: bool) -> String {
    if first {
        return "init".to_owned();
    }
    let mut names: Vec<String> = Vec::new();
    for step in steps {
        if let Some(name) = name_of(step)
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    let name = match names.as_slice() {
        [] => "change".to_owned(),
        [one] => one.clone(),
        [one, other] => format!("{one}_and_{other}"),
        [one, rest @ ..] => format!("{one}_and_{}_more", rest.len()),
    };
    let mut plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' })
        .collect();
    plain.truncate(60);
    plain.trim_matches('_').to_owned()
}

fn name_of(step: &Step) -> Option<String> {
    Some(match step {
        Step::TableCreate { table } => format!("create_{}", table.name.name),
        Step::TableDrop { table } => format!("drop_{}", table.name.name),
        Step::TableRename { from, to } => format!("rename_{}_to_{}", from.name, to.name),
        Step::ColumnAdd { column, .. } => format!("add_{}", column.name),
        Step::ColumnDrop { column, .. } => format!("drop_{}", column.name),
        Step::ColumnRename { from, to, .. } => format!("rename_{from}_to_{to}"),
        Step::ColumnType { to, .. } => format!("change_{}_type", to.name),
        Step::ColumnNullableSet { column, .. } => format!("allow_null_{column}"),
        Step::ColumnNullableDrop { column, .. } => format!("require_{column}"),
        Step::ColumnDefaultSet { column, .. } | Step::ColumnDefaultDrop { column, .. } => format!("change_{column}_default"),
        Step::ColumnGenerated { to, .. } | Step::ColumnIdentity { to, .. } | Step::ColumnCollation { to, .. } => {
            format!("change_{}", to.name)
        }
        Step::EnumCreate { item } => format!("create_{}", item.name.name),
        Step::EnumDrop { item } => format!("drop_{}", item.name.name),
        Step::EnumRename { from, to } => format!("rename_{}_to_{}", from.name, to.name),
        Step::EnumAddValue { value, .. } => format!("add_{value}"),
        Step::EnumRemoveValue { value, .. } => format!("remove_{value}"),
        Step::EnumRenameValue { from, to, .. } => format!("rename_{from}_to_{to}"),
        Step::EnumReplace { to, .. } => format!("change_{}", to.name.name),
        Step::PrimaryKeySet { table, .. } => format!("key_of_{}", table.name),
        Step::UniqueAdd { key, .. } => format!("unique_{}", key.columns.join("_")),
        Step::IndexCreate { index, .. } => format!("add_{}", index.name),
        Step::UniqueDrop { .. }
        | Step::IndexDrop { .. }
        | Step::FkAdd { .. }
        | Step::FkDrop { .. }
        | Step::CheckAdd { .. }
        | Step::CheckDrop { .. }
        | Step::TableComment { .. }
        | Step::ColumnComment { .. }
        | Step::SchemaCreate { .. } => return None,
    })
}
