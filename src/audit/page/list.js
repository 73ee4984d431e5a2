// A list of which only the rows in view are in the page, however many there are. A listbox for
// assistive technology.
class VirtualList {
  constructor(root, label, fill, open) {
    Object.assign(this, { root, label, fill, open, items: [], selected: 0, rows: new Map() });
    this.tall = el('div', 'tall');
    root.append(this.tall);
    root.tabIndex = 0;
    root.setAttribute('role', 'listbox');
    root.addEventListener('scroll', () => requestAnimationFrame(() => this.draw()));
    root.addEventListener('keydown', (event) => this.key(event));
    root.addEventListener('click', (event) => {
      const row = event.target.closest('.row');
      if (row) { this.select(Number(row.dataset.at)); this.open(this.items[this.selected], false); }
    });
    new ResizeObserver(() => this.draw()).observe(root);
  }
  set(items) {
    this.items = items;
    this.selected = 0;
    this.root.scrollTop = 0;
    this.redraw();
  }
  redraw() {
    this.root.setAttribute('aria-label', t(this.label));
    for (const row of this.rows.values()) row.remove();
    this.rows.clear();
    this.draw();
  }
  get height() {
    if (!this.rowHeight) {
      const probe = el('div', 'row');
      this.tall.append(probe);
      this.rowHeight = probe.getBoundingClientRect().height || 54;
      probe.remove();
    }
    return this.rowHeight;
  }
  draw() {
    const height = this.height;
    this.tall.style.height = this.items.length * height + 'px';
    const from = Math.max(0, Math.floor(this.root.scrollTop / height) - 4);
    const to = Math.min(this.items.length, from + Math.ceil((this.root.clientHeight || 480) / height) + 8);
    for (const [at, row] of this.rows) if (at < from || at >= to) { row.remove(); this.rows.delete(at); }
    for (let at = from; at < to; at++) if (!this.rows.has(at)) this.rows.set(at, this.row(at));
    for (const [at, row] of this.rows) row.setAttribute('aria-selected', String(at === this.selected));
    const active = this.rows.get(this.selected);
    if (active) this.root.setAttribute('aria-activedescendant', active.id);
    else this.root.removeAttribute('aria-activedescendant');
  }
  row(at) {
    const row = el('div', 'row');
    row.id = `${this.root.id}-${at}`;
    row.dataset.at = at;
    row.setAttribute('role', 'option');
    row.setAttribute('aria-setsize', this.items.length);
    row.setAttribute('aria-posinset', at + 1);
    row.style.top = at * this.height + 'px';
    this.tall.append(row);
    this.fill(row, this.items[at]);
    return row;
  }
  select(at) {
    if (!this.items.length) return;
    this.selected = Math.min(Math.max(at, 0), this.items.length - 1);
    const top = this.selected * this.height;
    if (top < this.root.scrollTop) this.root.scrollTop = top;
    const bottom = top + this.height - this.root.clientHeight;
    if (bottom > this.root.scrollTop) this.root.scrollTop = bottom;
    this.draw();
  }
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(this.root.clientHeight / this.height) - 1);
    const steps = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key in steps) {
      this.select(this.selected + steps[event.key]);
    } else if (event.key === 'Enter' && this.items.length) {
      this.open(this.items[this.selected], true);
    } else return;
    event.preventDefault();
  }
}
