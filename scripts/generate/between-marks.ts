/**
 * A page whose part between the marks `<!-- NAME: … -->` and `<!-- end of NAME -->` is replaced.
 *
 * @throws Error when a mark is missing.
 */
export function replaceBetweenMarks(page: string, name: string, part: string): string {
  const [, before, after] =
    new RegExp(`^(.*<!-- ${name}: [^\\n]* -->\\n).*?(<!-- end of ${name} -->\\n.*)$`, 's').exec(page) ?? [];
  if (before === undefined || after === undefined) throw new Error(`there are no marks around the ${name}`);
  return `${before}\n${part}\n\n${after}`;
}
