//! `corpus-confusion`: a wrong word that its source writes again and again. It is told together
//! with all that is seen across files.

use crate::finding::{Confidence, Safety, Severity};
use crate::rule::{Card, Chinese, Group};

/// The rule of what repeats across files that speaks of the text.
pub(crate) const NAME: &str = "corpus-confusion";

pub(super) static CARD: Card = Card {
    name: NAME,
    group: Group::Corpus,
    severity: Severity::Warning,
    confidence: Confidence::High,
    default: true,
    summary: "a wrong word that its source writes again and again, where the right one hardly stands",
    docs: "Two characters that do not go together in the language, in six documents of a source at least, in a large one in one of two hundred; a character that looks or sounds like one of them \
makes a word of the lexicon that reads far better in nine of ten places; and that word, which a text of this length ought to have, hardly stands in the source: \
the habit of a recogniser. In a single document such a word would be taken for a name. Names are told apart by the word that they look like, which stands beside \
them as often as anywhere. In a source whose language the model does not know (old medicine, verse, another script) characters that neither look nor sound \
like the written ones would pass these tests as well, and nothing is said. Only `kanwu audit` sees it; `kanwu learn WRONG RIGHT` puts the word into the project's own rule pack, so that checks, editor and hook know it.",
    chinese: Chinese {
        name: "集内惯错",
        summary: "同一来源反复写错、而正确写法几乎不出现的词",
        docs: "两字在语言中不相连，却在同一来源至少六个（大的来源为二百分之一）文档中出现；换成形近或音近的字即成词，且十处中九处读来通顺得多；而这个词按文本长度本应出现，\
在该来源中却几乎没有：这是识别程序的惯错。只看一个文档时，这样的词会被当作名字。名字则不同：它所像的那个词照常出现。\
模型不熟悉其语言的来源（古医书、诗词、另一种字体）中，既不形近也不音近的字同样能通过这些检验，此时不报。须看全集，只有 `kanwu audit` 能发现；\
`kanwu learn 错 对` 把它加入本项目的规则包，检查、编辑器和钩子便都认得。",
    },
    bad: &[],
    good: &[],
    fix: Some(Safety::Unsafe),
    yields_to: &[],
    levels: &[],
};
