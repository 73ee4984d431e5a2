//! The stages: what each is given of the material, and what it makes of it.

use super::figures::Figures;
use super::material::Material;
use super::order::{self, Order};
use super::pairs::{Pairs, Sample};
use super::recipe::{Fit, Stage};
use super::texts::Texts;
use super::{
    TrainError, count, doublings, garble, lapses, pen_slips, phrases, rewordings, spelling,
    wrong_words,
};
use crate::model::container::Writer;
use crate::model::{Model, ORDER_VERSION, common_pairs, confusables, initial_words, word_partners};
use crate::said;

/// Characters of a register that a fit reads at most, and that it is measured on.
const MOST: [usize; 2] = [800_000, 150_000];

/// What a stage made.
pub(super) struct Made {
    /// The model so far, with the parts of the stage.
    pub(super) writer: Writer,
    /// What was measured, on text and pairs that the stage was not fitted on.
    pub(super) measured: Figures,
    /// The parts that were taken over from the embedded model.
    pub(super) carried: Vec<String>,
}

impl Made {
    fn of((writer, measured): (Writer, Figures)) -> Self {
        Made {
            writer,
            measured,
            carried: Vec::new(),
        }
    }
}

/// The first documents of each register, up to so many characters.
fn some(texts: &[&Texts], most: usize, part: impl Fn(&Texts) -> &Vec<String>) -> Vec<String> {
    let mut chosen = Vec::new();
    for register in texts {
        let mut left = most;
        for document in part(register) {
            if left == 0 {
                break;
            }
            left = left.saturating_sub(document.chars().count());
            chosen.push(document.clone());
        }
    }
    chosen
}

fn slices(documents: &[String]) -> Vec<&str> {
    documents.iter().map(String::as_str).collect()
}

/// Does a stage, on the model that the stages before it made.
pub(super) fn run(
    stage: &Stage,
    model: Option<&Model>,
    material: &Material,
    tell: &mut dyn FnMut(&str),
) -> Result<Made, TrainError> {
    let registers = material.texts_of(stage);
    if stage.name == Fit::Counts {
        let forms = material.characters.forms();
        let counted = count::fit(
            &registers,
            &material.words,
            forms,
            stage,
            material.threads,
            tell,
        )?;
        return Ok(Made::of(counted));
    }
    let model =
        model.ok_or_else(|| TrainError::Recipe("the first stage must be `counts`".into()))?;
    if let Some(why) = too_little(stage, material, &registers) {
        return carried(stage, model, material, &why, tell);
    }
    let fitted = some(&registers, MOST[0], |t| &t.fitted);
    let unseen = some(&registers, MOST[1], |t| &t.measured);
    let (fitted, unseen) = (slices(&fitted), slices(&unseen));
    let both = (fitted.as_slice(), unseen.as_slice());
    Ok(match stage.name {
        Fit::Counts | Fit::Spelling => spelled(stage, model, material, tell)?,
        Fit::Phrases => {
            let counted = registers.iter().flat_map(|t| &t.counted);
            let counted: Vec<&str> = counted.map(String::as_str).collect();
            let texts = [counted.as_slice(), both.0, both.1];
            let (listed, wrong) = (&material.phrases, &material.wrong);
            Made::of(phrases::fit(model, listed, wrong, texts, tell)?)
        }
        Fit::Omissions => Made::of(lapses::fit(model, both, tell)?),
        Fit::Garble => Made::of(garble::fit(model, both, tell)?),
        Fit::Rewordings => Made::of(rewordings::fit(model, both, tell)?),
        Fit::Doublings => {
            let held = registers
                .iter()
                .map(|t| (t.name.as_str(), slices(&t.measured)));
            let held: Vec<_> = held.collect();
            let texts = (both.0, held.as_slice());
            Made::of(doublings::fit(model, &material.doublings, texts, tell)?)
        }
        Fit::PenSlips => {
            let counted = registers.iter().flat_map(|t| &t.counted);
            let counted: Vec<&str> = counted.map(String::as_str).collect();
            Made::of(pen_slips::fit(model, &counted, both, tell)?)
        }
        Fit::WrongWords => {
            // there is one such form in tens of thousands of characters: all of the text is read
            let fitted = registers.iter().flat_map(|t| &t.fitted);
            let fitted: Vec<&str> = fitted.map(String::as_str).collect();
            let right = |of: fn(&Pairs) -> &Vec<Sample>| -> Vec<String> {
                let samples = material.pairs.iter().flat_map(of);
                samples.map(Sample::mended).collect()
            };
            let [fitted_pairs, unseen_pairs] = [right(|p| &p.fitted), right(|p| &p.measured)];
            let texts = |clean, mended| wrong_words::Texts { clean, mended };
            let both = [texts(&fitted, &fitted_pairs), texts(both.1, &unseen_pairs)];
            Made::of(wrong_words::fit(model, (&both[0], &both[1]), tell)?)
        }
        Fit::Breaks | Fit::Unmarked | Fit::Places | Fit::Torn | Fit::Alone => {
            let seen = registers
                .iter()
                .flat_map(|t| t.counted.iter().chain(&t.fitted));
            let unseen = registers.iter().flat_map(|t| &t.measured);
            let order = Order::new(model, seen, unseen, stage)?;
            let order = match stage.name {
                Fit::Breaks => order.breaks(tell)?,
                Fit::Unmarked => order.unmarked(tell)?,
                Fit::Places => order.places(tell)?,
                Fit::Alone => order.alone(tell)?,
                _ => order.torn(tell)?,
            };
            Made::of(order.finish())
        }
    })
}

/// Fewer characters than this are too few to fit weights on.
const ENOUGH: usize = 300_000;
/// Fewer articles than this are too few to compose pages of.
const ARTICLES: usize = 300;

/// Why a stage cannot be done with what there is.
fn too_little(stage: &Stage, material: &Material, registers: &[&Texts]) -> Option<String> {
    let fitted = registers.iter().flat_map(|t| &t.fitted);
    let characters: usize = fitted.map(|d| d.chars().count()).sum();
    if matches!(stage.name, Fit::Spelling | Fit::WrongWords) && material.pairs.is_empty() {
        return Some(said!("no pairs of slips"; "没有笔误的对照"));
    }
    if characters < ENOUGH {
        return Some(said!(
            "only {characters} characters to fit on";
            "可供拟合的只有{characters}字"
        ));
    }
    if matches!(
        stage.name,
        Fit::Breaks | Fit::Unmarked | Fit::Places | Fit::Torn | Fit::Alone
    ) {
        let articles = registers.iter().map(|t| order::articles_of(t).count());
        let articles: usize = articles.sum();
        if articles < ARTICLES {
            return Some(said!(
                "only {articles} articles to compose pages of";
                "可供组成版面的只有{articles}篇文章"
            ));
        }
    }
    None
}

/// Takes the weights of a stage over from the embedded model; tables that go by the numbers of
/// characters and words are made anew.
fn carried(
    stage: &Stage,
    model: &Model,
    material: &Material,
    why: &str,
    tell: &mut dyn FnMut(&str),
) -> Result<Made, TrainError> {
    tell(&said!(
        "{why}: the weights are carried over from the embedded model";
        "{why}：权重沿用内置模型"
    ));
    let embedded = Model::embedded();
    let mut writer = match stage.name {
        Fit::Spelling => spelling::tables(model, &material.characters, &material.pairs)?,
        _ => Writer::copy_of(model),
    };
    let mut carried = Vec::new();
    for part in &stage.writes {
        match part.as_str() {
            confusables::PART | common_pairs::PART => {}
            word_partners::PART => {
                let table =
                    word_partners::encode(model.lexicon(), model.ngram(), model.characters());
                writer.put(part, word_partners::VERSION, table);
            }
            initial_words::PART => {
                writer.put(
                    part,
                    ORDER_VERSION,
                    initial_words::of_other(embedded, model),
                );
                carried.push(part.clone());
            }
            _ => {
                let entry = embedded.parts().iter().find(|e| e.name() == part);
                let content = embedded.part(part);
                let (Some(entry), Some(content)) = (entry, content) else {
                    return Err(TrainError::Recipe(format!(
                        "the embedded model has no part `{part}`"
                    )));
                };
                writer.put(part, entry.version, content.to_vec());
                carried.push(part.clone());
            }
        }
    }
    Ok(Made {
        writer,
        measured: Figures::new(),
        carried,
    })
}

/// The tables of confusable characters, and the trees over them.
fn spelled(
    stage: &Stage,
    model: &Model,
    material: &Material,
    tell: &mut dyn FnMut(&str),
) -> Result<Made, TrainError> {
    let writer = spelling::tables(model, &material.characters, &material.pairs)?;
    let model = Model::from_bytes(writer.finish())?;
    let registers = material.texts_of(stage);
    let fitted = spelling::fit(&model, &material.pairs, &registers, stage, tell)?;
    Ok(Made::of(fitted))
}
