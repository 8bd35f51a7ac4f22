/**
 * Where the hub starts: `node hub/main.ts`, or `hub/dist/main.js` once it is built. Turns on Node's compile cache before
 * anything else is loaded: code is compiled once per version instead of at every start, in the worker threads too, which
 * find the cache through the environment.
 */
import { enableCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { compileCacheFolder } from './folders.ts';

// Left to itself V8 lets a heap of which a third is alive triple before it looks: garbage of load, held for minutes.
setFlagsFromString('--heap-growing-percent=60');
// What waits for its commit outlives a collection of the nursery. V8 would learn to make such objects in the old space at
// once, where they are garbage milliseconds later: under load all of the heap was marked several times a second.
setFlagsFromString('--no-allocation-site-pretenuring');
// The nursery that the start asks for is this thread's, which has it by now; the store's threads say how large theirs are.
setFlagsFromString('--max-semi-space-size=0');
process.env['NODE_COMPILE_CACHE'] = compileCacheFolder;
enableCompileCache(compileCacheFolder);

const { runProcess } = await import('./process.ts');
await runProcess();
