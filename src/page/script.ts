/**
 * The page's script: sorts a table when a heading is clicked, filters the workloads according to the URL, and keeps the
 * filter in the URL, so that links show others the same. The page is complete without it.
 */
export const script = `
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const form = document.querySelector('.filters');
const workloads = all('.workload').map((element) => ({ element, text: element.textContent.toLowerCase(),
  namespace: element.dataset.namespace, rules: element.dataset.rules.split(' '), outcomes: element.dataset.outcomes.split(' '),
  folder: element.closest('.group').dataset.group }));
const opened = new Map(all('.group').map((group) => [group, group.open]));

function apply() {
  const wanted = Object.fromEntries(new FormData(form));
  const words = wanted.q.toLowerCase().split(/\\s+/).filter(Boolean);
  const isFiltered = Object.values(wanted).some(Boolean);
  let count = 0;
  for (const workload of workloads) {
    const fits = words.every((word) => workload.text.includes(word))
      && (!wanted.rule || workload.rules.includes(wanted.rule))
      && (!wanted.namespace || workload.namespace === wanted.namespace)
      && (!wanted.folder || workload.folder === wanted.folder)
      && (!wanted.outcome || workload.outcomes.includes(wanted.outcome));
    workload.element.hidden = !fits;
    if (fits) count++;
  }
  for (const [group, wasOpen] of opened) {
    group.hidden = all('.workload', group).every((element) => element.hidden);
    group.open = isFiltered || wasOpen;
  }
  document.querySelector('.none-left').hidden = count > 0;
  form.querySelector('output').textContent = count + (count === 1 ? ' workload' : ' workloads');
}

function toAddress() {
  const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ''));
  history.replaceState(null, '', '#' + query);
  apply();
}

function fromAddress() {
  const query = new URLSearchParams(location.hash.slice(1));
  for (const field of form.elements) if (field.name) field.value = query.get(field.name) ?? '';
  apply();
}

if (form) {
  form.addEventListener('input', toAddress);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', () => setTimeout(toAddress));
  addEventListener('hashchange', () => { fromAddress(); document.querySelector('#workloads').scrollIntoView(); });
  addEventListener('keydown', (event) => {
    const isTyping = /^(?:INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName ?? '');
    if (event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey) { event.preventDefault(); form.elements.q.focus(); }
    if (event.key === 'Escape' && isTyping) form.reset();
  });
  fromAddress();
}

for (const button of all('.sortable thead button')) button.addEventListener('click', () => {
  const heading = button.parentElement;
  const body = heading.closest('table').tBodies[0];
  const isNumber = !heading.classList.contains('text');
  const first = isNumber ? 'descending' : 'ascending';
  const order = heading.ariaSort === first ? (isNumber ? 'ascending' : 'descending') : first;
  for (const other of heading.parentElement.cells) if (other.ariaSort) other.ariaSort = 'none';
  heading.ariaSort = order;
  const key = (row) => row.cells[heading.cellIndex].dataset.value ?? row.cells[heading.cellIndex].textContent;
  const sign = order === 'ascending' ? 1 : -1;
  body.append(...[...body.rows].sort((a, b) => sign * key(a).localeCompare(key(b), 'en', { numeric: true })));
});

for (const button of all('.all-rules')) button.addEventListener('click', () => {
  for (const row of all('.further')) row.classList.remove('further');
  button.remove();
});

if (navigator.clipboard) for (const pre of all('pre.copy')) {
  const button = Object.assign(document.createElement('button'), { type: 'button', className: 'plain', textContent: 'Copy' });
  const frame = Object.assign(document.createElement('div'), { className: 'copied' });
  button.addEventListener('click', async () => { await navigator.clipboard.writeText(pre.textContent); button.textContent = 'Copied'; });
  pre.replaceWith(frame);
  frame.append(pre, button);
}
`;
