//! Figures that are not about requests.

use std::time::Instant;

use crate::{load::median, report::Report};

/// Reading a schema of 200 entities of 12 fields.
pub fn schema_reading(report: &mut Report) {
    let mut text = String::from("use glaze::schema::*;\n\npub enum Mood { Good, Bad }\n");
    for n in 0..200 {
        let other = (n + 1) % 200;
        text += &format!(
            "\n/// Thing number {n}.\n#[entity(label = title)]\n#[can(read, \"mood == 'good' || 'editor' in me.roles\")]\n#[can(update, \"'editor' in me.roles\")]\n\
             #[index(title, views desc)]\npub struct Thing{n} {{\n    #[field(max = 200)]\n    pub title: String,\n    #[slug(from = title)]\n    #[unique]\n    pub slug: String,\n    \
             pub body: Option<RichText>,\n    pub next: Option<Ref<Thing{other}>>,\n    #[default(0)]\n    pub views: i64,\n    #[default(Good)]\n    pub mood: Mood,\n    \
             pub price: Money,\n    pub at: Option<DateTime>,\n    pub flags: Vec<String>,\n    #[computed(\"size(title) + views\")]\n    pub rank: i64,\n}}\n"
        );
    }
    let files = [glaze_source::SourceFile {
        path: "schema.rs".into(),
        text,
    }];
    let mut times = Vec::new();
    for _ in 0..9 {
        let begun = Instant::now();
        let reading = glaze_source::read(&files);
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
        assert!(reading.model.is_some(), "the schema of the benchmark reads");
    }
    report.figure("schema.200_entities", median(times), "ms", 50.0);
}
