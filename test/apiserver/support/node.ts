import type { TestProject } from 'vitest/node';
import { type StartedNode, startNode } from './start-node.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Id of the container that is the cluster's one node. */
    readonly node: string;
    /** What reaches its API server from here. */
    readonly kubeconfig: string;
    /** An image that the node has or can pull, with `sleep` in it. */
    readonly image: string;
    /** The authority of the client certificate that the API server presents to webhooks. */
    readonly clientCa: string;
  }
}

let node: StartedNode | undefined;

/** Starts the cluster that all files of this project share. */
export async function setup(project: TestProject): Promise<void> {
  node = await startNode();
  project.provide('node', node.container.getId());
  project.provide('kubeconfig', node.container.getKubeConfig());
  project.provide('image', node.image);
  project.provide('clientCa', node.clientCa);
}

export async function teardown(): Promise<void> {
  await node?.container.stop();
}
