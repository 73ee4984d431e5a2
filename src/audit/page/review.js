// What people judge: kept in this browser under the run, exported as the file that kanwu reads.
let judged = new Map();
let queue = [];
let history = [];
const storeKey = () => 'kanwu:' + data.run;
function restore() {
  // pages of the file system may have no storage
  try {
    judged = new Map(JSON.parse(localStorage.getItem(storeKey()) || '[]'));
    $('reviewer').value = localStorage.getItem('kanwu:by') || '';
  } catch { judged = new Map(); }
}
function store() {
  try {
    localStorage.setItem(storeKey(), JSON.stringify([...judged]));
    localStorage.setItem('kanwu:by', $('reviewer').value);
  } catch { /* what was judged is in the page until it is closed */ }
}
function verdictOf(fingerprint) {
  const own = judged.get(fingerprint);
  return own ? own.verdict : data.judged[fingerprint];
}
function judge(f, verdict) {
  const judgement = {
    fingerprint: f.fingerprint, rule: f.rule, text: f.text.slice(0, 80), verdict,
    at: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
  };
  const by = $('reviewer').value.trim();
  if (by) judgement.by = by;
  if (f.probability !== undefined) judgement.probability = f.probability;
  if (typeof f.replacement === 'string') judgement.replacement = f.replacement;
  history.push([f.fingerprint, judged.get(f.fingerprint)]);
  judged.set(f.fingerprint, judgement);
  store();
  tally();
}
function undo() {
  const last = history.pop();
  if (!last) return;
  if (last[1]) judged.set(last[0], last[1]); else judged.delete(last[0]);
  store();
  tally();
  findingList.redraw();
  showCard();
}
function verdictButtons(f, after, words = ['right', 'wrong', 'unsure']) {
  const bar = el('div', 'tools');
  ['right', 'wrong', 'unsure'].forEach((verdict, i) => {
    const node = button(`${['y', 'n', '?'][i]} · ${t(words[i])}`, () => { judge(f, verdict); after(); });
    node.setAttribute('aria-pressed', String(verdictOf(f.fingerprint) === verdict));
    bar.append(node);
  });
  return bar;
}
// The next thing to judge: a finding, or a paragraph of which nothing was said. There "right" means
// that nothing is wrong.
function next() {
  return queue.find((f) => !verdictOf(f.fingerprint));
}
function judgeCard(verdict) {
  const f = next();
  if (!f) return;
  judge(f, verdict);
  findingList.redraw();
  showCard();
  $('card').focus();
}
const isParagraph = (f) => f.rule === 'unflagged';
function showCard() {
  const card = $('card');
  card.replaceChildren();
  const f = next();
  if (!f) {
    card.append(el('p', '', t(queue.length ? 'done' : 'noSample')));
  } else if (isParagraph(f)) {
    card.append(el('p', '', t('unflagged')), put(el('p', 'soft'), `${f.file}:${f.line}`), put(chinese(el('p', 'text')), f.text));
    const after = () => { showCard(); card.focus(); };
    // the keys mean damage and no damage here too
    const bar = el('div', 'tools');
    bar.append(button('y · ' + t('hasDamage'), () => { judge(f, 'wrong'); after(); }));
    bar.append(button('n · ' + t('noDamage'), () => { judge(f, 'right'); after(); }));
    bar.append(button('? · ' + t('unsure'), () => { judge(f, 'unsure'); after(); }));
    card.append(bar);
  } else {
    describe(card, f);
    card.append(verdictButtons(f, () => { findingList.redraw(); showCard(); card.focus(); }));
  }
  if (history.length) card.append(button('z · ' + t('back'), undo));
  const done = queue.filter((q) => verdictOf(q.fingerprint)).length;
  $('progress').textContent = t('progress', count(done), count(queue.length));
}
// Wilson's score interval.
function wilson(right, all) {
  const z = 1.96;
  const share = right / all;
  const scale = 1 + z * z / all;
  const middle = (share + z * z / (2 * all)) / scale;
  const spread = z / scale * Math.sqrt(share * (1 - share) / all + z * z / (4 * all * all));
  return [share, Math.max(0, middle - spread), Math.min(1, middle + spread)].map((x) => Math.round(x * 100));
}
function tally() {
  const rules = new Map();
  for (const { rule, verdict } of judged.values()) {
    if (!rules.has(rule)) rules.set(rule, { right: 0, wrong: 0, unsure: 0 });
    rules.get(rule)[verdict]++;
  }
  const table = $('judged');
  table.replaceChildren();
  if (!rules.size) return;
  const head = table.createTHead().insertRow();
  for (const word of ['rule', 'right', 'wrong', 'unsure', 'precision']) {
    const cell = el('th', word === 'rule' ? '' : 'n', t(word));
    cell.scope = 'col';
    head.append(cell);
  }
  const body = table.createTBody();
  for (const [rule, n] of [...rules].sort()) {
    const row = body.insertRow();
    const name = el('th', '', rule);
    name.scope = 'row';
    row.append(name);
    const all = n.right + n.wrong;
    const [share, low, high] = all ? wilson(n.right, all) : [];
    for (const text of [n.right, n.wrong, n.unsure, all ? `${share} % (${low}–${high})` : '–']) row.append(el('td', 'n', text));
  }
}
function save(name, type, text) {
  const link = el('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
function exportLines() {
  save('kanwu.judgements.jsonl', 'application/x-ndjson', [...judged.values()].map((j) => JSON.stringify(j) + '\n').join(''));
}
function exportTable() {
  const keys = ['fingerprint', 'rule', 'text', 'verdict', 'by', 'at', 'probability', 'replacement'];
  // a cell that a spreadsheet takes for a formula is none
  const cell = (value) => '"' + String(value ?? '').replace(/^[=+\-@\t\r]/, "'$&").replace(/"/g, '""') + '"';
  const lines = [...judged.values()].map((j) => keys.map((key) => cell(j[key])).join(','));
  save('judgements.csv', 'text/csv', '\ufeff' + [keys.join(','), ...lines].join('\r\n') + '\r\n');
}
function startReview() {
  queue = [...data.review.findings.map(finding), ...data.review.unflagged];
  $('export-jsonl').addEventListener('click', exportLines);
  $('export-csv').addEventListener('click', exportTable);
  $('reviewer').addEventListener('change', store);
  $('card').addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const f = next();
    const damaged = f && isParagraph(f) ? ['wrong', 'right'] : ['right', 'wrong'];
    const verdicts = { y: damaged[0], n: damaged[1], '?': 'unsure', u: 'unsure' };
    if (event.key in verdicts) judgeCard(verdicts[event.key]);
    else if (event.key === 'z') undo();
    else return;
    event.preventDefault();
  });
  tally();
  showCard();
}
