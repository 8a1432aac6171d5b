import { collections } from './collections.ts';
import type { Corpus } from './corpus.ts';
import { scalars } from './scalars.ts';
import { streams } from './streams.ts';
import { strings } from './strings.ts';

/** One file, and what kubectl is asked to read. */
export interface Case {
  /** `scalars: 010`. */
  readonly name: string;
  readonly bytes: Buffer;
}

const parts: Readonly<Record<string, Corpus>> = { scalars, strings, collections, streams };

export const cases: readonly Case[] = Object.entries(parts).flatMap(([part, corpus]) =>
  Object.entries(corpus).map(([name, content]) => ({ name: `${part}: ${name}`, bytes: Buffer.from(content) })),
);

/** What kubectl makes of a case, a line of `expected.jsonl`. */
export interface Expected {
  readonly name: string;
  /** What it would send to the API server; absent where it refuses anything. */
  readonly objects?: readonly unknown[];
  /** What it says. */
  readonly refused?: string;
}
