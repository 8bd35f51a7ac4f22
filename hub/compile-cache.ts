/** Where Node keeps the hub stripped of its types and compiled: beside the packages, made anew after `npm ci`. */
import { fileURLToPath } from 'node:url';

export const compileCacheFolder =
  process.env['NODE_COMPILE_CACHE'] ??
  fileURLToPath(new URL('../node_modules/.cache/signalbox', import.meta.url));
