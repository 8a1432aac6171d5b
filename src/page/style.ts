/** The style of the page: light and dark, from 375 pixels wide to paper. A test checks the contrast. */
export const style = `
:root { color-scheme: light dark;
  --page: light-dark(#fff, #16181d); --card: light-dark(#f6f7f9, #1f2229); --text: light-dark(#1b1f27, #e6e8ec);
  --faint: light-dark(#5b6270, #a3aab8); --line: light-dark(#d9dce3, #3a3f4b); --link: light-dark(#1f4fbf, #8fb4ff);
  --bad: light-dark(#b3161c, #ff9d94); --stop: light-dark(#8a2be2, #d5a6ff); --careful: light-dark(#8a5200, #f0bd60);
  --fixed: light-dark(#1a56b8, #8db8ff); --exempt: light-dark(#5b6270, #a3aab8); --good: light-dark(#14692b, #7fd493);
  --fill-bad: #d6363c; --fill-stop: #9b51e0; --fill-careful: #e3a008; --fill-fixed: #3f83f8; --fill-exempt: #8b93a3;
  --fill-faint: light-dark(#d9dce3, #3a3f4b); --fill-good: #31a354; }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); max-width: 76rem; margin: 0 auto;
  padding: 1.5rem 1rem 4rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; } h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; }
h3 { font-size: 1rem; display: inline; margin: 0; } a { color: var(--link); } p { margin: .4rem 0; }
.views { display: flex; flex-wrap: wrap; gap: .2rem 1.4rem; margin-bottom: 1rem; } dl, dd, ul { margin: 0; padding: 0; } li { list-style: none; } code, pre { font: 13px/1.45 ui-monospace, monospace; }
.bad { color: var(--bad); } .stop { color: var(--stop); } .careful { color: var(--careful); } .fixed { color: var(--fixed); }
.exempt, .faint { color: var(--faint); } .good { color: var(--good); }
.fill-bad { background: var(--fill-bad); } .fill-stop { background: var(--fill-stop); }
.fill-careful { background: var(--fill-careful); } .fill-fixed { background: var(--fill-fixed); }
.fill-exempt { background: var(--fill-exempt); } .fill-faint { background: var(--fill-faint); } .fill-good { background: var(--fill-good); }
.facts { display: flex; flex-wrap: wrap; gap: .2rem 1.4rem; margin: .4rem 0 .8rem; }
.facts div, .legend div { display: flex; gap: .4rem; } dt { color: var(--faint); } .legend dd { color: var(--faint); }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.4rem; margin-bottom: .6rem; font-size: .85rem; } .legend dt { color: var(--text); white-space: nowrap; }
.swatch { display: inline-block; width: .7rem; height: .7rem; border-radius: .15rem; margin-right: .35rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .8rem; margin: 1.2rem 0; }
.tile { display: block; height: 100%; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1rem;
  color: inherit; text-decoration: none; } a.tile:hover { border-color: var(--link); }
.tile strong { font-size: 2rem; line-height: 1.1; font-variant-numeric: tabular-nums; } .tile .of { color: var(--faint); }
.tile .label { display: block; }
.scroll { overflow-x: auto; position: relative; } table { border-collapse: collapse; width: 100%; }
th, td { padding: .3rem .6rem; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top; font-weight: 400;
  font-variant-numeric: tabular-nums; }
thead th { white-space: nowrap; color: var(--faint); background: var(--page); }
th.text, td.text { text-align: left; } th.bar, td.bar { text-align: left; width: 30%; min-width: 6rem; } tbody th { font-weight: 600; }
.rules th p { font-weight: 400; font-size: .85rem; margin: 0; } .more { font-weight: 400; font-size: .85rem; }
.stack { display: flex; height: .8rem; margin-top: .35rem; background: var(--card); border-radius: .2rem; overflow: hidden; }
thead button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; }
thead button::after { content: " ↕"; } [aria-sort=ascending] button::after { content: " ↑"; } [aria-sort=descending] button::after { content: " ↓"; }
.further { display: none; } .plain, .filters input, .filters select { font: inherit; color: inherit; background: var(--page);
  border: 1px solid var(--line); border-radius: .4rem; padding: .3rem .6rem; max-width: 100%; } .plain { cursor: pointer; }
.filters { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; padding: .6rem 0;
  background: var(--page); border-bottom: 1px solid var(--line); } .filters .grow { flex: 1 1 12rem; } .filters input { width: 100%; }
.filters select { max-width: 12rem; } .filters output { color: var(--faint); }
summary { cursor: pointer; padding: .35rem 0; } .group { border-bottom: 1px solid var(--line); } .group > summary { padding: .6rem 0; }
.workload { margin: 0 0 0 1.2rem; border-top: 1px solid var(--line); } .workload > ul { margin: .2rem 0 .6rem 1.2rem; }
.title { font-weight: 600; } .workload li { padding: .15rem 0; } .ids { font-size: .85rem; }
.badge { display: inline-block; border: 1px solid currentColor; border-radius: .3rem; padding: 0 .4rem; font-size: .8rem; white-space: nowrap; }
pre { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: .4rem; padding: .6rem; margin: .4rem 0 .8rem; }
.diff { margin-left: 1.2rem; } .diff span { display: block; } .diff .added { color: var(--good); } .diff .removed { color: var(--bad); }
.diff .file { font-weight: 600; } .diff .place { color: var(--faint); } .copied { position: relative; } .copied .plain { position: absolute; right: .4rem; top: .4rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; } [hidden] { display: none !important; }
@media (max-width: 46rem) { .wide { display: none; } .workload, .diff, .workload > ul { margin-left: .4rem; } .filters { position: static; } .filters select { max-width: 100%; } }
@media print { :root { color-scheme: light; } .views { display: none; } body { max-width: none; font-size: 9pt; padding: 0; } .filters, .all-rules, .copied .plain, .more { display: none; }
  thead button::after { content: "" !important; } h2 { margin-top: 1rem; } .group > summary, summary { padding: .1rem 0; } th, td { padding: .1rem .5rem; }
  tr, .workload, li { break-inside: avoid; } pre { white-space: pre-wrap; } .scroll { overflow: visible; }
  .stack, .swatch { print-color-adjust: exact; } a { color: inherit; text-decoration: none; } .tile strong { font-size: 1.3rem; } .tile { padding: .3rem .6rem; } }
`;
