// Documents, the worst first, each with a strip that shows where it is damaged; opened, the
// paragraphs with their marks.
let documentList;
let findingsOf;
function drawStrip(canvas, digits) {
  const cell = 4;
  canvas.width = digits.length * cell;
  canvas.height = 14;
  const context = canvas.getContext('2d');
  const style = getComputedStyle(document.documentElement);
  context.fillStyle = style.getPropertyValue('--line');
  context.fillRect(0, 12, canvas.width, 2);
  // height tells the severity as well as colour does
  const looks = [null, ['--info', 4], ['--warning', 8], ['--error', 12]];
  for (let i = 0; i < digits.length; i++) {
    const look = looks[digits[i]];
    if (!look) continue;
    context.fillStyle = style.getPropertyValue(look[0]);
    context.fillRect(i * cell, 14 - look[1], cell - 1, look[1]);
  }
}
function fillDocument(row, i) {
  const f = data.files;
  const top = el('div', 'top');
  const strip = el('canvas');
  strip.setAttribute('role', 'img');
  strip.setAttribute('aria-label', t('strip'));
  drawStrip(strip, f.strip[i]);
  top.append(el('strong', '', f.score[i].toFixed(1)), el('span', 'prob', `${f.low[i].toFixed(0)}–${f.high[i].toFixed(0)}`), strip);
  top.append(el('span', '', `■ ${f.errors[i]} ▲ ${f.warnings[i]} ○ ${f.infos[i]}`));
  top.append(el('span', 'causes', f.causes[i].map((r) => data.rules[r]).join(', ')));
  row.append(top, put(el('div', 'line'), f.name[i]));
}
function openDocument(i, focus) {
  const detail = $('document-detail');
  const head = put(el('h3'), data.files.name[i]);
  detail.replaceChildren(head, el('p', 'soft', t('characters', count(data.files.characters[i]))));
  const list = findingsOf.get(i) || [];
  if (!list.length) detail.append(el('p', '', t('none')));
  let last = '';
  for (const index of list.slice(0, 200)) {
    const f = finding(index);
    const paragraph = f.before + f.text + f.after;
    const what = el('p');
    what.append(el('strong', f.severity, `${f.line}: ${t(f.severity)} `), f.rule + ' · ');
    put(what, f.message);
    if (paragraph !== last) detail.append(marked(f));
    last = paragraph;
    detail.append(what);
  }
  if (focus) detail.focus();
}
function filterDocuments() {
  const words = $('document-search').value.trim().toLowerCase();
  const list = data.worst.filter((i) => !words || data.files.name[i].toLowerCase().includes(words));
  documentList.set(list);
  $('document-count').textContent = t('files', count(list.length), count(data.documents));
}
function startDocuments() {
  const f = data.files;
  findingsOf = new Map();
  data.findings.file.forEach((file, i) => {
    const list = findingsOf.get(file);
    if (list) list.push(i); else findingsOf.set(file, [i]);
  });
  const damages = (i) => f.errors[i] + f.warnings[i] > 0;
  data.worst = f.name.map((_, i) => i).sort((a, b) => damages(b) - damages(a) || f.score[a] - f.score[b] || a - b);
  documentList = new VirtualList($('document-list'), 'documentList', fillDocument, openDocument);
  $('document-search').addEventListener('input', filterDocuments);
  $('document-detail').addEventListener('keydown', (event) => { if (event.key === 'Escape') $('document-list').focus(); });
  $('worst').classList.add('screen');
  $('worst').hidden = true;
  addEventListener('beforeprint', () => { $('worst').hidden = false; $('worst').classList.remove('screen'); });
  addEventListener('afterprint', () => { $('worst').hidden = true; });
  filterDocuments();
}
