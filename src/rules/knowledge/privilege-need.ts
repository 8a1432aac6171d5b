import { isRootUser, type StatedFacts } from '../../engine/image-entry.ts';
import type { Risk } from '../../engine/rule.ts';
import { mayAdministrate } from '../../subject/capability.ts';
import { portsOf, programsRunBy } from '../../subject/container-programs.ts';
import type { ContainerView } from '../../subject/container-view.ts';
import { isShell, programName } from '../../subject/exec-command.ts';
import type { ImageFacts } from '../../subject/image-facts.ts';

/** Programs with setuid or file capabilities that only users other than root start. */
const ofUsers = new Set(['sudo', 'doas', 'newuidmap', 'newgidmap']);
/** Those that root starts as well, and then without gaining anything. */
const ofAnyone = new Set(['su', 'ping', 'ping6', 'mount', 'umount']);
/** Programs that make user namespaces, which the profile `RuntimeDefault` prevents. */
const namespaceMakers = new Set(['newuidmap', 'newgidmap', 'rootlesskit', 'unshare', 'bwrap']);

/** Why a container cannot do without gaining privileges, as a clause; undefined if nothing shows that. */
export function privilegeNeedOf(container: ContainerView, facts: StatedFacts): string | undefined {
  const [ofImage] = facts.setuid ?? [];
  if (ofImage !== undefined) return `its image uses ${ofImage}`;
  const user = userOf(container, facts);
  if (user !== undefined && isRootUser(user)) return undefined;
  const isUser = user !== undefined || container.effective.runAsNonRoot === true;
  const own = programsRunBy(container).find((name) => ofUsers.has(name) || (isUser && ofAnyone.has(name)));
  if (own !== undefined) return `it runs ${own}`;
  // a program that the runtime starts keeps its file capabilities, but a shell of a user has none to pass on
  const [command = ''] = container.spec.command ?? [];
  return facts.capabilities?.length && isShell(programName(command)) ? 'its program has capabilities' : undefined;
}

/** The known needs of a container that drops all capabilities, as the rest of a message; undefined if there are none. */
export function capabilityNeedOf(container: ContainerView, facts: StatedFacts): string | undefined {
  const { add } = container.security.capabilities ?? {};
  const missing = (facts.capabilities ?? []).filter((name) => !add?.includes(name));
  if (missing.length > 0) return `; drop ALL and add ${missing.join(', ')}, or its image cannot start`;
  const need = privilegeNeedOf(container, facts);
  return need && `, ${need}; set capabilities.drop: [ALL] if it works`;
}

/** Whether a container runs as a user who holds no capability, adds none, and listens on no port that requires one. */
export function needsNoCapability(container: ContainerView, facts: StatedFacts): boolean {
  if (isRootUser(userOf(container, facts) ?? 0) || container.security.capabilities?.add?.length) return false;
  return portsOf(container).every((port) => port >= 1024);
}

/** The user that a container is known to run as: one that is set, or that the policy states for its image. */
const userOf = ({ effective }: ContainerView, facts: StatedFacts): number | string | undefined =>
  effective.runAsUser ?? (facts.isUserStated ? facts.user : undefined);

/** The program of a container that makes user namespaces and has no capability that would permit it. */
export function namespaceMakerIn(container: ContainerView, facts: StatedFacts): string | undefined {
  if (mayAdministrate(container)) return undefined;
  return [...(facts.setuid ?? []), ...programsRunBy(container)].find((name) => namespaceMakers.has(name));
}

/** The risk of taking privileges from a container of the image that it does not hold: none if nothing in it gains any. */
export const riskOfNoPrivileges = ({ setuid, capabilities }: ImageFacts): Risk =>
  setuid?.length === 0 && capabilities?.length === 0 ? 'none' : 'behavior';
