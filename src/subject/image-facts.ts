/** Facts about an image that a manifest does not show. An absent fact is unknown. */
export interface ImageFacts {
  /** The user that it runs as unless a manifest sets another: a number, or a name in the image's own list of users. */
  readonly user?: number | string;
  /** Programs with setuid, setgid or file capabilities that it relies on: under no_new_privs they do not work. */
  readonly setuid?: readonly string[];
  /** File capabilities of the program that it starts: without them the kernel refuses to execute it. */
  readonly capabilities?: readonly string[];
  /** Whether it contains a shell. */
  readonly shell?: boolean;
  /** Whether it contains `sleep`; absent: if it contains a shell. */
  readonly sleep?: boolean;
}

/** Images with the same facts, by full names in which a star at the end stands for the rest. */
export interface KnownImages {
  readonly images: readonly string[];
  readonly facts: ImageFacts;
  /** Where it can be read: `owner/repository path` on GitHub. */
  readonly source: string;
}
