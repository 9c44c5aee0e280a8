//! Generated schemas: entities in a row, whose references lead to those before them.
//!
//! What makes the property sayable is one convention. Every entity of which rows can be hidden has the four marks `open`, `stage`,
//! `owner` and `level`; every rule about reading is true only when one of the marks of *that row* is bright. A row without a bright mark
//! is dark: no reader of the tests may see it, whatever it refers to and whatever refers to it.

use crate::random::Chance;

/// Who may see rows.
#[derive(Debug, Clone, PartialEq)]
pub enum See {
    /// Everybody, all.
    Open,
    /// By the marks.
    Marked(String),
    /// Nobody but those who administer.
    Closed,
}

/// Who may see a field, in addition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Whoever sees the row.
    Row,
    /// Nobody, by any name.
    Private,
    /// A role that no reader of the tests has.
    Role,
    /// In open rows.
    OpenRows,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Text,
    Int,
    Float,
    Money,
    Bool,
    Date,
    Time,
    Json,
    Labels,
    Extra,
    Blocks,
    Stage,
    Uuid,
    Computed,
    /// To one entry of an entity before.
    Ref(usize),
    /// To several.
    Many(usize),
    /// Those that refer here by a field of a later entity.
    Inverse(usize, String),
    /// To one entry of several entities.
    Any(Vec<usize>),
}

#[derive(Debug, Clone)]
pub struct Field {
    pub name: String,
    pub kind: Kind,
    pub nullable: bool,
    pub sight: Sight,
    pub unique: bool,
    pub cascade: bool,
}

#[derive(Debug, Clone)]
pub struct Entity {
    pub name: &'static str,
    pub path: &'static str,
    pub see: See,
    pub fields: Vec<Field>,
    pub create: bool,
    pub update: Option<&'static str>,
    pub delete: bool,
}

impl Entity {
    pub fn is_marked(&self) -> bool {
        matches!(self.see, See::Marked(_))
    }

    /// Fields that can be there in a body.
    pub fn stored(&self) -> impl Iterator<Item = &Field> {
        self.fields
            .iter()
            .filter(|field| !matches!(field.kind, Kind::Computed | Kind::Inverse(..)))
    }
}

#[derive(Debug, Clone)]
pub struct Project {
    pub entities: Vec<Entity>,
}

const NAMES: [(&str, &str); 6] = [
    ("Alpha", "alphas"),
    ("Bravo", "bravos"),
    ("Cobra", "cobras"),
    ("Delta", "deltas"),
    ("Echo", "echos"),
    ("Fable", "fables"),
];

impl Project {
    pub fn random(chance: &mut Chance) -> Project {
        let count = 3 + chance.below(4);
        let mut project = Project { entities: Vec::new() };
        for at in 0..count {
            let entity = project.entity(chance, at);
            project.entities.push(entity);
        }
        // At least one entity has rows to hide.
        if !project.entities.iter().any(Entity::is_marked) {
            project.entities[0].see = See::Marked("open".to_owned());
            project.entities[0].fields.extend(marks());
        }
        project.inverses(chance);
        project.look_around(chance);
        project
    }

    fn entity(&self, chance: &mut Chance, at: usize) -> Entity {
        let (name, path) = NAMES[at];
        let see = match chance.below(10) {
            0..=1 => See::Open,
            2 if at > 0 => See::Closed,
            _ => See::Marked(rule(chance)),
        };
        let mut entity = Entity {
            name,
            path,
            see,
            fields: vec![plain("title", Kind::Text)],
            create: !chance.one_in(4),
            update: [Some(""), Some("stage_open"), None][chance.below(3)],
            delete: !chance.one_in(3),
        };
        if entity.is_marked() {
            entity.fields.extend(marks());
        }
        self.scalars(chance, &mut entity);
        self.references(chance, at, &mut entity);
        entity
    }

    fn scalars(&self, chance: &mut Chance, entity: &mut Entity) {
        let kinds = [
            ("note", Kind::Text),
            ("count", Kind::Int),
            ("rate", Kind::Float),
            ("price", Kind::Money),
            ("flag", Kind::Bool),
            ("day", Kind::Date),
            ("at", Kind::Time),
            ("meta", Kind::Json),
            ("labels", Kind::Labels),
            ("extra", Kind::Extra),
            ("parts", Kind::Blocks),
            ("mood", Kind::Stage),
            ("token", Kind::Text),
            ("code", Kind::Text),
        ];
        let marked = entity.is_marked();
        for (name, kind) in kinds.iter().filter(|_| !chance.one_in(3)).cloned().collect::<Vec<_>>() {
            let nullable = !matches!(kind, Kind::Labels | Kind::Blocks);
            let sight = match (name, chance.below(6)) {
                ("token", _) => Sight::Private,
                ("code", _) => Sight::Row,
                (_, 0) if nullable => Sight::Private,
                (_, 1) => Sight::Role,
                (_, 2) if marked => Sight::OpenRows,
                _ => Sight::Row,
            };
            entity.fields.push(Field {
                nullable,
                sight,
                unique: name == "code",
                ..plain(name, kind)
            });
        }
        if chance.one_in(2) {
            entity.fields.push(plain("shout", Kind::Computed));
        }
    }

    fn references(&self, chance: &mut Chance, at: usize, entity: &mut Entity) {
        for name in ["one", "two", "three"] {
            if at == 0 || chance.one_in(3) {
                continue;
            }
            let target = chance.below(at);
            let hidden = match chance.below(6) {
                0 => Sight::Role,
                1 => Sight::Private,
                2 if entity.is_marked() => Sight::OpenRows,
                _ => Sight::Row,
            };
            let field = match chance.below(4) {
                0 => plain(name, Kind::Many(target)),
                1 if at > 1 => Field {
                    nullable: true,
                    sight: hidden,
                    ..plain(name, Kind::Any(vec![target, (target + 1) % at]))
                },
                // What refers by something hidden must not go away with its target: that it went would show.
                _ => Field {
                    nullable: hidden != Sight::Row || chance.one_in(2),
                    sight: hidden,
                    cascade: hidden == Sight::Row && chance.one_in(2),
                    ..plain(name, Kind::Ref(target))
                },
            };
            entity.fields.push(field);
        }
    }

    /// The other sides of references.
    fn inverses(&mut self, chance: &mut Chance) {
        let mut found = Vec::new();
        for (at, entity) in self.entities.iter().enumerate() {
            for field in &entity.fields {
                match &field.kind {
                    Kind::Ref(target) => found.push((*target, at, field.name.clone())),
                    Kind::Any(targets) => found.extend(targets.iter().map(|target| (*target, at, field.name.clone()))),
                    _ => {}
                }
            }
        }
        for (target, from, field) in found {
            if chance.one_in(4) {
                continue;
            }
            let name = format!("{}_{field}", self.entities[from].path);
            if self.entities[target].fields.iter().all(|known| known.name != name) {
                self.entities[target].fields.push(plain(&name, Kind::Inverse(from, field)));
            }
        }
    }

    /// Rules that look at other rows. They ask for bright ones and for the own mark first: what is dark has no part in them.
    fn look_around(&mut self, chance: &mut Chance) {
        for at in 0..self.entities.len() {
            let marked = |target: &usize| self.entities[*target].is_marked();
            let mut looks = Vec::new();
            for field in &self.entities[at].fields {
                let name = &field.name;
                match &field.kind {
                    Kind::Ref(target) if marked(target) && field.sight == Sight::Row => looks.push(format!("{name}.open")),
                    Kind::Many(target) | Kind::Inverse(target, _) if marked(target) && self.is_plain(field) => {
                        looks.push(format!("{name}.exists(x, x.open && x.stage == 'shown')"));
                    }
                    _ => {}
                }
            }
            let look = chance.any(&looks).cloned();
            if let (See::Marked(rule), Some(look), true) = (&mut self.entities[at].see, look, chance.one_in(3)) {
                *rule = format!("({rule}) && {look} || level == 1");
            }
        }
    }

    /// Whether a question about the field can have an answer.
    pub fn is_answered(&self, field: &Field) -> bool {
        let closed = |target: &usize| self.entities[*target].see == See::Closed;
        let leads_nowhere = match &field.kind {
            Kind::Ref(target) | Kind::Many(target) => closed(target),
            Kind::Inverse(from, _) => closed(from) || !self.is_plain(field),
            Kind::Any(targets) => targets.iter().all(closed),
            _ => false,
        };
        !leads_nowhere && matches!(field.sight, Sight::Row | Sight::OpenRows)
    }

    /// Whether the field, and the one behind it, may be seen with the row.
    fn is_plain(&self, field: &Field) -> bool {
        let behind = match &field.kind {
            Kind::Inverse(from, name) => self.entities[*from].fields.iter().find(|field| field.name == *name),
            _ => None,
        };
        field.sight == Sight::Row && behind.is_none_or(|behind| behind.sight == Sight::Row)
    }

    /// The schema file.
    pub fn source(&self) -> String {
        let mut text = String::from("use glaze::schema::*;\n\npub enum Stage { Hidden, Shown, Gone }\n");
        text.push_str("#[embedded]\npub struct Extra { pub note: Option<String>, pub rank: i64 }\n");
        text.push_str("#[blocks]\npub enum Part { Words { text: String }, Number { value: Option<i64> } }\n");
        for entity in &self.entities {
            text.push_str(&self.entity_source(entity));
        }
        text
    }

    fn entity_source(&self, entity: &Entity) -> String {
        let mut text = String::from("\n#[entity(label = title, timestamps = false)]\n");
        match &entity.see {
            See::Open => text.push_str("#[can(read)]\n"),
            See::Marked(rule) => text.push_str(&format!("#[can(read, \"{rule}\")]\n")),
            See::Closed => {}
        }
        if entity.create {
            text.push_str("#[can(create, \"title != 'refused'\")]\n");
        }
        match entity.update {
            Some("stage_open") if entity.is_marked() => {
                text.push_str("#[can(update, \"before.stage != 'gone' && level != 4\")]\n");
            }
            Some(_) => text.push_str("#[can(update, \"me != null || title != 'refused'\")]\n"),
            None => {}
        }
        if entity.delete {
            text.push_str("#[can(delete)]\n");
        }
        text.push_str(&format!("pub struct {} {{\n    #[id]\n    pub id: Uuid,\n", entity.name));
        for field in &entity.fields {
            text.push_str(&self.field_source(field));
        }
        text.push_str("}\n");
        text
    }

    fn field_source(&self, field: &Field) -> String {
        let mut text = String::new();
        let mut attribute = |attribute: &str| text.push_str(&format!("    #[{attribute}]\n"));
        match field.sight {
            Sight::Row => {}
            Sight::Private => attribute("private"),
            Sight::Role => attribute("can(read, \"'keeper' in me.roles\")"),
            Sight::OpenRows => attribute("can(read, \"open\")"),
        }
        // Whoever could open a row would be shown more of it.
        if field.name == "open" {
            attribute("can(update, \"'keeper' in me.roles\")");
            attribute("default(false)");
        }
        if field.name == "stage" {
            attribute("default(Hidden)");
        }
        if field.unique {
            attribute("unique");
        }
        let name = |at: &usize| self.entities[*at].name;
        let ty = match &field.kind {
            Kind::Text => "String".to_owned(),
            Kind::Int => "i64".to_owned(),
            Kind::Float => "f64".to_owned(),
            Kind::Money => "Money".to_owned(),
            Kind::Bool => "bool".to_owned(),
            Kind::Date => "Date".to_owned(),
            Kind::Time => "DateTime".to_owned(),
            Kind::Json => "Json".to_owned(),
            Kind::Labels => "Vec<String>".to_owned(),
            Kind::Extra => "Extra".to_owned(),
            Kind::Blocks => "Vec<Part>".to_owned(),
            Kind::Stage => "Stage".to_owned(),
            Kind::Uuid => "Uuid".to_owned(),
            Kind::Computed => {
                attribute("computed(\"title + '!'\")");
                "String".to_owned()
            }
            Kind::Ref(target) => {
                let deleted = match (field.cascade, field.nullable) {
                    (true, _) => "cascade",
                    (false, true) => "set_null",
                    (false, false) => "cascade",
                };
                attribute(&format!("on_delete({deleted})"));
                format!("Ref<{}>", name(target))
            }
            Kind::Many(target) => format!("Many<{}>", name(target)),
            Kind::Inverse(from, by) => {
                attribute(&format!("inverse({by})"));
                format!("Many<{}>", name(from))
            }
            Kind::Any(targets) => format!("AnyOf<({})>", targets.iter().map(name).collect::<Vec<_>>().join(", ")),
        };
        let ty = if field.nullable { format!("Option<{ty}>") } else { ty };
        text.push_str(&format!("    pub {}: {ty},\n", field.name));
        text
    }
}

fn plain(name: &str, kind: Kind) -> Field {
    Field {
        name: name.to_owned(),
        kind,
        nullable: false,
        sight: Sight::Row,
        unique: false,
        cascade: false,
    }
}

fn marks() -> Vec<Field> {
    let nullable = |name, kind| Field {
        nullable: true,
        ..plain(name, kind)
    };
    vec![
        plain("open", Kind::Bool),
        plain("stage", Kind::Stage),
        nullable("owner", Kind::Uuid),
        nullable("level", Kind::Int),
    ]
}

/// A condition that no dark row satisfies: `open` is false there, `stage` not shown, `owner` somebody else or nobody, `level` null or
/// at least 5.
fn rule(chance: &mut Chance) -> String {
    let atoms = [
        "open",
        "stage == 'shown'",
        "owner == me.id",
        "level < 3",
        "(me != null && level == 2)",
        "(open && title != 'x')",
        "level in [1, 2]",
        "(stage in ['shown'] && title.contains('a'))",
        "(owner == me.id && !(stage == 'gone'))",
        "(level != null && level < 2)",
    ];
    let mut rule = (*chance.pick(&atoms)).to_owned();
    for _ in 0..chance.below(3) {
        rule = format!("{rule} || {}", chance.pick(&atoms));
    }
    rule
}
