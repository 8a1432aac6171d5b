import type { KnownImages } from '../../src/subject/image-facts.ts';
import { knownImages } from '../../src/subject/known-images.ts';
import { code, generatedFrom, tableLines } from './markdown.ts';

/** The page of all images that Podwright knows. */
export function imageFactsPage(): string {
  return [
    generatedFrom('src/subject/known-images/'),
    '# Known images',
    '',
    'A manifest does not show how an image is built. Podwright knows some images, from the file in the last column. These facts hold fixes back and',
    'explain findings; [your own](configuration.md#images) override them. A mirror is recognized by the path of the image. Where the',
    'name has only one part or ends with a star, the mirror must keep the name of the registry too. Nothing is fetched.',
    '',
    '- **User**: the user that the image runs as unless a manifest sets another, in the version that was read. 0 is root. It does not count for tags of variants such as',
    '  `distroless` and `ubi`.',
    '- **Setuid**: programs with setuid, setgid or file capabilities that the image relies on.',
    '- **Capabilities**: file capabilities of the program that the image starts.',
    '',
    'An empty cell means that nothing is known.',
    '',
    ...tableLines(['Images', 'User', 'Setuid', 'Capabilities', 'Source'], knownImages.map(rowOf)),
    '',
  ].join('\n');
}

function rowOf({ images, facts: { user, setuid, capabilities }, source }: KnownImages): string[] {
  const [repository = '', ...path] = source.split(' ');
  return [
    images.map(code).join(', '),
    user === undefined ? '' : code(String(user)),
    listCell(setuid),
    listCell(capabilities),
    `[${repository}](https://github.com/${repository}) ${path.join(' ')}`,
  ];
}

const listCell = (names: readonly string[] | undefined): string =>
  names?.length === 0 ? 'none' : (names ?? []).map(code).join(', ');
