'use strict';
// What the page says in English and in Chinese where it is not in the template.
const WORDS = {
  error: ['error', '错误'], warning: ['warning', '警告'], info: ['note', '提示'],
  right: ['damaged', '确有损伤'], wrong: ['right as it stands', '原文无误'], unsure: ['cannot tell', '无法判断'],
  all: ['all', '全部'], damages: ['errors and warnings', '错误和警告'],
  byCertainty: ['most certain first', '最确定在前'], byPlace: ['as in the files', '按文件顺序'], byRule: ['by rule', '按规则'],
  found: ['{0} of {1}', '{0} / {1} 条'], files: ['{0} of {1} files', '{0} / {1} 个文件'],
  shownAll: ['All {0} findings. Notes on what repeats stand in the tables above.', '共 {0} 条，全部在此；关于重复的提示见上方表格。'],
  shownSome: ['Shown {0} of {1}: a sample drawn by chance from each rule, so that the page stays small. All are in --csv.',
    '此处显示 {1} 条中的 {0} 条：为控制页面大小，按规则随机抽样；全部见 --csv。'],
  progress: ['{0} of {1} judged', '已复核 {0} / {1}'],
  done: ['All of the sample is judged.', '样本已全部复核。'],
  noSample: ['Nothing to judge.', '没有需要复核的内容。'],
  unflagged: ['Nothing was found in this paragraph. Is there damage in it?', '此段没有任何提示。其中有漏检的损伤吗？'],
  hasDamage: ['damage was missed', '有漏检'], noDamage: ['nothing is wrong', '没有问题'],
  back: ['back', '撤销'], other: ['the other place: {0}', '另一处：{0}'],
  findingList: ['Findings', '结果列表'], documentList: ['Documents', '文档列表'],
  rule: ['Rule', '规则'], precision: ['Right (95 %)', '属实（95 %）'], empty: ['nothing fits', '没有符合条件的结果'],
  strip: ['where it is damaged', '损伤分布'], page: ['What is damaged in this collection', '这批文本的损伤情况'],
  characters: ['{0} characters', '{0} 字'], none: ['No finding of this file is in the page.', '本页未收录此文件的结果。'],
};
let ui = 0;
function t(key, ...values) {
  return WORDS[key][ui].replace(/\{(\d)\}/g, (_, i) => values[i]);
}
const count = (n) => n.toLocaleString('en-US');
