/** Where the hub's own files lie, whether it runs from its sources in `hub` or from its build in `hub/dist`. */
import { basename, join } from 'node:path';

// `findPackageJSON` would make `node --watch` watch all of that folder, the data in it too.
const here = import.meta.dirname;

/** The folder of `package.json`. */
export const projectFolder = join(here, basename(here) === 'dist' ? '../..' : '..');

/** Where Node keeps the hub compiled: beside the packages, made anew after `npm ci`. */
export const compileCacheFolder =
  process.env['NODE_COMPILE_CACHE'] ?? join(projectFolder, 'node_modules/.cache/signalbox');
