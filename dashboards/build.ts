/**
 * `node dashboards/build.ts`: builds the pages when their sources are newer than the last build. Nothing to do costs a
 * few milliseconds, so every start may ask.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

/** Written by others or by the build itself. */
const skipped = new Set(['dist', 'node_modules']);
/** What the pages are made of. */
const sources = ['dashboards', 'hub/contract', 'package-lock.json'];

/** @param folder the repository's root */
export function isBuildStale(folder: string): boolean {
  const built = modifiedMs(join(folder, 'dashboards/dist/index.html'));
  return built === undefined || sources.some((source) => newestMs(join(folder, source)) > built);
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

/** @param folder the repository's root */
export async function buildIfStale(folder: string): Promise<void> {
  if (!isBuildStale(folder)) return;
  process.stdout.write('Building the dashboards …\n');
  await build({ root: join(folder, 'dashboards'), logLevel: 'warn' });
}

if (import.meta.main) await buildIfStale(join(import.meta.dirname, '..'));
