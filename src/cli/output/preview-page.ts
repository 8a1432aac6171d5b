import { type Html, html } from './html.ts';

const style = `
:root { color-scheme: light dark; --line: light-dark(#ccc, #444); --faint: light-dark(#666, #999);
  --good: light-dark(#176b2c, #7fd493); --bad: light-dark(#b3261e, #ff9b91); }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { padding: .2rem .8rem; border-bottom: 1px solid var(--line); text-align: right; font-variant-numeric: tabular-nums; }
th:first-child, td:first-child, td.text { text-align: left; }
th button { font: inherit; border: 0; padding: 0; background: none; color: inherit; cursor: pointer; }
th button::after { content: " ↕"; color: var(--faint); }
details { border-bottom: 1px solid var(--line); padding: .4rem 0; }
summary { cursor: pointer; }
pre { overflow-x: auto; border: 1px solid var(--line); padding: .6rem; font-size: 13px; }
.good { color: var(--good); } .bad { color: var(--bad); } .faint { color: var(--faint); }
@media print { body { max-width: none; margin: 0; } th button::after { content: ""; } pre { white-space: pre-wrap; }
  tr, details > table { break-inside: avoid; } }
`;

/** Sorts by a column at a click on its heading, and unfolds everything for the printer. */
const script = `
document.querySelectorAll('th button').forEach((button) => button.addEventListener('click', () => {
  const column = button.parentElement.cellIndex;
  const body = button.closest('table').tBodies[0];
  const key = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent;
  const down = button.dataset.down = button.dataset.down === '1' ? '0' : '1';
  const order = (a, b) => key(a).localeCompare(key(b), 'en', { numeric: true }) * (down === '1' ? -1 : 1);
  body.append(...[...body.rows].sort(order));
}));
addEventListener('beforeprint', () => document.querySelectorAll('details').forEach((details) => { details.open = true; }));
`;

/** A page that needs nothing else: style and script are in it, and it may load nothing. */
export function pageOf(title: string, body: Html): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${title}</title>
<style>${{ markup: style }}</style>
</head>
<body>
${body}
<script>${{ markup: script }}</script>
</body>
</html>
`;
  return page.markup;
}
