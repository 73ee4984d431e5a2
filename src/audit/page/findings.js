// The list of findings: filter, search, order, and one of them opened.
let findingList;
function order(list, how) {
  const c = data.findings;
  const certain = (i) => c.severity[i] * 1000 + c.probability[i];
  if (how === 'certainty') list.sort((a, b) => certain(b) - certain(a) || a - b);
  if (how === 'rule') list.sort((a, b) => c.rule[a] - c.rule[b] || a - b);
  return list;
}
function filterFindings() {
  const c = data.findings;
  const least = { all: 0, damages: 1, error: 2 }[$('severity').value];
  const rule = $('rule').value === '' ? -1 : Number($('rule').value);
  const source = $('source').value === '' ? -1 : Number($('source').value);
  const words = $('search').value.trim().toLowerCase();
  const has = (text) => text !== null && text.toLowerCase().includes(words);
  const hits = words && data.messages.map(has);
  const names = words && data.files.name.map(has);
  const list = [];
  for (let i = 0; i < c.file.length; i++) {
    if (c.severity[i] < least || (rule >= 0 && c.rule[i] !== rule)) continue;
    if (source >= 0 && data.files.source[c.file[i]] !== source) continue;
    if (words && !(hits[c.message[i]] || names[c.file[i]] || has(c.text[i]) || has(c.before[i] + c.text[i] + c.after[i]))) continue;
    list.push(i);
  }
  findingList.set(order(list, $('order').value));
  $('count').textContent = list.length ? t('found', count(list.length), count(c.file.length)) : t('empty');
  $('detail').replaceChildren();
}
function fillFinding(row, i) {
  const f = finding(i);
  const top = el('div', 'top');
  // a shape beside the word, so that colour is not all there is
  top.append(el('span', f.severity, { error: '■ ', warning: '▲ ', info: '○ ' }[f.severity] + t(f.severity)), el('span', '', f.rule));
  top.append(el('span', 'prob', Math.round(f.probability * 100) + ' %'));
  const verdict = verdictOf(f.fingerprint);
  if (verdict) top.append(el('strong', '', t(verdict)));
  top.append(put(el('span', 'where'), `${data.files.name[f.file]}:${f.line}`));
  const line = chinese(el('div', 'line'));
  put(line, oneLine(f.before.slice(-16)));
  line.append(put(el('mark'), oneLine(f.text) || '‸'));
  put(line, oneLine(f.after));
  row.append(top, line);
}
function marked(f) {
  const text = chinese(el('p', 'text'));
  put(text, f.before);
  text.append(put(el('mark'), f.text || '‸'));
  return put(text, f.after);
}
function describe(detail, f) {
  const head = el('p');
  head.append(el('strong', f.severity, t(f.severity)), ` ${f.rule} · ${Math.round(f.probability * 100)} % · `);
  put(head, `${data.files.name[f.file]}:${f.line}:${f.column}`);
  detail.append(head, marked(f), put(el('p'), f.message));
  if (f.replacement !== null && f.replacement !== undefined) {
    const diff = chinese(el('p', 'text'));
    put(diff, f.before.slice(-20));
    if (f.text) diff.append(put(el('del'), f.text));
    if (f.replacement) diff.append(put(el('ins'), f.replacement));
    detail.append(put(diff, f.after.slice(0, 20)));
  }
  if (f.other) detail.append(put(el('p'), t('other', f.other)));
}
function openFinding(i, focus) {
  const f = finding(i);
  const detail = $('detail');
  detail.replaceChildren();
  describe(detail, f);
  detail.append(verdictButtons(f, () => { findingList.redraw(); openFinding(i, false); }));
  if (focus) detail.focus();
}
function judgeSelected(verdict) {
  const i = findingList.items[findingList.selected];
  if (i === undefined) return;
  judge(finding(i), verdict);
  findingList.redraw();
  findingList.select(findingList.selected + 1);
}
function option(select, value, text) {
  const node = el('option', '', text);
  node.value = value;
  select.append(node);
}
function labelFindings() {
  const keep = ['severity', 'rule', 'source', 'order'].map((id) => [$(id), $(id).value]);
  keep.forEach(([select]) => select.replaceChildren());
  option($('severity'), 'damages', t('damages'));
  option($('severity'), 'error', t('error'));
  option($('severity'), 'all', t('all'));
  option($('rule'), '', t('all'));
  data.rules.forEach((name, i) => option($('rule'), i, name));
  option($('source'), '', t('all'));
  data.sources.forEach((name, i) => option($('source'), i, put(el('i'), name).textContent));
  option($('order'), 'certainty', t('byCertainty'));
  option($('order'), 'place', t('byPlace'));
  option($('order'), 'rule', t('byRule'));
  keep.forEach(([select, value]) => { if (value) select.value = value; });
  const [shown, total] = [data.findings.file.length, data.total];
  $('shown').textContent = shown < total ? t('shownSome', count(shown), count(total)) : t('shownAll', count(total));
}
function startFindings() {
  findingList = new VirtualList($('list'), 'findingList', fillFinding, openFinding);
  labelFindings();
  for (const id of ['severity', 'rule', 'source', 'order']) $(id).addEventListener('change', filterFindings);
  let wait;
  $('search').addEventListener('input', () => { clearTimeout(wait); wait = setTimeout(filterFindings, 120); });
  const verdicts = { y: 'right', n: 'wrong', '?': 'unsure', u: 'unsure' };
  $('list').addEventListener('keydown', (event) => {
    if (event.key in verdicts && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); judgeSelected(verdicts[event.key]); }
  });
  $('detail').addEventListener('keydown', (event) => { if (event.key === 'Escape') $('list').focus(); });
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !['j', 'k', '/'].includes(event.key)) return;
    if (event.target.closest('input, select, textarea')) return;
    event.preventDefault();
    (event.key === '/' ? $('search') : $('list')).focus();
  });
  filterFindings();
}
