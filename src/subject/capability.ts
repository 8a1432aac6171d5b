/**
 * How the API spells a capability: in capitals and without `CAP_`. A list that allowed `CAP_CHOWN` would allow that very
 * word, and CHOWN not. Without a lookahead, because Helm checks values by this too.
 */
export const capabilityPattern = '^(C|CA|CAP|([ABD-Z]|C[B-Z0-9_]|CA[A-OQ-Z0-9_]|CAP[A-Z0-9])[A-Z0-9_]*)$';

/** The name as the API spells it: `CHOWN` of `cap_chown`. */
export const spelledCapability = (name: string): string => name.toUpperCase().replace(/^CAP_/, '');

/** What containerd, CRI-O and Docker give a container of which nothing is said; CRI-O leaves some of them out. */
export const defaultCapabilities: readonly string[] =
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  );
