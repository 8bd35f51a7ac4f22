/** `node dashboards/build.ts`: builds the pages when their sources are newer than the last build. */
import { join } from 'node:path';
import { isStale } from '#stale';

const sources = ['dashboards', 'hub/contract', 'package-lock.json'];

/** @param folder the repository's root */
export function isBuildStale(folder: string): boolean {
  return isStale(folder, 'dashboards/dist/index.html', sources);
}

/** @param folder the repository's root */
export async function buildIfStale(folder: string): Promise<void> {
  if (!isBuildStale(folder)) return;
  process.stdout.write('Building the dashboards …\n');
  const { build } = await import('vite');
  await build({ root: join(folder, 'dashboards'), logLevel: 'warn' });
}

if (import.meta.main) await buildIfStale(join(import.meta.dirname, '..'));
