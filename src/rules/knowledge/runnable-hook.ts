import { matchesImage } from '../../engine/image-glob.ts';
import { quoted } from '../../engine/quoted.ts';
import type { RuleContext } from '../../engine/rule.ts';
import type { ContainerView } from '../../subject/container-view.ts';
import { isShell, programName, programsOf } from '../../subject/exec-command.ts';
import { parseImage } from '../../subject/image.ts';

/** Images without a shell: the default of the option `shellLessImages` of `runnable-pre-stop`. */
export const shellLessImages: readonly string[] = [
  '*distroless*',
  '*:*distroless*',
  'registry.k8s.io/pause',
  'registry.k8s.io/coredns/coredns',
];

/** Why a hook never runs. */
export interface HookFault {
  /** The fields below `preStop` that are at fault. */
  readonly fields: readonly string[];
  readonly problem: string;
}

type HookContext = Pick<RuleContext, 'factsOf' | 'optionsOf'>;

/** Why the preStop hook of a container never runs; undefined if it may, and if there is none. */
export function hookFaultOf({ spec }: ContainerView, context: HookContext): HookFault | undefined {
  const hook = spec.lifecycle?.preStop;
  if (hook?.tcpSocket !== undefined) {
    const problem = 'preStop.tcpSocket never runs, the kubelet has no such hook; use sleep, exec or httpGet';
    return { fields: ['tcpSocket'], problem };
  }
  const command = hook?.exec?.command;
  if (command === undefined) return undefined;
  const [word = '', ...rest] = command;
  const fields = ['exec', 'command'];
  if (rest.length === 0 && /\S\s+\S/.test(word))
    return { fields, problem: `preStop runs no program named ${quoted(word)}; list its words one by one` };
  const program = lackedProgram(command, spec.image ?? '', context);
  if (program === undefined) return undefined;
  const without = mayHaveShell(spec.image ?? '', context) ? 'this image' : 'an image without a shell';
  return { fields, problem: `preStop runs ${program}, which ${without} does not have; use preStop.sleep` };
}

/** A shell or `sleep` that a command runs and the image does not have. */
function lackedProgram(command: readonly string[], image: string, context: HookContext): string | undefined {
  const program = programName(command[0] ?? '');
  if (isShell(program) && !mayHaveShell(image, context)) return program;
  const sleeps =
    program === 'sleep' || (isShell(program) && programsOf(command).some(({ words: [name] }) => name === 'sleep'));
  return sleeps && !mayHaveSleep(image, context) ? 'sleep' : undefined;
}

/** Whether the kubelet has something to run before it stops the container. */
export function hasRunnableHook(container: ContainerView, context: HookContext): boolean {
  const { exec, httpGet, sleep } = container.spec.lifecycle?.preStop ?? {};
  const isSet = exec !== undefined || httpGet !== undefined || sleep !== undefined;
  return isSet && hookFaultOf(container, context) === undefined;
}

/** Whether an image contains `sleep`, as far as is known. */
export const mayHaveSleep = (image: string, context: HookContext): boolean =>
  context.factsOf(image).sleep ?? mayHaveShell(image, context);

/** Whether an image contains a shell, as far as is known. */
function mayHaveShell(image: string, { factsOf, optionsOf }: HookContext): boolean {
  const { shellLessImages: patterns = shellLessImages } = optionsOf<{ readonly shellLessImages?: readonly string[] }>(
    'runnable-pre-stop',
  );
  return factsOf(image).shell ?? !lacksShell(image, patterns);
}

function lacksShell(reference: string, patterns: readonly string[]): boolean {
  const image = parseImage(reference);
  if (image === undefined || image.tag?.includes('debug')) return false;
  return patterns.some((pattern) => matchesImage(pattern, image));
}
