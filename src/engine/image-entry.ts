import { parseImage } from '../subject/image.ts';
import type { ImageFacts } from '../subject/image-facts.ts';
import { knownFactsOf } from '../subject/known-images.ts';
import { remembered } from '../subject/remembered.ts';
import { matchesImage } from './image-glob.ts';

/** The facts that a policy states about images. */
export interface ImageEntry extends ImageFacts {
  /** A glob, as in exemptions. */
  readonly image: string;
}

/** The facts of an image under a policy. */
export interface StatedFacts extends ImageFacts {
  /**
   * The policy states its user, so fixes may rely on it. The user of the built-in table is only reported, because it may
   * be that of another version of the image.
   */
  readonly isUserStated: boolean;
}

/** The facts of images: the entries that match apply in order, fact by fact, over the built-in table. */
export function openImageFacts(entries: readonly ImageEntry[]): (reference: string) => StatedFacts {
  return remembered((reference) => {
    const image = parseImage(reference);
    const own = image === undefined ? [] : entries.filter((entry) => matchesImage(entry.image, image));
    const { image: _, ...stated }: Partial<ImageEntry> = Object.assign({}, ...own);
    return { ...knownFactsOf(reference), ...stated, isUserStated: stated.user !== undefined };
  });
}

/** The facts of images under a policy that states none. */
export const builtInFacts = openImageFacts([]);

/** Whether it is the root user. An image whose user is a name has a user of that name, and only root has this one. */
export const isRootUser = (user: number | string): boolean => user === 0 || user === 'root';
