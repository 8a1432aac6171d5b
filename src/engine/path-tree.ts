/** Absolute, normal paths, each with all that is below it. Adding and finding one takes a step per part of the path. */
export class PathTree {
  readonly #below = new Map<string, PathTree>();
  #isWhole = false;

  add(path: string): void {
    let node: PathTree = this;
    for (const part of partsOf(path)) {
      let next = node.#below.get(part);
      if (next === undefined) node.#below.set(part, (next = new PathTree()));
      node = next;
    }
    node.#isWhole = true;
  }

  /** Whether the path was added, or one above it. */
  covers(path: string): boolean {
    let node: PathTree | undefined = this;
    for (const part of partsOf(path)) {
      if (node.#isWhole) return true;
      node = node.#below.get(part);
      if (node === undefined) return false;
    }
    return node.#isWhole;
  }
}

const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '');
