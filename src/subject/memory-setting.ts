import type { Pointer } from '../patch/pointer.ts';
import type { ContainerView } from './container-view.ts';
import { parseQuantity, type Quantity } from './quantity.ts';

/** An amount of memory that a container's command or environment gives to a runtime. */
export interface MemorySetting {
  readonly path: Pointer;
  /** As written: `-Xmx4g`, `--max-old-space-size=4096` or `GOMEMLIMIT=4GiB`. */
  readonly text: string;
  /** Undefined if the runtime rejects it. */
  readonly amount: Quantity | undefined;
  /** Whether it may be as large as all memory of the container, because nothing comes on top of it. */
  readonly isTotal: boolean;
}

/** Variables whose options are for a JVM in this container, rather than for one that its program starts elsewhere. */
const jvmVariable = /JAVA|JVM|JDK|HEAP|CATALINA|MAVEN|GRADLE|SBT/;
const jvmElsewhere = /CHILD|EXECUTOR|DRIVER|WORKER|TASK|AGENT|JOB/;

/** The heaps of the JVM and Node.js in the command, and those and the limit of Go in the environment, that take effect. */
export function memorySettingsOf({ spec, at }: ContainerView): MemorySetting[] {
  const words = (['command', 'args'] as const).flatMap((field) =>
    (spec[field] ?? []).map((word, index) => ({ word, path: at(field, index) })),
  );
  const jar = words.findIndex(({ word }) => word === '-jar');
  // the program gets the words after its jar, not the JVM
  const options = words
    .slice(0, jar === -1 ? undefined : jar + 2)
    .map(({ word, path }) => ({ word: ofJvm(word), path }));
  const variables = (spec.env ?? []).flatMap(({ name, value }, index) => {
    const settings = value === undefined ? [] : settingsIn(name, value, at('env', index, 'value'));
    return settings.length === 0 ? [] : [{ name, settings }];
  });
  const isRead = variables.length === 0 ? none : readerOf(options.map(({ word }) => word).join(' '));
  return [
    ...options.flatMap(({ word, path }) => heapsIn(word, path, [jvmHeap, nodeHeap])),
    ...variables.flatMap(({ name, settings }) => (isRead(name) ? settings : [])),
  ];
}

const none = (): boolean => false;

/** The text without the arguments that a script gives to the programs in jars. */
const ofJvm = (word: string): string =>
  !word.includes('-jar') ? word : word.replaceAll(/((?:^|\s)-jar\s+[^\s;&|]+)[^;&|\n]*/g, '$1');

/** Variables that the JVM and Node.js read themselves, before the command line, which wins. */
const ownVariables = new Set(['JAVA_TOOL_OPTIONS', 'JDK_JAVA_OPTIONS', 'NODE_OPTIONS']);

/**
 * Tells whether the options in a variable take effect beside a command line. Where that starts the JVM, other variables
 * than its own have no effect unless the line contains them, and later options win, wherever they are from.
 */
function readerOf(line: string): (name: string) => boolean {
  const mentions = new Map(Array.from(line.matchAll(/\w+/g), (match) => [match[0], match.index] as const));
  const lastOf = ({ pattern }: HeapOption): number => [...line.matchAll(pattern)].at(-1)?.index ?? -1;
  const [jvm, node] = [lastOf(jvmHeap), lastOf(nodeHeap)];
  const startsJvm = /(?:^|[\s/])java\s/.test(line);
  return (name) => {
    if (name === '_JAVA_OPTIONS' || name === 'GOMEMLIMIT') return true;
    const mention = mentions.get(name) ?? -1;
    if (mention < (name === 'NODE_OPTIONS' ? node : jvm)) return false;
    return mention !== -1 || ownVariables.has(name) || !startsJvm;
  };
}

function settingsIn(name: string, value: string, path: Pointer): MemorySetting[] {
  if (name === 'GOMEMLIMIT') return goLimit(value, path);
  if (name === 'NODE_OPTIONS') return heapsIn(value, path, [nodeHeap]);
  return jvmVariable.test(name) && !jvmElsewhere.test(name) ? heapsIn(value, path, [jvmHeap]) : [];
}

/** An option in a text, with its number and its unit. */
interface HeapOption {
  readonly pattern: RegExp;
  readonly defaultUnit: string;
}

const jvmHeap: HeapOption = {
  pattern: /(?<![^\s"'])(?:-Xmx|-XX:MaxHeapSize=)(?<number>\d{1,13})(?<unit>[kmgt]?)(?![^\s"'])/gi,
  defaultUnit: '',
};
const nodeHeap: HeapOption = {
  pattern: /(?<![^\s"'])--max[-_]old[-_]space[-_]size[= ](?<number>\d{1,9})(?<unit>)(?![^\s"'])/g,
  defaultUnit: 'm',
};

/** The last of repeated options, which counts. */
function heapsIn(text: string, path: Pointer, options: readonly HeapOption[]): MemorySetting[] {
  if (!text.includes('-')) return [];
  return options.flatMap(({ pattern, defaultUnit }) => {
    const match = [...text.matchAll(pattern)].at(-1);
    const { number = '', unit = '' } = match?.groups ?? {};
    return match === undefined
      ? []
      : [{ path, text: match[0], amount: inBytes(number, unit || defaultUnit), isTotal: false }];
  });
}

const inBytes = (number: string, unit: string): Quantity | undefined =>
  parseQuantity(unit === '' ? number : `${number}${unit.toUpperCase()}i`);

/** `runtime/debug.SetMemoryLimit`: a program with any other text does not start. */
function goLimit(value: string, path: Pointer): MemorySetting[] {
  if (value === '' || value === 'off' || value.includes('$(')) return [];
  const [, number = '', unit = ''] = /^(\d{1,19})(?:([KMGT])iB|B)?$/.exec(value) ?? [];
  return [
    { path, text: `GOMEMLIMIT=${value}`, amount: number === '' ? undefined : inBytes(number, unit), isTotal: true },
  ];
}
