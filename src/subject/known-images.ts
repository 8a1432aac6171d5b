import type { ImageFacts } from './image-facts.ts';
import { barePrograms } from './known-images/bare-programs.ts';
import { bareProgramsOfRoot } from './known-images/bare-programs-of-root.ts';
import { privilegedImages } from './known-images/privileged-images.ts';
import { rootImages } from './known-images/root-images.ts';
import { usersOfImages } from './known-images/users-of-images.ts';
import { usersOfMonitoring } from './known-images/users-of-monitoring.ts';

/** Images with the same facts, by full names in which a star at the end stands for the rest. */
export interface KnownImages {
  readonly images: readonly string[];
  readonly facts: ImageFacts;
  /** Where it can be read: `owner/repository path` on GitHub. */
  readonly source: string;
}

/** The built-in table. A line goes in only if its source has been read. */
export const knownImages: readonly KnownImages[] = [
  ...privilegedImages,
  ...barePrograms,
  ...bareProgramsOfRoot,
  ...usersOfImages,
  ...usersOfMonitoring,
  ...rootImages,
];
