//! `stray-latin`: a foreign word, letter or sign that the recogniser put where Chinese stood.

mod filling;
mod foreign;
mod trailing;

use crate::document::Token;

use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::reading::{Reading, Register};
use crate::rule::{Card, Chinese, Group, Rule};
use crate::text::{CharClass, Span};
use crate::told;

static CARD: Card = Card {
    name: "stray-latin",
    group: Group::Script,
    severity: Severity::Error,
    confidence: Confidence::High,
    default: true,
    summary: "a foreign word, letter or sign that the recogniser put where Chinese stood",
    docs: "Models that read pages sometimes slip into English for a word: 发展 and 改革 where the page has 发展和改革. The rule looks for common \
English words (and, of, the, with; development, government) that stand alone between Chinese characters, with or without spaces.\n\nNames, \
abbreviations, code and English quotations are left alone: they are no common words in lower case, or have English beside them. In a document that \
mixes the languages throughout, as technical documentation does, only and, of and the are reported, and not before a word such as 关键字 or 语句.\n\nIn a document with hardly any Latin a word in lower case that Chinese writers do not \
use (警惕 actitud 的), a small letter or two without blanks (变f不少) and a sign such as ® stand where Chinese stood, too, and any single letter in the place of which \
a character makes a word with its neighbour that is far likelier there (用户H前: 目前); where two such places are plain, others need less. Letters and signs behind the last word of several lines (怎么会在这里 J!) are what recognisers of \
subtitles make of marks.",
    chinese: Chinese {
        name: "外文混入",
        summary: "识别程序在中文位置写出的外文词、字母或符号",
        docs: "读页面的模型有时会用英文写一个词：页面上是“发展和改革”，却写成“发展 and 改革”。规则寻找单独夹在汉字间的常用英文词（and、\
of、the、with，development、government），有无空格都算。\n\n名称、缩写、代码和英文引语不管：\
它们不是小写的常用词，或旁边另有英文。通篇中英混排的文档（如技术文档）只报 and、of、the，且不在“关键字”“语句”一类词之前。\
\n\n几乎没有西文的文档中，中文作者不用的小写词（警惕 actitud 的）、没有空格的一两个小写字母（变f不少）以及 ® 一类符号，\
也表示那里原是中文；单个字母若换成某字便与邻字成词且通顺得多（用户H前：目前），也是如此；有两处明显时，其余的从宽。多行末字之后的字母和符号（怎么会在这里 J!），\
是字幕识别把标点认错了。",
    },
    bad: &[
        "要统筹发展 and 安全，做好各项工作。",
        "坚持科技创新of方向。",
        "推动 development 取得新成效。",
        "怎么会在这里 J!\n\n你到底听谁说的 ∴\n\n我们今天就走 ;.S",
        "谁也没有料到，院子里的 ventana 全都开着，风把纸吹了一地。",
    ],
    good: &[
        "全年GDP增长5%。",
        "可以用一行代码替代 for 循环，另一位义工叫 May 的也来了。",
        "他在Journal of Physics上发表论文。",
        "专辑《Simon and Garfunkel》再版。",
        "我们选方案 B\n\n你要多吃维生素 C\n\n他住在三号楼 A",
        "这家店很in，服务员用的是app点单。",
    ],
    fix: Some(Safety::Unsafe),
    yields_to: &[],
    levels: &[],
};

/// English words and the Chinese that most often stood in their place; none where several do.
const WORDS: &[(&str, &str)] = &[
    ("about", "关于"),
    ("above", "以上"),
    ("according", "根据"),
    ("achieve", "实现"),
    ("across", "跨"),
    ("activities", "活动"),
    ("after", "后"),
    ("again", "再次"),
    ("against", "对"),
    ("agriculture", "农业"),
    ("all", "所有"),
    ("also", "也"),
    ("although", "虽然"),
    ("among", "其中"),
    ("an", "一个"),
    ("and", "和"),
    ("any", "任何"),
    ("are", "是"),
    ("as", "作为"),
    ("at", "在"),
    ("based", "基于"),
    ("be", "是"),
    ("because", "因为"),
    ("become", "成为"),
    ("been", ""),
    ("before", "前"),
    ("being", ""),
    ("benefit", "效益"),
    ("between", "之间"),
    ("both", "都"),
    ("build", "建设"),
    ("building", "建设"),
    ("business", "企业"),
    ("but", "但"),
    ("by", "由"),
    ("can", "可以"),
    ("central", "中央"),
    ("change", "变化"),
    ("cities", "城市"),
    ("city", "城市"),
    ("committee", "委员会"),
    ("common", "共同"),
    ("companies", "企业"),
    ("company", "公司"),
    ("comprehensive", "全面"),
    ("construction", "建设"),
    ("continue", "继续"),
    ("could", "可以"),
    ("countries", "国家"),
    ("country", "国家"),
    ("culture", "文化"),
    ("deep", "深入"),
    ("develop", "发展"),
    ("development", "发展"),
    ("did", ""),
    ("do", "做"),
    ("does", ""),
    ("due", "由于"),
    ("during", "期间"),
    ("each", "每"),
    ("economic", "经济"),
    ("economy", "经济"),
    ("education", "教育"),
    ("effective", "有效"),
    ("energy", "能源"),
    ("enhance", "增强"),
    ("ensure", "确保"),
    ("enterprise", "企业"),
    ("enterprises", "企业"),
    ("environment", "环境"),
    ("especially", "特别是"),
    ("every", "每"),
    ("financial", "金融"),
    ("first", "首先"),
    ("for", "为"),
    ("from", "从"),
    ("further", "进一步"),
    ("future", "未来"),
    ("global", "全球"),
    ("good", "好"),
    ("government", "政府"),
    ("green", "绿色"),
    ("growth", "增长"),
    ("had", ""),
    ("has", "有"),
    ("have", "有"),
    ("he", "他"),
    ("health", "健康"),
    ("her", "她"),
    ("high", "高"),
    ("his", "他的"),
    ("history", "历史"),
    ("how", "如何"),
    ("however", "然而"),
    ("if", "如果"),
    ("implement", "实施"),
    ("important", "重要"),
    ("improve", "提高"),
    ("in", "在"),
    ("including", "包括"),
    ("increase", "增加"),
    ("industrial", "产业"),
    ("industry", "产业"),
    ("innovation", "创新"),
    ("international", "国际"),
    ("into", "进入"),
    ("is", "是"),
    ("issues", "问题"),
    ("it", "它"),
    ("its", "其"),
    ("key", "重点"),
    ("large", "大"),
    ("law", "法律"),
    ("leading", "领先"),
    ("level", "水平"),
    ("life", "生活"),
    ("local", "地方"),
    ("made", ""),
    ("main", "主要"),
    ("major", "重大"),
    ("make", "使"),
    ("management", "管理"),
    ("many", "许多"),
    ("market", "市场"),
    ("may", "可能"),
    ("meeting", "会议"),
    ("modern", "现代"),
    ("modernization", "现代化"),
    ("more", "更"),
    ("most", "最"),
    ("must", "必须"),
    ("national", "国家"),
    ("need", "需要"),
    ("new", "新"),
    ("not", "不"),
    ("of", "的"),
    ("on", "在"),
    ("one", "一"),
    ("only", "只"),
    ("or", "或"),
    ("other", "其他"),
    ("our", "我们的"),
    ("over", "超过"),
    ("party", "党"),
    ("people", "人民"),
    ("plan", "规划"),
    ("policy", "政策"),
    ("political", "政治"),
    ("problem", "问题"),
    ("problems", "问题"),
    ("production", "生产"),
    ("project", "项目"),
    ("promote", "推动"),
    ("promoting", "推动"),
    ("protection", "保护"),
    ("provide", "提供"),
    ("public", "公共"),
    ("quality", "质量"),
    ("reform", "改革"),
    ("regional", "区域"),
    ("rural", "农村"),
    ("safety", "安全"),
    ("science", "科学"),
    ("security", "安全"),
    ("service", "服务"),
    ("services", "服务"),
    ("several", "几个"),
    ("she", "她"),
    ("should", "应"),
    ("since", "自"),
    ("so", "所以"),
    ("social", "社会"),
    ("society", "社会"),
    ("some", "一些"),
    ("special", "特别"),
    ("state", "国家"),
    ("strategy", "战略"),
    ("strengthen", "加强"),
    ("strong", "强"),
    ("such", "这样的"),
    ("support", "支持"),
    ("system", "体系"),
    ("technology", "技术"),
    ("than", "比"),
    ("that", "那"),
    ("the", ""),
    ("their", "他们的"),
    ("them", "他们"),
    ("then", "然后"),
    ("there", ""),
    ("therefore", "因此"),
    ("these", "这些"),
    ("they", "他们"),
    ("this", "这"),
    ("those", "那些"),
    ("through", "通过"),
    ("time", "时间"),
    ("to", "到"),
    ("together", "共同"),
    ("toward", "朝"),
    ("towards", "朝"),
    ("traditional", "传统"),
    ("under", "在"),
    ("until", "直到"),
    ("urban", "城市"),
    ("using", "使用"),
    ("various", "各种"),
    ("very", "非常"),
    ("was", "是"),
    ("we", "我们"),
    ("were", "是"),
    ("when", "当"),
    ("where", "哪里"),
    ("which", "哪"),
    ("while", "同时"),
    ("who", "谁"),
    ("will", "将"),
    ("with", "与"),
    ("within", "之内"),
    ("without", "没有"),
    ("work", "工作"),
    ("workers", "工人"),
    ("world", "世界"),
    ("would", "将"),
    ("year", "年"),
    ("years", "年"),
    ("you", "你"),
    ("your", "你的"),
];

/// English that Chinese writers use between Chinese characters on purpose: fashionable words.
const FASHION: &[&str] = &["good", "high", "in", "party"];

/// The rule.
pub(super) struct StrayLatin;

impl Rule for StrayLatin {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        let tokens = document.tokens();
        let mut mixed = None;
        for (i, token) in tokens.of(CharClass::Letter) {
            if token.masked || token.span.len() < 2 {
                continue;
            }
            let Some((word, chinese)) = known(document.slice(token.span)) else {
                continue;
            };
            let (Some(before), Some(after)) =
                (neighbour(document, i, -1), neighbour(document, i, 1))
            else {
                continue;
            };
            let spaced =
                before.span.end() < token.span.start() && after.span.start() < token.span.end() + 2;
            if !spaced && FASHION.contains(&word) {
                continue;
            }
            let next = document.slice(after.span);
            let mixed = *mixed.get_or_insert_with(|| mixes_languages(document));
            if mixed
                && (!matches!(word, "and" | "of" | "the")
                    || names_a_word(document.slice(before.span), next))
                || is_of_code(next)
            {
                continue;
            }
            let span = Span::new(before.span.end(), after.span.start());
            let mut finding = Finding::new(
                &CARD,
                span,
                told!("English “{word}” between Chinese words"; "中文词语间的英文“{word}”"),
            )
            .fix(Fix::replace(Safety::Unsafe, span, chinese));
            if !chinese.is_empty() {
                finding = finding.help(told!(
                    "the page most likely had {chinese} here";
                    "原页此处很可能是“{chinese}”"
                ));
            }
            if mixed {
                finding = finding.severity(Severity::Info);
            }
            findings.push(finding);
        }
        if document.registers().most() != Register::Cantonese {
            foreign::words(document, findings);
        }
        foreign::letters(document, findings);
        trailing::glyphs(document, findings);
    }
}

/// A word of the list, in lower case or with a capital at its head; not what is a name or a symbol
/// then (一名叫 May 的义工, If 电流).
fn known(text: &str) -> Option<(&'static str, &'static str)> {
    let lower = text.bytes().skip(1).all(|b| b.is_ascii_lowercase());
    let capital = text.starts_with(|c: char| c.is_ascii_uppercase());
    let names = capital && (text.len() < 3 || matches!(text, "May" | "Will"));
    if !lower || names || text.len() > 13 {
        return None;
    }
    let mut small = [0; 13];
    let small = &mut small[..text.len()];
    small.copy_from_slice(text.as_bytes());
    small.make_ascii_lowercase();
    let at = WORDS
        .binary_search_by(|(w, _)| w.as_bytes().cmp(small))
        .ok()?;
    WORDS.get(at).copied()
}

/// The run of Han characters on one side, next to the word or after one space.
fn neighbour(document: &Reading<'_>, index: usize, step: isize) -> Option<Token> {
    let mut at = index.checked_add_signed(step)?;
    let mut token = document.tokens().get(at)?;
    if token.class == CharClass::Space {
        at = at.checked_add_signed(step)?;
        token = document.tokens().get(at)?;
    }
    (token.class == CharClass::Han && !token.masked).then_some(token)
}

/// Whether English stands in the Chinese throughout: more than one English word in lower case on
/// 150 Han characters, lone words of the list aside. Cantonese as it is spoken always has some.
fn mixes_languages(document: &Reading<'_>) -> bool {
    let (mut english, mut han) = (0, 0);
    for token in document.tokens().iter() {
        match token.class {
            CharClass::Han => han += token.span.len() / 3,
            CharClass::Letter if token.span.len() > 2 => {
                let text = document.slice(token.span);
                let word = text.bytes().skip(1).all(|b| b.is_ascii_lowercase());
                english += usize::from(word && known(text).is_none());
            }
            _ => {}
        }
    }
    document.registers().most() == Register::Cantonese
        || document.is_markdown() && english * 600 > han
        || english * 150 > han.max(150)
}

/// Whether what follows says that the word is one of a programming language: for 循环.
fn is_of_code(after: &str) -> bool {
    const AFTER: [&str; 8] = [
        "关键字",
        "语句",
        "运算符",
        "循环",
        "子句",
        "函数",
        "表达式",
        "指令",
    ];
    AFTER.iter().any(|word| after.starts_with(word))
}

/// Whether a text in both languages speaks of the English word itself: 使用 and 查询, in 单词.
fn names_a_word(before: &str, after: &str) -> bool {
    const AFTER: [&str; 25] = [
        "关键", "运算", "操作", "命令", "条件", "查询", "表达", "方法", "属性", "标签", "参数",
        "类型", "模式", "块", "接口", "库", "包", "项", "值", "字段", "变量", "选项", "对象",
        "单词", "等",
    ];
    const BEFORE: [&str; 12] = [
        "使用",
        "关键字",
        "单词",
        "用",
        "叫",
        "名为",
        "称为",
        "写",
        "调用",
        "执行",
        "输入",
        "一个",
    ];
    AFTER.iter().any(|w| after.starts_with(w)) || BEFORE.iter().any(|w| before.ends_with(w))
}

#[cfg(test)]
mod tests {
    use super::{WORDS, known};

    #[test]
    fn the_words_are_sorted() {
        assert!(WORDS.windows(2).all(|w| w[0].0 < w[1].0));
        assert_eq!(known("And"), Some(("and", "和")));
        assert_eq!(known("IS"), None);
        assert_eq!(known("modernization"), Some(("modernization", "现代化")));
    }
}
