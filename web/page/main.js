// The page: a text, marks behind it, and the list of what was found.
const find = (id) => document.getElementById(id);
const text = find('text');
const marks = find('marks');
const list = find('list');
const WAIT = 300; // milliseconds after the last keystroke
const KEY = 'kanwu-language';

// ---- language

const words = {
  en: {
    loading: (percent) => `The model is being fetched: ${percent} % …`,
    checking: 'Checking …',
    empty: 'Nothing to check yet.',
    none: 'Nothing found.',
    counts: (e, w, i) => `${e} ${e === 1 ? 'error' : 'errors'}, ${w} ${w === 1 ? 'warning' : 'warnings'}, ${i} ${i === 1 ? 'note' : 'notes'}`,
    read: (kind, ms) => `read as ${kind}, checked in ${ms} ms`,
    severity: { error: 'error', warning: 'warning', info: 'note' },
    why: 'Why',
    fix: 'Fix this',
    deleted: 'deleted',
    places: (n) => `${n} places`,
    failed: (error) => `This did not work: ${error}`,
  },
  zh: {
    loading: (percent) => `正在获取模型：${percent}% ……`,
    checking: '正在检查……',
    empty: '还没有文本。',
    none: '未发现问题。',
    counts: (e, w, i) => `错误${e}处，警告${w}处，提示${i}处`,
    read: (kind, ms) => `按 ${kind} 读取，用时 ${ms} 毫秒`,
    severity: { error: '错误', warning: '警告', info: '提示' },
    why: '依据',
    fix: '修复此处',
    deleted: '删去',
    places: (n) => `共${n}处`,
    failed: (error) => `未能完成：${error}`,
  },
};
let lang = localStorage.getItem(KEY) ?? (navigator.language.startsWith('zh') ? 'zh' : 'en');
const said = () => words[lang];

function speak() {
  document.documentElement.lang = lang === 'zh' ? 'zh-Hans' : 'en';
  document.documentElement.dataset.ui = lang;
  for (const option of document.querySelectorAll('option[data-en]')) option.textContent = option.dataset[lang];
}

// ---- the engine

const worker = new Worker('worker.js', { type: 'module' });
const waiting = new Map();
let asked = 0;

function ask(name, more) {
  const id = ++asked;
  worker.postMessage({ id, ask: name, ...more });
  return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
}
worker.onmessage = ({ data }) => {
  if (data.progress) {
    const { length, total } = data.progress;
    if (total) status(said().loading(Math.min(100, Math.round((length / total) * 100))));
    return;
  }
  const { resolve, reject } = waiting.get(data.id);
  waiting.delete(data.id);
  if (data.error === undefined) resolve(data.answer);
  else reject(new Error(data.error));
};
worker.onerror = (event) => status(said().failed(event.message ?? 'worker.js'));

// ---- what was found

let report = { kind: 'plain', findings: [] };
let checked = ''; // the text that it is about
let latest = 0;

const shown = () => report.findings.filter((f) => find('notes').checked || f.severity !== 'info');

async function check() {
  const turn = ++latest;
  const source = text.value;
  if (!source.trim()) {
    report = { kind: 'plain', findings: [] };
    checked = source;
    show(said().empty);
    return;
  }
  status(said().checking);
  document.documentElement.dataset.checked = 'no';
  const start = performance.now();
  try {
    const found = await ask('check', { text: source, kind: find('kind').value, lang });
    if (turn !== latest) return;
    report = found;
    checked = source;
    show([counts(), said().read(found.kind, Math.round(performance.now() - start)), ...found.malformed].join(' · '));
  } catch (error) {
    if (turn === latest) status(said().failed(error.message));
  }
}

function counts() {
  const of = (severity) => report.findings.filter((f) => f.severity === severity).length;
  return report.findings.length ? said().counts(of('error'), of('warning'), of('info')) : said().none;
}

const status = (message) => { find('status').textContent = message; };

function show(message) {
  const findings = shown();
  mark(findings);
  list.replaceChildren(...findings.map(row));
  find('fix-safe').disabled = !findings.some((f) => f.fix?.safe);
  find('fix-all').disabled = !findings.some((f) => f.fix);
  status(message);
  document.documentElement.dataset.checked = 'yes';
}

// Marks behind the text. Where findings overlap, the severer one shows.
function mark(findings) {
  const order = { info: 0, warning: 1, error: 2 };
  const places = findings.flatMap((finding, number) => finding.places.map(([start, end]) => ({ start, end, number, severity: finding.severity })));
  const edges = [...new Set(places.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
  places.sort((a, b) => a.start - b.start);
  const pieces = [];
  let done = 0;
  let next = 0;
  let open = [];
  edges.forEach((start, i) => {
    const end = edges[i + 1] ?? start;
    while (places[next]?.start <= start) open.push(places[next++]);
    open = open.filter((place) => place.end > start);
    const top = open.reduce((best, place) => (best && order[best.severity] >= order[place.severity] ? best : place), undefined);
    if (!top || end === start) return;
    pieces.push(checked.slice(done, start));
    const piece = document.createElement('mark');
    piece.className = top.severity;
    piece.dataset.number = top.number;
    piece.textContent = checked.slice(start, end);
    pieces.push(piece);
    done = end;
  });
  // The last line end of a block is not shown without something behind it.
  marks.replaceChildren(...pieces, `${checked.slice(done)}\u200b`);
  marks.scrollTop = text.scrollTop;
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function row(finding, number) {
  const likely = finding.percent === null ? '' : ` · ${finding.percent} %`;
  const places = finding.places.length > 1 ? ` · ${said().places(finding.places.length)}` : '';
  const item = element('li', { className: finding.severity });
  item.dataset.number = number;
  item.append(element('p', {},
    element('span', { className: 'severity' }, said().severity[finding.severity]), ' ',
    element('code', {}, finding.title), likely, places));
  item.append(element('p', {}, element('button', { type: 'button', className: 'go', onclick: () => go(number) }, finding.message)));
  if (finding.help) item.append(element('p', { className: 'soft' }, finding.help));
  if (finding.fix) item.append(mending(finding.fix));
  item.append(element('details', {}, element('summary', {}, said().why), element('p', {}, finding.reasons.trim())));
  return item;
}

// What the fix does to the text, and a button that does it.
function mending(fix) {
  const line = element('p', {});
  for (const [start, end, replacement] of fix.edits.slice(0, 3)) {
    if (end > start) line.append(element('del', {}, short(checked.slice(start, end))), ' ');
    line.append(replacement ? element('ins', {}, short(replacement)) : element('span', { className: 'soft' }, said().deleted), ' ');
  }
  line.append(element('button', { type: 'button', onclick: () => apply(fix.edits) }, said().fix));
  return line;
}

const short = (piece) => (piece.length > 40 ? `${piece.slice(0, 30)}…${piece.slice(-8)}` : piece);

// Goes to a finding in the text.
function go(number) {
  const finding = shown()[number];
  if (text.value !== checked) return;
  choose(number);
  const [start, end] = finding.places[0];
  text.focus();
  text.setSelectionRange(start, end);
  const piece = marks.querySelector(`mark[data-number="${number}"]`);
  if (piece) text.scrollTop = piece.offsetTop - text.clientHeight / 3;
}

function choose(number) {
  for (const chosen of document.querySelectorAll('.chosen')) chosen.classList.remove('chosen');
  for (const piece of document.querySelectorAll(`[data-number="${number}"]`)) piece.classList.add('chosen');
}

// ---- changes of the text

function replace(value) {
  const { scrollTop } = text;
  text.value = value;
  text.scrollTop = scrollTop;
  return check();
}

function apply(edits) {
  if (text.value !== checked) return;
  let mended = checked;
  for (const [start, end, replacement] of edits.toReversed()) mended = mended.slice(0, start) + replacement + mended.slice(end);
  replace(mended);
}

async function fix(all) {
  const source = text.value;
  try {
    const mended = await ask('fix', { text: source, kind: find('kind').value, all });
    if (text.value === source) await replace(mended);
  } catch (error) {
    status(said().failed(error.message));
  }
}

let timer;
text.addEventListener('input', () => {
  // What is marked is about another text.
  marks.replaceChildren();
  clearTimeout(timer);
  timer = setTimeout(check, WAIT);
});
text.addEventListener('scroll', () => { marks.scrollTop = text.scrollTop; });
// A click on marked text shows what is said of it.
text.addEventListener('click', () => {
  const at = text.selectionStart;
  if (text.value !== checked || text.selectionEnd !== at) return;
  const number = shown().findIndex((f) => f.places.some(([start, end]) => start <= at && at <= end));
  if (number < 0) return;
  choose(number);
  list.children[number].scrollIntoView({ block: 'nearest' });
});
find('kind').addEventListener('change', check);
find('notes').addEventListener('change', () => show(find('status').textContent));
find('fix-safe').addEventListener('click', () => fix(false));
find('fix-all').addEventListener('click', () => fix(true));
find('example').addEventListener('click', async () => replace(await (await fetch('example.txt')).text()));
find('file').addEventListener('change', async ({ target }) => {
  const [file] = target.files;
  try {
    if (file) await replace(await ask('read', { bytes: new Uint8Array(await file.arrayBuffer()) }));
  } catch (error) {
    status(said().failed(error.message));
  }
  target.value = '';
});
find('language').addEventListener('click', () => {
  lang = lang === 'zh' ? 'en' : 'zh';
  localStorage.setItem(KEY, lang);
  speak();
  if (document.documentElement.dataset.ready) check();
});

// ---- start

speak();
text.value = '';
text.disabled = true;
navigator.serviceWorker?.register('offline.js').catch(() => {});
status(said().loading(0));
try {
  const kinds = await ask('load', { lang });
  find('kind').append(...kinds.map((kind) => element('option', { value: kind }, kind)));
  text.disabled = false;
  document.documentElement.dataset.ready = 'yes';
  await check();
} catch (error) {
  status(said().failed(error.message));
}
