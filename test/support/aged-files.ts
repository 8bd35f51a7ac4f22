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
