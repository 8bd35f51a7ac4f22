/** A throw-away folder of files with times of their own: what decides whether a build is stale. */
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export class AgedFiles implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'signalbox-build-'));

  write(path: string, ageSeconds: number): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, 'x');
    const at = Date.now() / 1000 - ageSeconds;
    utimesSync(file, at, at);
  }

  remove(path: string): void {
    rmSync(join(this.folder, path), { recursive: true });
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** Is a build stale when a source is older than it, and when it is newer? */
export function staleness(
  isBuildStale: (folder: string) => boolean,
  built: string,
  source: string,
): { readonly older: boolean; readonly newer: boolean } {
  using files = new AgedFiles();
  files.write(built, 50);
  files.write(source, 100);
  const older = isBuildStale(files.folder);
  files.write(source, 10);
  return { older, newer: isBuildStale(files.folder) };
}
