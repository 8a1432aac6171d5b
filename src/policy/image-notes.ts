import type { ImageEntry } from '../engine/image-entry.ts';
import { coversImages } from '../engine/image-glob.ts';
import { linuxCapabilities } from '../subject/capability.ts';
import { nearestWord } from './nearest-word.ts';

/** Facts about images that are valid but have no effect, one line each. */
export const imageNotes = (entries: readonly ImageEntry[]): string[] =>
  entries.flatMap((entry, index) => [
    ...unknownCapabilities(entry),
    ...entries.slice(index + 1).flatMap((later) => overriding(entry, later)),
  ]);

const unknownCapabilities = ({ image, capabilities = [] }: ImageEntry): string[] =>
  capabilities
    .filter((name) => !linuxCapabilities.includes(name))
    .map((name) => {
      const near = nearestWord(name, linuxCapabilities);
      const advice = near === undefined ? 'remove it' : `did you mean ${near}?`;
      return `images ${image}: Linux has no capability ${name}, so no container can add it; ${advice}`;
    });

/** The later of two entries wins, so an entry for more images belongs before one for some of them. */
function overriding(entry: ImageEntry, later: ImageEntry): string[] {
  if (!coversImages(later.image, entry.image)) return [];
  const facts = (['user', 'setuid', 'capabilities', 'shell', 'sleep'] as const).filter(
    (fact) => entry[fact] !== undefined && later[fact] !== undefined,
  );
  if (facts.length === 0) return [];
  const which = later.image === entry.image ? 'a later entry for it' : `the later entry ${later.image}`;
  const never = `its ${facts.join(', ')} never ${facts.length === 1 ? 'applies' : 'apply'}`;
  return [`images ${entry.image}: ${which} wins, so ${never}; put that one first, or remove either`];
}
