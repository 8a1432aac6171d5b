import { join } from 'node:path';
import { argv, exit } from 'node:process';
import { chartArgument } from './add-ons/chart-argument.ts';
import { reviewAddOns } from './add-ons/review.ts';

const usage = `usage: npm run add-ons -- NAMESPACE/RELEASE=DIRECTORY[,VALUES]...

Renders charts of add-ons that are on this machine, and lists what examples/policies/add-ons.yaml does not exempt in
them and what it exempts without need. Give every variant that an exemption is for, such as a chart with other values.`;

const charts = argv.slice(2).map(chartArgument);
const wrong = argv.slice(2).filter((_, index) => charts[index] === undefined);
if (charts.length === 0 || wrong.length > 0) {
  console.error([...wrong.map((text) => `not a chart: ${text}`), usage].join('\n'));
  exit(2);
}
const { lines, problems } = await reviewAddOns(
  charts.filter((chart) => chart !== undefined),
  join(import.meta.dirname, '../examples/policies/add-ons.yaml'),
);
console.log(lines.join('\n'));
for (const problem of problems) console.error(problem);
exit(problems.length === 0 ? 0 : 2);
