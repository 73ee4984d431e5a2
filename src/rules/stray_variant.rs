//! `stray-variant`: a traditional, Japanese or old form in simplified text, and the reverse.

use std::collections::HashMap;

use memchr::memmem;

use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::model::characters::Line;
use crate::model::reader::Reader;
use crate::model::variants::{Form, Script, Variants};
use crate::reading::{Reading, Register};
use crate::rule::{Card, Chinese, Group, Rule};
use crate::text::{Span, is_han};
use crate::told;

static CARD: Card = Card {
    name: "stray-variant",
    group: Group::Script,
    severity: Severity::Warning,
    confidence: Confidence::High,
    default: true,
    summary: "a traditional, Japanese or old form in simplified text, or the reverse",
    docs: "Recognisers know more forms of a character than a text uses: 調査 for 调查, 対 for 对, 髙 for 高. The rule first decides which script the \
document is written in, then reports the forms that do not belong, where the ordinary form makes usual text. A form that recurs with the same neighbours, or \
whose ordinary form would be just as unusual there, is a name and stays (陶喆, 李昇). Sentences that are traditional or Japanese throughout are \
quotations and stay as well, and so do the forms that a traditional text writes throughout (烟, 却) and what Cantonese writes for words of its own (睇吓).\n\nOlder usage (好象, 部份, 帐户) is no damage: one note a file, with the count.",
    chinese: Chinese {
        name: "异体混入",
        summary: "简体文中的繁体、日文或旧字形，或相反",
        docs: "识别程序认得的字形比文本所用的多：調査→调查，対→对，髙→高。先判断文档用哪种字，再报告不属于它的字形，条件是换成通行字后通顺。\
在相同上下文中重现的、换了也不更通顺的是名称，保留（陶喆、李昇）。整句繁体或日文的是引文，也保留；繁体文本通篇采用的字形（烟、却）和粤语自有的写法（睇吓）同样保留。\n\n旧时用法（好象、\
部份、帐户）不算错：每文件提示一次并注明次数。",
    },
    bad: &["经过调査，他们对情况有了了解。", "会议决定进一歩扩大开放。"],
    good: &[
        "歌手陶喆昨天在北京举行演唱会。",
        "碑上刻着“學而時習之，不亦說乎”，字迹清楚。",
        "經過調查，他們對情況有了瞭解，並提出建議。",
    ],
    fix: Some(Safety::Safe),
    yields_to: &["known-wrong-word", "wrong-conversion", "mojibake"],
    levels: &[],
};

/// Words of older usage.
const OLDER: [(&str, &str); 12] = [
    ("好象", "好像"),
    ("就象", "就像"),
    ("不象", "不像"),
    ("真象", "真像"),
    ("部份", "部分"),
    ("成份", "成分"),
    ("充份", "充分"),
    ("过份", "过分"),
    ("帐户", "账户"),
    ("帐目", "账目"),
    ("帐号", "账号"),
    ("做为", "作为"),
];

/// The pronoun of animals, which simplified text does not have.
const ANIMAL: char = '牠';
/// The three trigrams of the ordinary form must be at least this likely together, in nats: below
/// lie mostly names.
const USUAL: f32 = -15.0;
/// The same for the forms of another script. Names hardly keep those in simplified text, so it
/// takes less; between the two the fix is not safe.
const UNUSUAL: f32 = -24.0;
/// The same where others are told that are usual: who misread those misread this one.
const AMONG_OTHERS: f32 = -40.0;
/// How many others.
const OTHERS: usize = 2;
/// Forms of traditional text that stand in names, and in 瞭望, of edited simplified text as well:
/// those of ten documents and more in 350 million bytes.
const OF_NAMES: &str = "瞭昇崑矇樑濛峯";

/// The rule.
pub(super) struct StrayVariant;

impl Rule for StrayVariant {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        let Some(variants) = document.model().variants() else {
            return;
        };
        let text = document.text();
        let mut older: Vec<usize> = ["象", "份", "帐", "做"]
            .into_iter()
            .flat_map(|c| memmem::find_iter(text.as_bytes(), c))
            .collect();
        older.sort_unstable();
        report_older(document, &older, findings);
        let of = variants.count(document.census().iter());
        let (foreign, simple) = (of.foreign, of.simplified);
        // what is neither clearly the one nor the other is bilingual
        let traditional = foreign > 8 * simple;
        if foreign == 0 || simple == 0 || !(traditional || simple > 2 * foreign) {
            return;
        }
        let mut forms = Forms {
            document,
            variants,
            reader: document.model().reader(),
            traditional,
            recurring: HashMap::new(),
        };
        let strays = forms.strays();
        let others = strays.iter().filter(|s| forms.is_stray(s, UNUSUAL));
        let least = match others.take(OTHERS).count() {
            OTHERS => AMONG_OTHERS,
            _ => UNUSUAL,
        };
        let told = strays.iter().filter(|s| forms.is_stray(s, least));
        findings.extend(told.map(|stray| forms.finding(stray)));
    }
}

/// Characters that Cantonese writes for words of its own (睇吓, 响度, 揾嘢), and the forms that are
/// the standard of Hong Kong.
const CANTONESE: &str = "吓响晒呃冚揾温户恒税脱兑悦卧刹";

/// The most characters of the name that somebody goes by: 沸騰的冰點.
const NAME: usize = 6;
/// The names of the scripts, each in the other one.
const SCRIPTS: [&str; 4] = ["繁體", "正體", "简体", "繁体"];

/// A form that does not belong to the script of the document.
struct Stray {
    /// Where it stands in its sentence, in characters.
    position: usize,
    span: Span,
    ordinary: char,
    evidence: f32,
    /// Whether it is the form of another script, not one of old print or of names.
    is_foreign: bool,
}

/// The forms of a document that do not belong to its script.
struct Forms<'d, 'a> {
    document: &'d Reading<'a>,
    variants: Variants<'a>,
    reader: Reader<'a>,
    /// Whether the document is traditional.
    traditional: bool,
    /// How often a form stands before or after a character.
    recurring: HashMap<(char, char, bool), u32>,
}

impl Forms<'_, '_> {
    /// Those of all sentences but quotations.
    fn strays(&mut self) -> Vec<Stray> {
        let mut line = Line::default();
        let mut strays: Vec<Stray> = Vec::new();
        for sentence in self.document.sentences() {
            let text = self.document.slice(sentence.span);
            if !self.is_quoted(text) {
                self.reader.characters.read(text, &mut line);
                self.add(sentence.span.start(), text, &mut line, &mut strays);
            }
        }
        strays
    }

    /// Whether a sentence has no such form, or so many that it is a quotation: of the other script,
    /// or Japanese; or whether it names that script, as the switch of a site does (繁體版).
    fn is_quoted(&self, text: &str) -> bool {
        let kana = |c: char| {
            ('\u{3041}'..='\u{30fa}').contains(&c) && self.variants.script(c) == Script::Any
        };
        let of = self.variants.count(text.chars().map(|c| (c, 1)));
        let (here, others) = match self.traditional {
            true => (of.simplified, of.foreign),
            false => (of.foreign, of.simplified),
        };
        let is_name =
            here == 2 && others == 0 && text.chars().filter(|c| is_han(*c)).count() <= NAME;
        let quoted = here > 2 && here >= others || is_name;
        let named = SCRIPTS.iter().any(|name| text.contains(name));
        here == 0 || quoted || named || text.chars().any(kana)
    }

    /// The form that is usual in the document's script, for one that is not, and whether that is
    /// the form of another script.
    fn ordinary(&self, c: char) -> Option<(char, bool)> {
        if self.traditional {
            return self.variants.traditional(c).map(|form| (form, true));
        }
        let simplified = self.variants.simplified(c);
        simplified.map(|(form, home)| match c {
            ANIMAL => ('它', true),
            _ => (form, home != Form::Old && !OF_NAMES.contains(c)),
        })
    }

    /// Whether a traditional text writes a form throughout and the other one hardly ever: many
    /// editions have 烟, 却, 黄.
    fn is_usual(&self, form: char, other: char) -> bool {
        const OFTEN: usize = 8;
        if !self.traditional {
            return false;
        }
        let census = self.document.census_of_file();
        let count = census.count(form);
        count >= OFTEN && census.count(other) * 4 <= count
    }

    /// Adds those of a sentence, of which the characters were read.
    fn add(&mut self, from: usize, text: &str, line: &mut Line, strays: &mut Vec<Stray>) {
        for (position, (at, c)) in text.char_indices().enumerate() {
            let Some((ordinary, is_foreign)) = self.ordinary(c) else {
                continue;
            };
            let start = from + at;
            let span = Span::new(start, start + c.len_utf8());
            let document = self.document;
            let spoken =
                CANTONESE.contains(c) && document.registers().at(start) == Register::Cantonese;
            if spoken
                || self.is_usual(c, ordinary)
                || document.mask().touches(span)
                || document.vocabulary().covers(span)
            {
                continue;
            }
            for (beside, after) in [
                (text[..at].chars().next_back(), false),
                (text[at + c.len_utf8()..].chars().next(), true),
            ] {
                let pair = (c, beside.unwrap_or(c), after);
                *self.recurring.entry(pair).or_default() += 1;
            }
            let evidence = match self.traditional {
                true => 0.0,
                false => usual(self.reader, line, position, ordinary),
            };
            strays.push(Stray {
                position,
                span,
                ordinary,
                evidence,
                is_foreign,
            });
        }
    }

    /// How often a form recurs with the same character beside it, on the side where it does more.
    fn recurs(&self, stray: &Stray) -> u32 {
        let text = self.document.text();
        let form = text[stray.span.range()].chars().next();
        let side = |beside: Option<char>, after| {
            let pair = form.zip(beside).map(|(form, beside)| (form, beside, after));
            pair.and_then(|pair| self.recurring.get(&pair))
                .copied()
                .unwrap_or(0)
        };
        let before = text[..stray.span.start()].chars().next_back();
        let before = side(before.filter(|_| stray.position > 0), false);
        before.max(side(text[stray.span.end()..].chars().next(), true))
    }

    /// Whether one is most likely no name, as a form of another script is where the ordinary one is
    /// as likely as `foreign`.
    fn is_stray(&self, stray: &Stray, foreign: f32) -> bool {
        // classical text keeps apart what simplified characters made one: 穀 and 谷
        let classical = || {
            let register = self.document.registers().at(stray.span.start());
            register == Register::Classical
        };
        let least = match stray.is_foreign && !classical() {
            true => foreign,
            false => USUAL,
        };
        let recurring = || self.recurs(stray) > 3 && stray.evidence < USUAL + 5.0;
        stray.evidence >= least && !recurring()
    }

    /// What there is to say of one.
    fn finding(&self, stray: &Stray) -> Finding {
        let form = self.document.slice(stray.span);
        let (script, script_zh) = match self.traditional {
            true => ("traditional", "繁体"),
            false => ("simplified", "简体"),
        };
        let ordinary = &stray.ordinary;
        let message = told!(
            "{form} in {script} text, where {ordinary} is usual";
            "{script_zh}文中的“{form}”，通行写法为“{ordinary}”"
        );
        let finding = Finding::new(&CARD, stray.span, message)
            .defect(form)
            .help(told!(
                "write {ordinary}; put the word into `vocabulary` if it is a name";
                "改为“{ordinary}”；若是名称，写入 `vocabulary`"
            ));
        // Whether an animal or a thing is meant is a matter of meaning.
        let safety = if form.starts_with(ANIMAL) || stray.evidence < USUAL {
            Safety::Unsafe
        } else {
            Safety::Safe
        };
        finding.fix(Fix::replace(safety, stray.span, stray.ordinary))
    }
}

/// How likely the text is with the ordinary form in place, in nats; more where that makes a word.
fn usual(reader: Reader<'_>, line: &mut Line, position: usize, ordinary: char) -> f32 {
    let id = reader.characters.id(ordinary);
    let word = reader.word_cover_with(&line.ids, position, id);
    let held = std::mem::replace(&mut line.ids[position], id);
    let end = line.ids.len().min(position + 3);
    let sum = reader.log_prob(&line.ids, position..end) * 3.0 / (end - position) as f32;
    line.ids[position] = held;
    sum + word.map_or(0.0, |w| 2.0 * (w.end - w.start - 1) as f32)
}

/// Words of older usage are no damage: one note, with the count.
fn report_older(document: &Reading<'_>, seconds: &[usize], findings: &mut Findings) {
    let text = document.text();
    let word_at = |&at: &usize| {
        let start = text[..at].char_indices().next_back()?.0;
        OLDER
            .iter()
            .find(|(older, _)| text[start..].starts_with(older) || text[at..].starts_with(older))
            .map(|w| {
                let start = if text[at..].starts_with(w.0) {
                    at
                } else {
                    start
                };
                (Span::new(start, start + w.0.len()), w.1)
            })
    };
    let mut words = seconds
        .iter()
        .filter_map(word_at)
        .filter(|(span, _)| !document.vocabulary().covers(*span));
    let Some((span, modern)) = words.next() else {
        return;
    };
    let count = 1 + words.count();
    let older = document.slice(span);
    let message = told!(
        "{older} is older usage for {modern}; {count} such words in this document";
        "“{older}”是“{modern}”的旧写法；本文档中此类词共{count}个"
    );
    findings.push(
        Finding::new(&CARD, span, message)
            .severity(Severity::Info)
            .evidence("count", count),
    );
}
