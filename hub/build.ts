/**
 * `node hub/build.ts`: packs the hub, the store's threads and the packages they use into a few files in `hub/dist`, when
 * their sources are newer. The hub runs from its sources just as well; but each of their nineteen hundred modules costs
 * the loader a record, together 18 MB of an idle hub and 30 MB of its start (ARCHITECTURE.md §10).
 * Nothing is minified: a stack trace names the same functions, and each file's part stands under its name.
 */
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isStale } from '#stale';

const sources = ['hub', 'bridges', 'package.json', 'package-lock.json'];
const entries = [
  'hub/store/writer-thread.ts',
  'hub/store/reader-thread.ts',
  'hub/store/care-thread.ts',
  'hub/main.ts', // last: its time is the build's
];
/** `ws` asks for them and does without. */
const optionalPackages = ['bufferutil', 'utf-8-validate'];

/** @param folder the repository's root */
export function isBuildStale(folder: string): boolean {
  return isStale(folder, 'hub/dist/main.js', sources);
}

/** @param folder the repository's root */
export async function buildIfStale(folder: string): Promise<void> {
  if (!isBuildStale(folder)) return;
  process.stdout.write('Building the hub …\n');
  await buildHub(folder, join(folder, 'hub/dist'));
}

/** @param folder the repository's root @param target is emptied first; must lie below the root */
export async function buildHub(folder: string, target: string): Promise<void> {
  rmSync(target, { recursive: true, force: true });
  // Each by itself: a thread that shared pieces with the hub would load what only the hub needs of them.
  for (const entry of entries) await buildEntry(folder, entry, target);
  cpSync(join(folder, 'hub/store/migrations'), join(target, 'migrations'), { recursive: true });
}

async function buildEntry(folder: string, entry: string, target: string): Promise<void> {
  const { build } = await import('vite');
  await build({
    root: folder,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    ssr: { noExternal: true, external: optionalPackages },
    build: {
      outDir: target,
      emptyOutDir: false,
      ssr: join(folder, entry),
      target: 'node26',
      minify: false,
      rolldownOptions: { output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' } },
    },
  });
}

if (import.meta.main) await buildIfStale(join(import.meta.dirname, '..'));
