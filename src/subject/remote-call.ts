import { curlFlags, ncatFlags, wgetFlags } from './client-flags.ts';
import { hostOf, isLoopback } from './local-host.ts';

/** A client program that contacts another host. */
export interface RemoteCall {
  readonly client: string;
  readonly host: string;
}

/** How the arguments of a client program name the host: by options, by an operand, or by either. */
interface Client {
  readonly hostOptions?: readonly string[];
  readonly argument?: Options;
  /** Options that make it connect to a socket file. */
  readonly socket?: RegExp;
  /** The hosts that its arguments direct to this machine; `*` for all. */
  readonly redirectedIn?: (args: readonly string[]) => readonly string[];
}

/** Single letters of options that take the next word, and long options that do not. */
interface Options {
  readonly valued: string;
  readonly flags?: ReadonlySet<string>;
}

const database: Client = { hostOptions: ['-h', '--host'] };
const netcat: Client = { argument: { valued: 'eIiMmOopPqsTVWwXx', flags: ncatFlags }, socket: /^-[a-zA-Z]*[Ul]/ };
const grpcProbe: Client = { hostOptions: ['-addr', '--addr'] };
const clients = new Map<string, Client>([
  [
    'curl',
    {
      hostOptions: ['--url'],
      argument: { valued: 'AbcCdDeEFhHKmoPQrtTuUwxXyYz', flags: curlFlags },
      socket: /^--(?:abstract-)?unix-socket/,
      redirectedIn: hostsThatCurlRedirects,
    },
  ],
  ['wget', { argument: { valued: 'aABDeiIloOPQRtTUwXY', flags: wgetFlags } }],
  ['nc', netcat],
  ['ncat', netcat],
  ['netcat', netcat],
  ['telnet', { argument: { valued: 'l' } }],
  ['ping', { argument: { valued: 'ciIsStwWQ' } }],
  ['grpc_health_probe', grpcProbe],
  ['grpc-health-probe', grpcProbe],
  ['etcdctl', { hostOptions: ['--endpoints'] }],
  ['mongo', { hostOptions: ['--host'] }],
  ['mongosh', { hostOptions: ['--host'] }],
  ...['psql', 'pg_isready', 'mysql', 'mysqladmin', 'mariadb', 'mariadb-admin', 'redis-cli', 'valkey-cli'].map(
    (name) => [name, database] as const,
  ),
]);

/**
 * The other host that a command (program and arguments) contacts, as far as that is visible. A host that only the shell
 * knows (`$POD_IP`) or that comes from the client's configuration counts as the container itself, and so do the names
 * that the Pod gives to itself.
 */
export function remoteCallOf(
  [program = '', ...args]: readonly string[],
  ownNames: ReadonlySet<string> = new Set(),
): RemoteCall | undefined {
  const client = clients.get(program);
  if (client === undefined || args.some((arg) => client.socket?.test(arg))) return undefined;
  const hosts = [...hostsIn(args, client)].map(hostOf);
  const redirected = new Set(client.redirectedIn?.(args));
  const isHere = (host: string): boolean =>
    isLoopback(host) || host.includes('$') || ownNames.has(host) || redirected.has(host) || redirected.has('*');
  const host = hosts.find((candidate) => !isHere(candidate));
  return host === undefined ? undefined : { client: program, host };
}

function* hostsIn(args: readonly string[], { hostOptions = [], argument }: Client): Generator<string> {
  let argumentsLeft = argument === undefined ? 0 : 1;
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    const option = hostOptions.find(
      (name) => arg === name || arg.startsWith(name.startsWith('--') ? `${name}=` : name),
    );
    if (option !== undefined) {
      const value = option === arg ? (args[++index] ?? '') : arg.slice(option.length).replace(/^=/, '');
      yield* option === '--endpoints' ? value.split(',') : [value];
    } else if (takesNext(arg, argument)) index++;
    else if (arg.startsWith('-')) continue;
    else if (arg.includes('://')) yield arg;
    else if (argumentsLeft-- > 0) yield arg;
  }
}

/** A long option that is not known is believed to take the next word: better to overlook a host than to invent one. */
function takesNext(arg: string, { valued, flags }: Options = { valued: '' }): boolean {
  if (arg.startsWith('--')) return flags !== undefined && !/=|^--no-/.test(arg) && !flags.has(arg.slice(2));
  // `-nH` and its like are flags of wget in two letters
  const letter = /^-n.$/.test(arg) ? -1 : arg.split('').findIndex((one, index) => index > 0 && valued.includes(one));
  return arg.startsWith('-') && letter > 0 && letter === arg.length - 1;
}

/** `--resolve host:port:addresses` and `--connect-to host:port:other:port`, where an empty host stands for all. */
function hostsThatCurlRedirects(args: readonly string[]): string[] {
  return args.flatMap((arg, index) => {
    const value = args[index + 1] ?? '';
    const [, host = '', target = ''] =
      (arg === '--resolve' && /^\+?([^:]*):\d+:(.*)$/.exec(value)) ||
      (arg === '--connect-to' && /^([^:]*):\d*:(.*):\d*$/.exec(value)) ||
      [];
    const isHere =
      target !== '' && target.split(',').every((address) => isLoopback(address.replace(/^\[(.*)\]$/, '$1')));
    return isHere ? [host || '*'] : [];
  });
}
