/** Builds the dashboards into a folder of their own, so that a test never depends on a build that lies around. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const root = fileURLToPath(new URL('../../../dashboards/', import.meta.url));

export interface BuiltDashboards extends Disposable {
  readonly folder: string;
  /** What a first visit loads, in bytes after gzip. */
  readonly firstLoadBytes: number;
}

export async function buildDashboards(): Promise<BuiltDashboards> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-dashboards-'));
  await build({ root, logLevel: 'silent', build: { outDir: folder, emptyOutDir: true, sourcemap: false } });
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !entry.parentPath.startsWith(join(folder, 'admin-ui')),
  );
  const sizes = files.map((file) => gzipSync(readFileSync(join(file.parentPath, file.name))).length);
  return {
    folder,
    firstLoadBytes: sizes.reduce((sum, size) => sum + size, 0),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
