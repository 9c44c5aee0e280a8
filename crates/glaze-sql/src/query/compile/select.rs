//! The list of outputs of one statement, and the members written from it.

use glaze_data::{
    bound::{BoundRead, Output, Selected},
    store::StoreError,
};
use glaze_expr::tree::{EntityIx, Expr, FieldIx, Part};
use glaze_model::{Field, FieldKind};

use super::{Known, node};
use crate::query::{
    Cell, Column, Kind, Tables,
    plan::{Child, Content, Member},
    render::{Operand, Renderer},
};

/// Outputs of a statement as they are gathered.
pub(super) struct Select<'a, 'k> {
    pub renderer: Renderer<'a>,
    pub known: &'k Known,
    pub alias: String,
    pub entity: EntityIx,
    pub outputs: Vec<String>,
    pub kinds: Vec<Kind>,
    pub members: Vec<Member>,
    pub children: Vec<Child>,
}

impl<'a, 'k> Select<'a, 'k> {
    pub fn tables(&self) -> Tables<'a> {
        self.renderer.tables
    }

    /// Adds an output and gives its position; the same text is put out once.
    pub fn output(&mut self, sql: &str, kind: Kind) -> usize {
        let sql = self.tables().dialect.output(sql, kind);
        if let Some(at) = self.outputs.iter().position(|existing| *existing == sql) {
            return at;
        }
        self.outputs.push(sql);
        self.kinds.push(kind);
        self.outputs.len() - 1
    }

    /// A column of the row.
    pub fn column(&mut self, column: &Column) -> usize {
        let sql = self.renderer.column(&self.alias, &column.name);
        self.output(&sql, column.kind)
    }

    fn condition(&mut self, guard: &Expr) -> Result<String, StoreError> {
        let alias = self.alias.clone();
        self.renderer.filter(guard, &alias, self.entity)
    }

    /// Adds everything that is selected.
    pub fn select(&mut self, read: &BoundRead) -> Result<(), StoreError> {
        for selected in &read.select {
            self.member(selected)?;
        }
        Ok(())
    }

    fn name(&self, json: &str, first: bool) -> Box<[u8]> {
        let mut name = vec![if first { b'{' } else { b',' }];
        crate::query::json::string(&mut name, json.as_bytes());
        name.push(b':');
        name.into()
    }

    /// A member with the same text in every row.
    pub fn constant(&mut self, json: &str, text: &str) {
        let mut value = Vec::new();
        crate::query::json::string(&mut value, text.as_bytes());
        let name = self.name(json, self.members.is_empty());
        self.members.push(Member {
            name,
            guard: None,
            content: Content::Text(value.into()),
        });
    }

    fn member(&mut self, selected: &Selected) -> Result<(), StoreError> {
        let content = match &selected.output {
            Output::Field(field) => self.field(*field)?,
            Output::Value(expr) => {
                let alias = self.alias.clone();
                let piece = self.renderer.value(expr, &alias, self.entity)?;
                Content::Cell(self.output(&piece.sql, piece.kind), piece.kind)
            }
            Output::Embedded { field, inner } => self.embedded(*field, inner)?,
            Output::One { field, read } => {
                let target = self.tables().target(self.entity, *field)?;
                Content::One(self.child(*field, target, read, None)?)
            }
            Output::Many { field, read } => {
                let target = self.tables().target(self.entity, *field)?;
                Content::Many(self.child(*field, target, read, None)?)
            }
            Output::AnyOne { field, reads } => self.any_one(*field, reads)?,
        };
        let guard = match &selected.guard {
            Some(guard) => {
                let sql = self.condition(guard)?;
                Some(self.output(&sql, Cell::Bool.into()))
            }
            None => None,
        };
        let name = self.name(&selected.json, self.members.is_empty());
        self.members.push(Member { name, guard, content });
        Ok(())
    }

    fn child(&mut self, field: FieldIx, target: EntityIx, read: &BoundRead, ty: Option<&str>) -> Result<usize, StoreError> {
        let one = !matches!(
            self.tables().field(self.entity, field).kind,
            FieldKind::Many(_) | FieldKind::Inverse(glaze_model::Inverse { one: false, .. })
        );
        let child = node::child(self, field, target, read, ty, one)?;
        self.children.push(child);
        Ok(self.children.len() - 1)
    }

    /// What stands in the columns of a field.
    fn field(&mut self, field: FieldIx) -> Result<Content, StoreError> {
        let tables = self.tables();
        let definition = tables.field(self.entity, field);
        if definition.is_virtual() {
            let alias = self.alias.clone();
            let operand = self.renderer.with_row(0, &alias, self.entity, |renderer| {
                renderer.part(&alias, self.entity, field, &Part::Whole)
            })?;
            let Operand::Piece(piece) = operand else {
                return Err(StoreError::Other("a computed field of several columns".to_owned()));
            };
            return Ok(Content::Cell(self.output(&piece.sql, piece.kind), piece.kind));
        }
        let columns = tables.columns(self.entity, field)?;
        match &definition.kind {
            FieldKind::AnyOf(_) => Ok(self.object(&["type".to_owned(), "id".to_owned()], &columns, true)),
            FieldKind::Embedded(name) => {
                let embedded = tables.model.embedded_type(name);
                let names = embedded.map(|embedded| embedded.fields.as_slice()).unwrap_or_default();
                let inner: Vec<_> = names
                    .iter()
                    .enumerate()
                    .map(|(at, field)| (at as FieldIx, field.json.clone()))
                    .collect();
                self.embedded(field, &inner)
            }
            FieldKind::Ref(_) if columns.len() > 1 => {
                let names = self.key_names(definition)?;
                Ok(self.object(&names, &columns, true))
            }
            FieldKind::Many(_) | FieldKind::Inverse(_) => Err(StoreError::Other(format!("`{}` has no column", definition.name))),
            _ => {
                let column = columns
                    .first()
                    .ok_or_else(|| StoreError::Other(format!("`{}` has no column", definition.name)))?;
                Ok(Content::Cell(self.column(column), column.kind))
            }
        }
    }

    /// JSON names of the parts of a reference to a compound key: those of the target's fields.
    fn key_names(&self, reference: &Field) -> Result<Vec<String>, StoreError> {
        let FieldKind::Ref(to) = &reference.kind else {
            return Ok(Vec::new());
        };
        let tables = self.tables();
        let target = tables.entity(tables.index_of(&to.target)?);
        let name = |column: &String| {
            let field = target.fields.iter().find(|field| field.columns.contains(column));
            match field {
                Some(field) if field.columns.len() == 1 => field.json.clone(),
                _ => glaze_model::camel_case(column),
            }
        };
        Ok(tables.model.referenced_columns(reference).iter().map(name).collect())
    }

    fn object(&mut self, names: &[String], columns: &[Column], nullable: bool) -> Content {
        let mut cells = Vec::with_capacity(columns.len());
        for (name, column) in names.iter().zip(columns) {
            let name = self.name(name, cells.is_empty());
            cells.push((name, self.column(column), column.kind));
        }
        Content::Object { cells, nullable }
    }

    fn embedded(&mut self, field: FieldIx, inner: &[(FieldIx, String)]) -> Result<Content, StoreError> {
        let tables = self.tables();
        let definition = tables.field(self.entity, field);
        let mut names = Vec::with_capacity(inner.len());
        let mut all = Vec::with_capacity(inner.len());
        for (at, name) in inner {
            let columns = tables.inner_columns(definition, *at)?;
            match <[Column; 1]>::try_from(columns) {
                Ok([column]) => {
                    names.push(name.clone());
                    all.push(column);
                }
                Err(_) => {
                    return Err(StoreError::Unsupported(format!(
                        "`{name}` of several columns inside an embedded struct"
                    )));
                }
            }
        }
        Ok(self.object(&names, &all, definition.nullable))
    }

    fn any_one(&mut self, field: FieldIx, reads: &[(u32, BoundRead)]) -> Result<Content, StoreError> {
        let tables = self.tables();
        let FieldKind::AnyOf(any) = &tables.field(self.entity, field).kind else {
            return Err(StoreError::Other("not a polymorphic reference".to_owned()));
        };
        let mut children = Vec::with_capacity(reads.len());
        for (at, read) in reads {
            let name = any
                .targets
                .get(*at as usize)
                .ok_or_else(|| StoreError::Other("no such target".to_owned()))?;
            let ty = glaze_model::snake_case(name);
            children.push(self.child(field, tables.index_of(name)?, read, Some(&ty))?);
        }
        Ok(Content::AnyOne(children))
    }
}
