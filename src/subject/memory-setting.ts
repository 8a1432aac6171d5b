import type { Pointer } from '../patch/pointer.ts';
import type { ContainerView } from './container-view.ts';
import { parseQuantity, type Quantity } from './quantity.ts';
import { remembered } from './remembered.ts';

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

/** Whether a variable is for a JVM in this container, rather than for one that its program starts elsewhere. */
const isForJvm = remembered(
  (name) =>
    /JAVA|JVM|JDK|HEAP|CATALINA|MAVEN|GRADLE|SBT/.test(name) &&
    !/CHILD|EXECUTOR|DRIVER|WORKER|TASK|AGENT|JOB/.test(name),
);

/** The heaps of the JVM and Node.js in the command, and those and the limit of Go in the environment, that take effect. */
export function memorySettingsOf({ spec, at }: ContainerView): MemorySetting[] {
  const { command = [], args = [], env = [] } = spec;
  const words = [...command, ...args];
  const jar = words.indexOf('-jar');
  // the program gets the words after its jar, not the JVM
  const options = words.slice(0, jar === -1 ? undefined : jar + 2).map(ofJvm);
  const found: MemorySetting[] = [];
  for (const [index, word] of options.entries())
    for (const setting of heapsIn(word, [jvmHeap, nodeHeap])) {
      const path = index < command.length ? at('command', index) : at('args', index - command.length);
      found.push({ path, ...setting });
    }
  let isRead: ((name: string) => boolean) | undefined;
  for (const [index, { name = '', value }] of env.entries())
    for (const setting of value === undefined ? [] : settingsIn(name, value)) {
      isRead ??= readerOf(options.join(' '));
      if (isRead(name)) found.push({ path: at('env', index, 'value'), ...setting });
    }
  return found;
}

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

type Unplaced = Omit<MemorySetting, 'path'>;

function settingsIn(name: string, value: string): readonly Unplaced[] {
  if (name === 'GOMEMLIMIT') return goLimit(value);
  if (name === 'NODE_OPTIONS') return heapsIn(value, [nodeHeap]);
  return isForJvm(name) ? heapsIn(value, [jvmHeap]) : none;
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

/** What every heap option contains, and hardly any other text. */
const heapMark = /-Xmx|MaxHeapSize|old[-_]space/i;
const none: readonly Unplaced[] = [];

/** The last of repeated options, which counts. */
function heapsIn(text: string, options: readonly HeapOption[]): readonly Unplaced[] {
  if (!heapMark.test(text)) return none;
  return options.flatMap(({ pattern, defaultUnit }) => {
    const match = [...text.matchAll(pattern)].at(-1);
    const { number = '', unit = '' } = match?.groups ?? {};
    return match === undefined
      ? []
      : [{ text: match[0], amount: inBytes(number, unit || defaultUnit), isTotal: false }];
  });
}

const inBytes = (number: string, unit: string): Quantity | undefined =>
  parseQuantity(unit === '' ? number : `${number}${unit.toUpperCase()}i`);

/** `runtime/debug.SetMemoryLimit`: a program with any other text does not start. */
function goLimit(value: string): readonly Unplaced[] {
  if (value === '' || value === 'off' || value.includes('$(')) return none;
  const [, number = '', unit = ''] = /^(\d{1,19})(?:([KMGT])iB|B)?$/.exec(value) ?? [];
  return [{ text: `GOMEMLIMIT=${value}`, amount: number === '' ? undefined : inBytes(number, unit), isTotal: true }];
}
