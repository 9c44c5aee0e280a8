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
        Step::ColumnSequence { column, .. } => format!("change_{column}"),
        Step::DomainCreate { item } => format!("create_{}", item.name.name),
        Step::DomainAlter { to, .. } => format!("change_{}", to.name.name),
        Step::DomainDrop { item } => format!("drop_{}", item.name.name),
        Step::SequenceCreate { item } => format!("create_{}", item.name.name),
        Step::SequenceAlter { to, .. } => format!("change_{}", to.name.name),
        Step::SequenceDrop { item } => format!("drop_{}", item.name.name),
        Step::ViewCreate { view, again: false } => format!("create_{}", view.name.name),
        Step::ViewDrop { view, again: false } => format!("drop_{}", view.name.name),
        Step::ViewCreate { view, .. } | Step::ViewDrop { view, .. } | Step::ViewReplace { to: view, .. } => {
            format!("change_{}", view.name.name)
        }
        Step::UnmodelledCreate { item, again: false } => format!("create_{}", item.kind),
        Step::UnmodelledDrop { item, again: false } => format!("drop_{}", item.kind),
        Step::UnmodelledCreate { item, .. } | Step::UnmodelledDrop { item, .. } | Step::UnmodelledReplace { to: item, .. } => {
            format!("change_{}", item.kind)
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
        | Step::TableOptions { .. }
        | Step::TablePartitioning { .. }
        | Step::FkValidate { .. }
        | Step::CheckValidate { .. }
        | Step::SequenceOwner { .. }
        | Step::CommentSet { .. }
        | Step::EnumComment { .. }
        | Step::ExtensionCreate { .. }
        | Step::SchemaDrop { .. }
        | Step::SchemaCreate { .. } => return None,
    })
}
