import { hostOf, isLoopback } from './local-host.ts';

/** A client program that contacts another host. */
export interface RemoteCall {
  readonly client: string;
  readonly host: string;
}

/** Options that name the host, and single-letter options that take the next word, if it accepts arguments as hosts too. */
interface Client {
  readonly hostOptions?: readonly string[];
  readonly argument?: { readonly valued: string };
  /** Options for a socket file. */
  readonly socket?: RegExp;
}

const database: Client = { hostOptions: ['-h', '--host'] };
const netcat: Client = { argument: { valued: 'eIiOopPqsTVwXx' }, socket: /^-[a-zA-Z]*[Ul]/ };
const grpcProbe: Client = { hostOptions: ['-addr', '--addr'] };
const clients = new Map<string, Client>([
  ['curl', { hostOptions: ['--url'], argument: { valued: 'AbcCdDeEFHKmoPQrTtuUwxXyYz' }, socket: /^--unix-socket/ }],
  ['wget', { argument: { valued: 'aABDeioOPQtTUwX' } }],
  ['nc', netcat],
  ['ncat', netcat],
  ['netcat', netcat],
  ['telnet', { argument: { valued: 'l' } }],
  ['ping', { argument: { valued: 'ciIsStwWQ' } }],
  ['grpc_health_probe', grpcProbe],
  ['grpc-health-probe', grpcProbe],
  ['mongo', { hostOptions: ['--host'] }],
  ['mongosh', { hostOptions: ['--host'] }],
  ...['psql', 'pg_isready', 'mysql', 'mysqladmin', 'mariadb', 'mariadb-admin', 'redis-cli', 'valkey-cli'].map(
    (name) => [name, database] as const,
  ),
]);

/** Long options of these clients that take the next word. */
const valuedLong =
  /^--(?:cacert|cert|connect-timeout|data(?:-\w+)?|header|key|max-time|method|output(?:-\w+)?|post-data|request|resolve|retry(?:-\w+)?|timeout|tries|user(?:-agent)?|write-out)$/;

/**
 * The other host that a command (program and arguments) contacts, as far as that is visible. A host that only the shell
 * knows (`$POD_IP`) or that comes from the client's configuration counts as the container itself.
 */
export function remoteCallOf([program = '', ...args]: readonly string[]): RemoteCall | undefined {
  const client = clients.get(program);
  if (client === undefined || args.some((arg) => client.socket?.test(arg))) return undefined;
  const hosts = [...hostsIn(args, client)].map(hostOf);
  const host = hosts.find((candidate) => !isLoopback(candidate) && !candidate.includes('$'));
  return host === undefined ? undefined : { client: program, host };
}

function* hostsIn(args: readonly string[], { hostOptions = [], argument }: Client): Generator<string> {
  let argumentsLeft = argument === undefined ? 0 : 1;
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    const option = hostOptions.find(
      (name) => arg === name || arg.startsWith(name.startsWith('--') ? `${name}=` : name),
    );
    if (option === arg) yield args[++index] ?? '';
    else if (option !== undefined) yield arg.slice(option.length).replace(/^=/, '');
    else if (takesNext(arg, argument?.valued ?? '')) index++;
    else if (arg.startsWith('-')) continue;
    else if (arg.includes('://')) yield arg;
    else if (argumentsLeft-- > 0) yield arg;
  }
}

function takesNext(arg: string, valued: string): boolean {
  if (arg.startsWith('--')) return valuedLong.test(arg);
  const letter = arg.split('').findIndex((one, index) => index > 0 && valued.includes(one));
  return arg.startsWith('-') && letter > 0 && letter === arg.length - 1;
}
