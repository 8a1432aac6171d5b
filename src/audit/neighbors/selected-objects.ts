import { openSelectorIndex, type Selecting } from './selector-index.ts';

/** Objects of one kind by their selectors; the index is made for the first lookup after one was added. */
export function openSelected<Each extends Selecting>() {
  const all: Each[] = [];
  let index: ((labels: Readonly<Record<string, string>>) => Each[]) | undefined;
  return {
    add(each: Each): void {
      // a copy: V8 keeps a piece of a text as a view, and with it the whole file
      all.push(structuredClone(each));
      index = undefined;
    },
    selecting(labels: Readonly<Record<string, string>> = {}): Each[] {
      index ??= openSelectorIndex(all);
      return index(labels);
    },
  };
}
