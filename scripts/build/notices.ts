import type { BundledPackage } from './bundled-packages.ts';

const line = '-'.repeat(80);
const noText = 'The package names its licence and brings no text of it.';

/** The content of `THIRD-PARTY-NOTICES`: the licences of the packages, which ask that copies carry them. */
export function thirdPartyNotices(packages: readonly BundledPackage[]): string {
  const notices = packages.map(({ manifest: { name, version, license }, texts }) =>
    [line, `${name} ${version} (${license})`, ...(texts.length > 0 ? texts : [noText])].join('\n\n'),
  );
  return `Podwright holds code of the following packages.\n\n${notices.join('\n\n')}\n`;
}
