import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** The layers that each layer may import, from the table of ARCHITECTURE.md. */
const layers = new Map(
  [...readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8').matchAll(/^\| `(\w+)` \|[^|]+\|([^|]+)\|/gm)].map(
    ([, name = '', allowed = '']) => [name, [...allowed.matchAll(/`(\w+)`/g)].map(([, other = '']) => other)] as const,
  ),
);

/** Packages that a layer may load; types of any package are free. */
const packages: Readonly<Record<string, readonly string[]>> = {
  yaml: ['js-yaml', 'yaml'],
  manifests: ['ignore', 'yaml'],
  policy: ['ajv'],
  cluster: ['@kubernetes/client-node', 'undici'],
  server: ['fastify', 'pino', 'prom-client', '@peculiar/x509', 'reflect-metadata'],
  cli: ['commander', 'diff'],
};

/** Layers and files that do no I/O and know neither time, environment nor promises. */
const pure = [
  'patch/',
  'subject/',
  'engine/',
  'rules/',
  'admission/',
  'audit/',
  'fix/',
  'page/',
  'status/',
  'cluster/certificate/certificate-plan.ts',
  'manifests/kubernetes-object.ts',
  'manifests/pod-template.ts',
];

interface SourceFile {
  /** Relative to `src`, such as `engine/round.ts`. */
  readonly path: string;
  /** The folder below `src`; empty for `index.ts` and `main.ts`. */
  readonly layer: string;
  readonly text: string;
}

interface Import {
  readonly from: string;
  readonly kind: 'type' | 'static' | 'dynamic';
}

/** Files that every layer may import. */
const free = new Set(['time-units.ts', 'version.ts']);

const generated = new Set([
  'policy/add-on-exemptions.ts',
  'policy/built-in-validator.ts',
  'rules/index.ts',
  'subject/pod-fields.ts',
]);
const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .toSorted()
  .map((path): SourceFile => {
    const layer = path.includes('/') ? path.slice(0, path.indexOf('/')) : '';
    return { path, layer, text: readFileSync(join(root, 'src', path), 'utf8') };
  });

describe('layers', () => {
  test('the folders of src are the layers', () => {
    const folders = new Set(files.map(({ layer }) => layer).filter((layer) => layer !== ''));
    expect([...layers.keys()].toSorted()).toEqual([...folders].toSorted());
  });

  test('import only what they may', () => {
    expect(files.flatMap(forbiddenImports)).toEqual([]);
  });

  test('are without cycles: none may import one that may import it', () => {
    const mutual = [...layers].flatMap(([name, allowed]) =>
      allowed.filter((other) => layers.get(other)?.includes(name)).map((other) => `${name} ⇄ ${other}`),
    );
    expect(mutual).toEqual([]);
  });

  test('a folder within a layer that has an index.ts is entered through it alone', () => {
    const fronts = new Set(files.map(({ path }) => path).filter((path) => /^\w+\/.+\/index\.ts$/.test(path)));
    expect(fronts.size).toBeGreaterThan(0);
    const around = files.flatMap(({ path, text }) =>
      importsOf(text).flatMap(({ from }) => {
        const target = join(path, '..', from);
        const folder = dirname(target);
        const hasFront = from.startsWith('.') && fronts.has(`${folder}/index.ts`);
        const isFine = path.startsWith(`${folder}/`) || basename(target) === 'index.ts';
        return hasFront && !isFine ? [`${path}: ${from}`] : [];
      }),
    );
    expect(around).toEqual([]);
  });

  test('files have no import cycles, not even for types', () => {
    expect(files.flatMap(circleThrough)).toEqual([]);
  });

  test('rules do not import each other, and what they share does not import them', () => {
    const importsRule = ({ path, text }: SourceFile): boolean =>
      importsOf(text).some(({ from }) => /^rules\/[^/]+\.ts$/.test(join(path, '..', from)));
    const rules = files.filter(({ layer, path }) => layer === 'rules' && !generated.has(path));
    expect(rules.filter(importsRule).map(({ path }) => path)).toEqual([]);
  });

  test('only cluster loads the client, and is itself loaded only when it is needed', () => {
    const eager = files.filter(
      ({ layer, text }) =>
        layer !== 'cluster' &&
        importsOf(text).some(({ from, kind }) => kind === 'static' && /^(?:\.\.?\/)+cluster\//.test(from)),
    );
    expect(eager.map(({ path }) => path)).toEqual([]);
  });
});

test('pure files do no I/O and know neither time, environment nor promises', () => {
  const impure =
    /\b(?:async|await|Promise|process|Date|console|fetch|performance|setTimeout|setInterval|setImmediate|queueMicrotask|globalThis|Math\.random)\b/;
  const found = files.filter(isPure).flatMap(({ path, text }) => {
    const [word] = impure.exec(codeOf(text)) ?? [];
    const nodeModule = importsOf(text).find(({ from }) => from.startsWith('node:'))?.from;
    return [word, nodeModule].filter((name) => name !== undefined).map((name) => `${path}: ${name}`);
  });
  expect(found).toEqual([]);
});

test('tests that start Node.js are not among the unit tests', () => {
  const config = readFileSync(join(root, 'vitest.config.ts'), 'utf8');
  const inProjectsOfTheirOwn = /^(?:apiserver|browser|chart|e2e|package|prometheus)\//;
  const starting = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts') && !inProjectsOfTheirOwn.test(path))
    .filter((path) => {
      const text = readFileSync(join(import.meta.dirname, path), 'utf8');
      return /^import .*'node:child_process'|serve-process\.ts'/m.test(text) && /\bexecPath\b|serve-process/.test(text);
    })
    .map((path) => path.replace(/\.test\.ts$/, ''));
  expect(starting.length).toBeGreaterThan(5);
  expect(starting.filter((name) => !config.includes(`'${name}'`))).toEqual([]);
});

test('files are small', () => {
  const lengths = files
    .filter(({ path }) => !generated.has(path))
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }));
  const sorted = lengths.map(({ lines }) => lines).toSorted((a, b) => a - b);
  expect(lengths.filter(({ lines }) => lines > 250)).toEqual([]);
  expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(100);
});

test('exported names are unique', () => {
  const exported = files.flatMap(({ path, text }) =>
    [...text.matchAll(/^export (?:async )?(?:type|interface|const|function\*?|class) (\w+)/gm)].map(
      ([, name = '']) => ({
        name,
        path,
      }),
    ),
  );
  const namesakes = [...Map.groupBy(exported, ({ name }) => name)].filter(([, places]) => places.length > 1);
  expect(exported.length).toBeGreaterThan(files.length);
  expect(namesakes.map(([name, places]) => `${name}: ${places.map(({ path }) => path).join(', ')}`)).toEqual([]);
});

test('files are named after what they hold', () => {
  const empty = /\b(?:utils?|helpers?|common|misc|managers?|handlers?)\b/;
  expect(files.map(({ path }) => path).filter((path) => empty.test(path))).toEqual([]);
  expect(files.map(({ path }) => path).filter((path) => !/^[a-z\d/-]+\.ts$/.test(path))).toEqual([]);
});

/** The shortest way from a file back to itself. */
function circleThrough({ path }: SourceFile): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const ways: string[][] = [[path]];
  const seen = new Set<string>();
  for (const way of ways)
    for (const { from } of importsOf(byPath.get(way.at(-1) ?? '')?.text ?? '')) {
      const target = join(way.at(-1) ?? '', '..', from);
      if (target === path) return [[...way, path].join(' → ')];
      if (from.startsWith('.') && !seen.has(target)) ways.push([...way, target]);
      seen.add(target);
    }
  return [];
}

const isPure = ({ path }: SourceFile): boolean => pure.some((place) => path.startsWith(place));

function forbiddenImports({ layer, path, text }: SourceFile): string[] {
  if (layer === '') return [];
  return importsOf(text)
    .filter(({ from, kind }) => {
      if (from.startsWith('node:')) return false;
      if (!from.startsWith('.')) return kind !== 'type' && !packages[layer]?.includes(packageOf(from));
      const [target = ''] = join(path, '..', from).split('/');
      return target !== layer && kind !== 'type' && !free.has(target) && !layers.get(layer)?.includes(target);
    })
    .map(({ from }) => `${path}: ${from}`);
}

/** Static imports and re-exports, and `import()` of a literal. */
function importsOf(text: string): Import[] {
  const statements = text.matchAll(/^(?:import|export)\s+(type\s)?(?:[^;'"]*?\sfrom\s+)?'([^']+)'/gm);
  const calls = text.matchAll(/\bimport\('([^']+)'\)/g);
  return [
    ...[...statements].map(([, type, from = '']): Import => ({ from, kind: type === undefined ? 'static' : 'type' })),
    ...[...calls].map(([, from = '']): Import => ({ from, kind: 'dynamic' })),
  ];
}

/** The text without comments and without what is in quotes; what is interpolated stays. */
function codeOf(text: string): string {
  const quoted = /\/\*[\s\S]*?\*\/|\/\/.*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;
  return text.replaceAll(quoted, (match) => [...match.matchAll(/\$\{([^}]*)\}/g)].map(([, code]) => code).join(' '));
}

function packageOf(from: string): string {
  return from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/');
}
