import { stat } from 'node:fs/promises';
import { shortened } from '../engine/shortened.ts';
import { BadArchive, type ImageReport, reportsOf, withPulled } from '../images/index.ts';
import { parseImage } from '../subject/image.ts';
import { highestUser } from '../subject/image-user.ts';
import { printCompactYaml } from '../yaml/print.ts';
import type { CommandResult } from './command-result.ts';
import { printable } from './output/layout.ts';

type Read = { readonly reports: readonly ImageReport[] } | { readonly problem: string };

/** Reads the facts of all images, and reports those that cannot be read. */
export async function runImages(images: readonly string[]): Promise<CommandResult> {
  const entries: string[] = [];
  const messages: string[] = [];
  for (const image of images) {
    const read = await readImage(image);
    if ('problem' in read) messages.push(`${image}: ${read.problem}`);
    else entries.push(...read.reports.map((report) => entryOf(report, image)));
  }
  const output = entries.length === 0 ? '' : ['images:', ...entries].join('\n');
  return { output, messages, exitCode: messages.length > 0 ? 2 : 0 };
}

async function readImage(image: string): Promise<Read> {
  const file = await stat(image).catch(() => undefined);
  if (file?.isFile() || file?.isDirectory()) return readImages(image);
  if (file !== undefined) return { problem: 'is neither a file nor a directory; specify an archive of docker save' };
  if (/^[./]|\.(?:tar|tgz|gz)$/.test(image)) return { problem: 'there is no such file' };
  if (parseImage(image) === undefined) return { problem: 'is neither a file nor the name of an image' };
  return withPulled(image, (pulled) =>
    'problem' in pulled ? Promise.resolve(pulled) : readImages(pulled.file, image),
  );
}

async function readImages(place: string, name?: string): Promise<Read> {
  try {
    const reports = await reportsOf(place);
    return { reports: reports.map((report) => ({ ...report, name: report.name ?? name })) };
  } catch (error) {
    return { problem: error instanceof BadArchive ? error.message : `cannot be read: ${(error as Error).message}` };
  }
}

/** An entry for a policy, with a comment where its author knows more. */
function entryOf({ name, facts, strangeUser, ofDistribution }: ImageReport, given: string): string {
  const comments = [
    ...(name === undefined ? [`# ${printable(given)} does not record the name of its image; fill it in`] : []),
    ...(ofDistribution.length > 0 && facts.setuid === undefined
      ? [`# has ${ofDistribution.join(', ')}; list under setuid those that it uses, or write []`]
      : []),
    ...(strangeUser === undefined ? [] : [`# has the user ${shownUser(strangeUser)}, ${noUser}; state the user`]),
  ];
  return [...comments, printCompactYaml([{ image: name ?? '', ...facts }]).trimEnd()].join('\n');
}

const shownUser = (user: string): string => JSON.stringify(shortened(printable(user), 63));
const noUser = `which is neither a number up to ${highestUser} nor a name`;
