/** Where a thread of the store begins: beside this file, and of its kind, be it a source or built. */
import { extname } from 'node:path';

export function threadFile(name: 'writer' | 'reader' | 'care'): URL {
  return new URL(`./${name}-thread${extname(import.meta.url)}`, import.meta.url);
}
