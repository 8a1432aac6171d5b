/** Where the node has the image, as the chart's values take it. */
export const imageRepository = 'docker.io/library/podwright';
export const tags = { first: 'e2e-1', second: 'e2e-2' } as const;

/** The two references, both of one image. */
export const images = {
  first: `${imageRepository}:${tags.first}`,
  second: `${imageRepository}:${tags.second}`,
} as const;
