//! What is seen only across files. The survey of a collection finds it and puts marks beside the document; here they become findings.

use crate::document::{SiteMark, SiteMarkKind};
use crate::finding::{Confidence, Finding, Findings, Fix, Label, Safety, Severity};
use crate::reading::Reading;
use crate::rule::{Card, Chinese, Group, Rule};
use crate::told;

static LINE: Card = Card {
    name: "site-boilerplate",
    group: Group::Corpus,
    severity: Severity::Info,
    confidence: Confidence::High,
    default: true,
    summary: "a line that the site sets on its pages and that is no part of the text",
    docs: "A line, or a label with a value that varies (责任编辑：…), or a line in which only numbers vary, that stands at the edge of many documents of one \
source. `kanwu audit` learns such lines by counting, without any list, and writes them to a profile; `kanwu check --profile FILE` and `profile = …` in the \
configuration read it. The lines are masked: no other rule sees them. A line counts that stands in one document of a hundred of a source and in ten at least \
(in a small source in half of them), and in 97 of 100 of these among the first four or the last six lines. A caption or a section label that recurs inside \
pages is left alone.",
    chinese: Chinese {
        name: "站点套话",
        summary: "网站印在各页上、不属于正文的行",
        docs: "在同一来源的许多文档首尾出现的行：固定的一行，带可变内容的标签（责任编辑：…），或只有数字不同的行。`kanwu audit` 不靠词表，\
凭统计学到这些行，写入站点档案；`kanwu check --profile FILE` 和配置中的 `profile = …` 读取它。\
这些行被遮蔽，其他规则不再看。一行至少要出现在同一来源百分之一且不少于十个文档中（来源小时为一半），其中97%在前四行或后六行。\
正文里反复出现的图注和栏目名不算。",
    },
    bad: &[],
    good: &[],
    fix: None,
    yields_to: &[],
    levels: &[],
};

static PHRASE: Card = Card {
    name: "site-watermark",
    group: Group::Corpus,
    severity: Severity::Error,
    confidence: Confidence::High,
    default: true,
    summary: "a phrase that was planted between or inside sentences of many documents",
    docs: "A phrase that opens sentences in many documents of a collection and also stands inside sentences, before text that begins anew, and over which the text \
closes when it is taken out; the language model tells it from set phrases. A phrase planted once a document is seen as well as one planted often. \
`kanwu audit` learns such phrases and writes them to a profile; `kanwu check --profile FILE` finds them wherever they stand. The fix takes the phrase out. A \
phrase that never stands between sentences, or that was read differently each time, is not seen.",
    chinese: Chinese {
        name: "站点水印",
        summary: "许多文档的句间或句中被插入的短语",
        docs: "在一批文档中常出现在句首、也夹在句子中间，后文另起，去掉之后前后文正好接上的短语；是否固定用语由语言模型判断。每个文档只插一次的短语同样能发现。\
`kanwu audit` 学到后写入站点档案；`kanwu check --profile FILE` 在任何位置都能找出。\
修复即删去该短语。从不出现在句间的，或每次识别结果都不同的，发现不了。",
    },
    bad: &[],
    good: &[],
    fix: Some(Safety::Safe),
    yields_to: &[],
    levels: &[],
};

static COPY: Card = Card {
    name: "duplicate-document",
    group: Group::Corpus,
    severity: Severity::Warning,
    confidence: Confidence::High,
    default: true,
    summary: "a document that is a copy of another one of the collection",
    docs: "Two documents that have half of their runs of five characters in common, or two readings of one page that have 85 of 100 characters in common. Marks, \
widths, case, Traditional and Simplified forms and the lines of the site make no difference. Candidates come from signatures (MinHash with banding), and are \
judged on the text. The message says how alike the two are and which is longer. Below a likeness of 80 % it is a note. Only `kanwu audit` sees it, since it \
takes the whole collection.",
    chinese: Chinese {
        name: "重复文档",
        summary: "与本集中另一文档相同或基本相同的文档",
        docs: "两个文档的五字片段有一半相同，或同一页的两次识别每百字有 85 字相同。标点、全角半角、大小写、繁简以及站点套话都不计。\
先用 MinHash 签名分桶取得候选，再对原文比对。消息说明相似度以及哪一份较长。相似度低于 80% 时只作提示。须看全集，\
只有 `kanwu audit` 能发现。",
    },
    bad: &[],
    good: &[],
    fix: None,
    yields_to: &[],
    levels: &[],
};

static PASSAGE: Card = Card {
    name: "shared-passage",
    group: Group::Corpus,
    severity: Severity::Info,
    confidence: Confidence::High,
    default: true,
    summary: "a passage that stands in another document of the collection too",
    docs: "Forty characters or more that two documents have in common which are no copies of each other: an article set on two pages, a piece of one page torn into \
another, a statement that both quote. Found by fingerprints and then grown on the text to its exact ends, single wrong characters included, so what is named \
is truly the same; whether it should be there a person decides. Both places are named. Only `kanwu audit` sees it.",
    chinese: Chinese {
        name: "共有段落",
        summary: "本集另一文档中也有的段落",
        docs: "两个并非互为副本的文档共有四十字以上：一篇文章登在两页，一页的片段混入另一页，或两处引用同一段话。先由指纹找到，再在原文上扩展到确切的首尾，\
容许个别错字，因此指出的内容确实相同；该不该在此由人判断。两处都会注明。只有 `kanwu audit` 能发现。",
    },
    bad: &[],
    good: &[],
    fix: None,
    yields_to: &[],
    levels: &[],
};

/// The rule of what repeats across files that speaks of the text.
pub(crate) const CORPUS_CONFUSION: &str = "corpus-confusion";

static CONFUSION: Card = Card {
    name: CORPUS_CONFUSION,
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

/// Likeness below which a copy is a note.
const CLOSE: f32 = 0.8;

pub(super) struct Across;

impl Rule for Across {
    fn cards(&self) -> &[&'static Card] {
        const { &[&LINE, &PHRASE, &COPY, &PASSAGE, &CONFUSION] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        findings.extend(document.site_marks().iter().map(finding));
    }
}

fn finding(mark: &SiteMark) -> Finding {
    let of = |card| Finding::new(card, mark.span, mark.message.clone());
    let mut finding = match mark.kind {
        SiteMarkKind::Line => of(&LINE),
        SiteMarkKind::Phrase => of(&PHRASE).fix(Fix::replace(Safety::Safe, mark.span, "")),
        SiteMarkKind::Copy(alike) if alike < CLOSE => of(&COPY).severity(Severity::Info),
        SiteMarkKind::Copy(_) => of(&COPY),
        SiteMarkKind::Passage => of(&PASSAGE),
        SiteMarkKind::Confusion(right) => {
            let right: String = right.iter().collect();
            of(&CONFUSION).fix(Fix::replace(Safety::Unsafe, mark.span, &right))
        }
    };
    finding.labels = mark
        .other
        .iter()
        .map(|(file, span)| Label {
            span: *span,
            message: told!("the other one"; "另一处"),
            file: Some(file.clone()),
        })
        .collect();
    finding
}
