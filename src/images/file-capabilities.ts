import { linuxCapabilities } from '../subject/capability.ts';

/** The permitted capabilities in the attribute `security.capability` (`vfs_cap_data` of the kernel), sorted. */
export function fileCapabilities(attribute: Buffer): string[] {
  // a word of flags, then permitted and inheritable for the lower 32 numbers and for the upper ones
  const words = [4, 12].map((at) => (attribute.length >= at + 4 ? attribute.readUInt32LE(at) : 0));
  return linuxCapabilities.filter((_, index) => (((words[index >> 5] ?? 0) >>> (index & 31)) & 1) === 1).toSorted();
}
