//! Making a model: the stages of a recipe one after the other, each kept until the whole is done,
//! so that what was interrupted goes on where it stopped.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::TrainError;
use super::material::Material;
use super::recipe::{Fit, Recipe, Stage, TextSource};
use super::stages::{self, Made};
use crate::model::Model;
use crate::model::container::{Container, Writer, checksum};
use crate::model::provenance::{self, Provenance, Source, Step};
use crate::model::trees;
use crate::reading::parts::evidence;
use crate::said;

/// What a step is called whose parts are those of the model that comes with the program.
const CARRIED: &str = "carried over from the embedded model";

/// Makes a model by a recipe: by all of its stages, or by some of them on what the embedded model
/// has of the others. What stages have written is kept in the folder `kept` until all are done.
/// `tell` is told what is being done.
///
/// # Errors
/// If something cannot be read or written, or there is no text.
pub fn make(
    recipe: &Recipe,
    only: &[Fit],
    material: &Material,
    kept: &Path,
    tell: &mut dyn FnMut(&str),
) -> Result<Writer, TrainError> {
    let failed = |source| TrainError::Io {
        path: kept.to_owned(),
        source,
    };
    fs::create_dir_all(kept).map_err(failed)?;
    let mut model: Option<Model> = None;
    let mut history = Provenance::default();
    if !only.is_empty() {
        history = Model::embedded().provenance();
        model = Some(Model::from_bytes(
            Writer::copy_of(Model::embedded()).finish(),
        )?);
    }
    for stage in recipe.stages(only)? {
        let name = stage.name.name();
        let sources = material.sources(stage);
        let file = kept.join(format!(
            "{name}-{:08x}",
            key(stage, &recipe.texts_of(stage), &sources, model.as_ref())
        ));
        let done = match Done::open(&file, stage) {
            Some(done) => {
                let file = file.display();
                tell(&said!("{name}: kept in {file}"; "{name}：取自 {file}"));
                done
            }
            None => {
                let place = file.display();
                tell(&said!("{name}: will be kept in {place}"; "{name}：将存入 {place}"));
                let mut said = |what: &str| tell(&format!("{name}: {what}"));
                let made = stages::run(stage, model.as_ref(), material, &mut said)?;
                let done = Done::of(stage, sources, made)?;
                // written whole or not at all: a stage that was interrupted is no stage
                let under_way = file.with_extension("part");
                done.written(Writer::new()).save(&under_way)?;
                fs::rename(&under_way, &file).map_err(failed)?;
                done
            }
        };
        done.steps.iter().for_each(|step| history.add(step.clone()));
        let so_far = model.as_ref().map_or_else(Writer::new, Writer::copy_of);
        let mut writer = done.written(so_far);
        writer.put_provenance(&history);
        model = Some(Model::from_bytes(writer.finish())?);
    }
    let model = model.ok_or_else(|| TrainError::Recipe("there is no stage".to_owned()))?;
    Ok(Writer::copy_of(&model))
}

/// What a stage has written: its parts with their versions, and how they were made.
struct Done {
    parts: Vec<(String, u32, Vec<u8>)>,
    steps: Vec<Step>,
}

impl Done {
    fn of(stage: &Stage, sources: Vec<Source>, made: Made) -> Result<Self, TrainError> {
        let steps = steps(stage, sources, &made);
        let file = made.writer.finish();
        let done = Container::read(file.as_slice()).ok();
        let parts = done.and_then(|made| parts_of(&made, stage));
        let parts = parts.ok_or_else(|| {
            let name = stage.name.name();
            TrainError::Recipe(format!("stage `{name}` does not write what it says"))
        })?;
        Ok(Done { parts, steps })
    }

    /// What was kept of a stage; nothing if it was not, or not whole.
    fn open(file: &Path, stage: &Stage) -> Option<Self> {
        let kept = Container::open(file).ok()?;
        let history: Provenance = serde_json::from_slice(kept.part(provenance::PART)?).ok()?;
        Some(Done {
            parts: parts_of(&kept, stage)?,
            steps: history.steps,
        })
    }

    fn written(&self, mut writer: Writer) -> Writer {
        for (name, version, content) in &self.parts {
            writer.put(name, *version, content.clone());
        }
        writer.put_provenance(&Provenance {
            steps: self.steps.clone(),
        });
        writer
    }
}

fn parts_of(file: &Container<'_>, stage: &Stage) -> Option<Vec<(String, u32, Vec<u8>)>> {
    let part = |name: &String| {
        let version = file.entry(name)?.version;
        Some((name.clone(), version, file.part(name)?.to_vec()))
    };
    stage.writes.iter().map(part).collect()
}

/// What a stage is done from: its declaration, how its texts are taken, its sources, the parts that
/// it needs, the evidence that is weighed, and the layout of trees.
fn key(
    stage: &Stage,
    texts: &BTreeMap<&String, &TextSource>,
    sources: &[Source],
    model: Option<&Model>,
) -> u32 {
    let parts: Vec<_> = model
        .into_iter()
        .flat_map(Model::parts)
        .filter(|part| stage.needs.iter().any(|need| need == part.name()))
        .map(|part| (part.name(), part.checksum))
        .collect();
    let evidence: Vec<_> = stage.writes.iter().map(|part| evidence(part)).collect();
    let made_from = (
        env!("CARGO_PKG_VERSION"),
        stage,
        texts,
        sources,
        parts,
        evidence,
        trees::VERSION,
    );
    checksum(&serde_json::to_vec(&made_from).unwrap_or_default())
}

/// What a stage wrote by itself, and what it carried over.
fn steps(stage: &Stage, sources: Vec<Source>, made: &Made) -> Vec<Step> {
    let carried = |part: &&str| made.carried.iter().any(|c| c == part);
    let parts = stage.writes.iter().map(String::as_str);
    let (old, new): (Vec<&str>, Vec<&str>) = parts.partition(carried);
    let step = Step {
        options: stage.recorded(),
        measured: made.measured.clone(),
        ..Step::new(stage.name.name(), &new, sources)
    };
    let carried = Step::new(CARRIED, &old, Vec::new());
    let steps = [step, carried].into_iter();
    steps.filter(|step| !step.parts.is_empty()).collect()
}

/// The folder in which the stages of a model are kept.
#[must_use]
pub fn kept_beside(output: &Path) -> PathBuf {
    let mut name = output.file_name().unwrap_or_default().to_owned();
    name.push(".stages");
    output.with_file_name(name)
}
