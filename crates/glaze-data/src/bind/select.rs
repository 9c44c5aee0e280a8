//! What stands in the answer for each row.

use glaze_expr::tree::FieldIx;
use glaze_model::FieldKind;

use super::Binder;
use crate::{
    bound::{Output, Selected},
    query::{Chosen, Include, QueryError, Selection},
    schema::{EntityInfo, FieldInfo},
};

impl Binder<'_> {
    pub(super) fn select(&self, entity: &EntityInfo, selection: &Selection) -> Result<Vec<Selected>, QueryError> {
        let mut select: Vec<Selected> = Vec::with_capacity(entity.fields.len());
        let included = |field: FieldIx| selection.include.iter().find(|include| include.field == field);
        if selection.all {
            for field in &entity.fields {
                let rule = self.field_rule(entity, field);
                match included(field.ix) {
                    Some(include) => select.extend(self.selected(entity, field, Some(include), &[])?),
                    None if rule.is_false() || !stands_by_itself(field) => {}
                    None => select.extend(self.selected(entity, field, None, &inner_of(selection, field))?),
                }
            }
            return Ok(select);
        }
        for Chosen { field, inner } in &selection.fields {
            select.extend(self.selected(entity, &entity.fields[*field as usize], included(*field), inner)?);
        }
        let chosen = |field: FieldIx| selection.fields.iter().any(|chosen| chosen.field == field);
        for include in selection.include.iter().filter(|include| !chosen(include.field)) {
            select.extend(self.selected(entity, &entity.fields[include.field as usize], Some(include), &[])?);
        }
        Ok(select)
    }

    fn selected(
        &self,
        entity: &EntityInfo,
        field: &FieldInfo,
        include: Option<&Include>,
        inner: &[FieldIx],
    ) -> Result<Option<Selected>, QueryError> {
        let rule = self.readable_field(entity, field)?;
        let output = match (include, &field.computed) {
            (Some(include), _) => self.included(entity, field, include)?,
            (None, Some(computed)) if field.is_virtual => Output::Value(computed.clone()),
            (None, _) if matches!(self.schema.field(entity.ix, field.ix).kind, FieldKind::Embedded(_)) => {
                let shown = field
                    .inner
                    .iter()
                    .filter(|one| !one.private && (inner.is_empty() || inner.contains(&one.ix)));
                Output::Embedded {
                    field: field.ix,
                    inner: shown.map(|one| (one.ix, one.json.clone())).collect(),
                }
            }
            (None, _) => Output::Field(field.ix),
        };
        Ok(Some(Selected {
            json: field.json.clone(),
            output,
            guard: (!rule.is_true()).then_some(rule),
        }))
    }
}

/// Relations without columns here stand in answers only when they are included.
fn stands_by_itself(field: &FieldInfo) -> bool {
    use crate::schema::Relation;
    !matches!(field.relation, Some(Relation::Many { .. } | Relation::Inverse { .. }))
}

fn inner_of(selection: &Selection, field: &FieldInfo) -> Vec<FieldIx> {
    let chosen = selection.fields.iter().find(|chosen| chosen.field == field.ix);
    chosen.map(|chosen| chosen.inner.clone()).unwrap_or_default()
}
