import { runServer } from '../../../src/server/run-server.ts';
import type { ServeOptions } from '../../../src/server/serve-options.ts';

// `podwright serve` with what no flag can say: certificates that live for seconds. The options are JSON.
process.exit(await runServer(JSON.parse(process.argv[2] ?? '') as ServeOptions));
