// Text of files as it may be shown: what is not seen, or turns the direction of writing, stands in
// a box by its code point.
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
function put(parent, text) {
  let from = 0;
  for (const hit of text.matchAll(HIDDEN)) {
    parent.append(text.slice(from, hit.index));
    const box = el('span', 'box', 'U+' + hit[0].codePointAt(0).toString(16).toUpperCase().padStart(4, '0'));
    parent.append(box);
    from = hit.index + hit[0].length;
  }
  parent.append(text.slice(from));
  return parent;
}
function el(name, className, text) {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}
const $ = (id) => document.getElementById(id);
function oneLine(text) {
  return text.replace(/\n/g, '⏎');
}
function chinese(node) {
  node.lang = 'zh-Hans';
  return node;
}
function button(text, action) {
  const node = el('button', '', text);
  node.type = 'button';
  node.addEventListener('click', action);
  return node;
}
