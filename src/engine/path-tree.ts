interface Directory {
  readonly below: Map<string, Directory>;
  isWhole: boolean;
}

const directory = (): Directory => ({ below: new Map(), isWhole: false });

/** Absolute, normal paths, each with all that is below it. Adding and finding one takes a step per part of the path. */
export class PathTree {
  readonly #root = directory();

  add(path: string): void {
    let at = this.#root;
    for (const part of partsOf(path)) {
      let next = at.below.get(part);
      if (next === undefined) at.below.set(part, (next = directory()));
      at = next;
    }
    at.isWhole = true;
  }

  /** Whether the path was added, or one above it. */
  covers(path: string): boolean {
    let at: Directory | undefined = this.#root;
    for (const part of partsOf(path)) {
      if (at.isWhole) return true;
      at = at.below.get(part);
      if (at === undefined) return false;
    }
    return at.isWhole;
  }
}

const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '');
