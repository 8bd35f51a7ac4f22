/** Where Node keeps the hub stripped of its types and compiled: beside the packages, made anew after `npm ci`. */
import { join } from 'node:path';
import { projectFolder } from './folders.ts';

export const compileCacheFolder =
  process.env['NODE_COMPILE_CACHE'] ?? join(projectFolder, 'node_modules/.cache/signalbox');
