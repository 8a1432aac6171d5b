import type { ContainerView } from './container-view.ts';

/**
 * A capability as the API spells it: in capitals and without `CAP_`. A list with `CAP_CHOWN` would allow only that word, and
 * not CHOWN. There is no lookahead, because Helm validates values with this pattern too.
 */
export const capabilityPattern = '^(C|CA|CAP|([ABD-Z]|C[B-Z0-9_]|CA[A-OQ-Z0-9_]|CAP[A-Z0-9])[A-Z0-9_]*)$';

/** The name as the API spells it: `CHOWN` of `cap_chown`. */
export const spelledCapability = (name: string): string => name.toUpperCase().replace(/^CAP_/, '');

/** All capabilities of Linux in the order of their numbers. */
export const linuxCapabilities: readonly string[] =
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE'.split(
    ' ',
  );

/** The capabilities that containerd, CRI-O and Docker add by default; CRI-O omits some of them. */
export const defaultCapabilities: readonly string[] =
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  );

/** The capabilities that the baseline Pod Security Standard lets containers add. */
export const baselineCapabilities: readonly string[] =
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  );

/** Whether it is privileged or adds SYS_ADMIN: the API server allows neither without privilege escalation. */
export const mayAdministrate = ({ isPrivileged, security }: ContainerView): boolean =>
  isPrivileged || security.capabilities?.add?.some((name) => name === 'SYS_ADMIN' || name === 'CAP_SYS_ADMIN') === true;
