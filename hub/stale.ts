/** Is what was built older than what it is made of? Asking costs a few milliseconds, so every start may. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Written by others or by a build itself. */
const skipped = new Set(['dist', 'node_modules']);

/** @param folder below which all others lie @param built a file of the build @param sources files and folders */
export function isStale(folder: string, built: string, sources: readonly string[]): boolean {
  const builtMs = modifiedMs(join(folder, built));
  return builtMs === undefined || sources.some((source) => newestMs(join(folder, source)) > builtMs);
}

function newestMs(path: string): number {
  const own = modifiedMs(path) ?? 0;
  let entries;
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch {
    return own;
  }
  const inside = entries
    .filter(({ name }) => !skipped.has(name))
    .map(({ name }) => newestMs(join(path, name)));
  // A folder's own time changes when dist is written into it: only what is inside counts.
  return Math.max(0, ...inside);
}

function modifiedMs(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
