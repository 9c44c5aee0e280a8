//! Reports as they are shown: files named from the project's folder, changes of source with both texts where they are known.

use std::path::Path;

use glaze_app::Problem;
use glaze_source::SourceFile;
use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use crate::{
    Error, Project,
    convergence::{Preview, SourceDiff, preview::Proposal},
};

/// Members of a report.
pub(super) fn members(report: &impl Serialize) -> Result<Map<String, Json>, Problem> {
    match serde_json::to_value(report).map_err(Problem::internal)? {
        Json::Object(members) => Ok(members),
        other => Err(Problem::internal(format!("a report is not an object: {other}"))),
    }
}

/// A preview, with both texts of every file.
pub(super) fn preview(proposal: &Proposal, preview: &Preview) -> Result<Map<String, Json>, Problem> {
    let mut members = members(preview)?;
    let text = |files: &[SourceFile], path: &str| files.iter().find(|file| file.path == path).map(|file| file.text.clone());
    let files = preview.source.iter().map(|diff| {
        json!({"file": diff.path, "before": text(&proposal.before, &diff.path), "after": text(&proposal.changed, &diff.path), "diff": diff.hunks})
    });
    members.insert("source".into(), files.collect());
    Ok(members)
}

/// Changes of source without their texts.
pub(super) fn source(diffs: &[SourceDiff]) -> Json {
    diffs.iter().map(|diff| json!({"file": diff.path, "diff": diff.hunks})).collect()
}

/// Files by their path in the project, with `/`.
pub(super) fn files<P: AsRef<Path>>(project: &Project, files: &[P]) -> Json {
    files.iter().map(|file| Json::from(relative(project, file.as_ref()))).collect()
}

pub(super) fn relative(project: &Project, file: &Path) -> String {
    let inside = file.strip_prefix(&project.root).unwrap_or(file);
    let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

/// The schema: what the files say, and where.
pub(super) fn schema(project: &Project) -> Result<(Json, Vec<SourceFile>), Error> {
    let files = project.sources()?;
    let reading = glaze_source::read(&files);
    let place = |name: &str| reading.origins.get(name).map(|origin| (origin.file.clone(), origin.line));
    let at = |name: &str, path: String| {
        place(&path).map_or_else(
            || json!({"name": name}),
            |(file, line)| json!({"name": name, "file": file, "line": line}),
        )
    };
    let declared = reading.model.iter().flat_map(|model| &model.entities);
    let entities: Vec<Json> = declared
        .map(|entity| {
            let mut shown = at(&entity.name, entity.name.clone());
            let fields = entity
                .fields
                .iter()
                .map(|field| at(&field.name, format!("{}.{}", entity.name, field.name)));
            shown["fields"] = fields.collect();
            shown
        })
        .collect();
    let listed = files.iter().map(
        |file| json!({"path": file.path, "text": file.text, "hash": glaze_app::etag(file.text.as_bytes()).as_str().trim_matches('"')}),
    );
    let body =
        json!({"model": reading.model, "files": listed.collect::<Vec<_>>(), "entities": entities, "diagnostics": reading.diagnostics});
    Ok((body, files))
}

/// Names the state of the files.
pub(super) fn tag(files: &[SourceFile]) -> glaze_app::ETag {
    let all: Vec<(&str, &str)> = files.iter().map(|file| (file.path.as_str(), file.text.as_str())).collect();
    glaze_app::etag(json!(all).to_string().as_bytes())
}
