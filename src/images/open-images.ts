import { stat } from 'node:fs/promises';
import { type Archive, openArchive } from './archive.ts';
import { openLayout } from './layout-directory.ts';

/** Images on disk: an archive, or a directory with an OCI layout. @throws BadArchive */
export const openImages = async (place: string): Promise<Archive> =>
  (await stat(place)).isDirectory() ? openLayout(place) : openArchive(place);
