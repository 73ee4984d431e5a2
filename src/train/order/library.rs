//! The articles that pages are made of, with what each is about: on a real page they are often kin.

use super::article::Article;
use crate::model::Model;
use crate::model::topics::Topic;
use crate::train::random::Chance;

/// Two articles that are nearer than this are the same text once more.
const THE_SAME: f32 = 0.97;
/// Paragraphs of an article that tell what it is about.
const TELLING: usize = 8;

/// Articles with their subjects.
#[derive(Clone, Debug, Default)]
pub(super) struct Library {
    pub(super) articles: Vec<Article>,
    subjects: Vec<Topic>,
}

impl Library {
    pub(super) fn new(model: &Model, articles: Vec<Article>) -> Self {
        let (mut segmenter, topics) = (model.segmenter(), model.topics());
        let mut words = Vec::new();
        let mut subject = |article: &Article| {
            let mut topic = Topic::default();
            for paragraph in article.iter().take(TELLING) {
                segmenter.cut(paragraph, &mut words);
                topic.add(&topics.text(&words));
            }
            topic
        };
        let subjects = articles.iter().map(&mut subject).collect();
        Self { articles, subjects }
    }

    /// Several as one.
    pub(super) fn joined(libraries: &[&Library]) -> Self {
        let mut joined = Self::default();
        for library in libraries {
            joined.articles.extend_from_slice(&library.articles);
            joined.subjects.extend_from_slice(&library.subjects);
        }
        joined
    }

    pub(super) fn is_empty(&self) -> bool {
        self.articles.is_empty()
    }

    /// The number of any article.
    pub(super) fn any(&self, chance: &mut Chance) -> usize {
        chance.below(self.articles.len())
    }

    /// Of so many articles the one nearest in subject to the one of this number.
    pub(super) fn kin(&self, of: usize, among: usize, chance: &mut Chance) -> Option<usize> {
        (0..among)
            .map(|_| self.any(chance))
            .map(|at| (self.subjects[of].cosine(&self.subjects[at]), at))
            .filter(|(like, _)| *like < THE_SAME)
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, at)| at)
    }
}
