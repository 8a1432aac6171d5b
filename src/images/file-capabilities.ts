/** All capabilities of Linux in the order of their numbers. */
const names: readonly string[] =
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE'.split(
    ' ',
  );

/** The permitted capabilities in the attribute `security.capability` (`vfs_cap_data` of the kernel), sorted. */
export function fileCapabilities(attribute: Buffer): string[] {
  // a word of flags, then permitted and inheritable for the lower 32 numbers and for the upper ones
  const words = [4, 12].map((at) => (attribute.length >= at + 4 ? attribute.readUInt32LE(at) : 0));
  return names.filter((_, index) => (((words[index >> 5] ?? 0) >>> (index & 31)) & 1) === 1).toSorted();
}
