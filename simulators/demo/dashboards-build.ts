/** Builds the dashboards when their sources are newer than the last build; nothing to do costs a few milliseconds. */
import { readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Child, DemoError, rootFolder } from './child.ts';

/** Written by others or by the build itself. */
const skipped = new Set(['dist', 'node_modules']);
/** What the pages are made of. */
const sources = ['dashboards', 'hub/contract', 'package-lock.json'];

/** @param folder the repository's root */
export function isBuildStale(folder: string = rootFolder): boolean {
  const built = modifiedMs(join(folder, 'dashboards/dist/index.html'));
  return built === undefined || sources.some((source) => newestMs(join(folder, source)) > built);
}

/** Vite, as a script for this Node. */
export function viteScript(): string {
  return join(createRequire(import.meta.url).resolve('vite/package.json'), '../bin/vite.js');
}

/** @throws {DemoError} Vite's own words, shortened */
export async function buildDashboards(stop: AbortSignal): Promise<void> {
  const child = new Child({
    name: 'the build of the dashboards',
    args: [viteScript(), 'build', 'dashboards'],
  });
  const kill = () => child.kill();
  stop.addEventListener('abort', kill, { once: true });
  const { code } = await child.ended;
  stop.removeEventListener('abort', kill);
  stop.throwIfAborted();
  if (code !== 0)
    throw new DemoError(`The dashboards could not be built:\n${child.lastLines.slice(-12).join('\n')}`);
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
