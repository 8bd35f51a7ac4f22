/** The build that the hub serves too: made anew when its sources are newer, so that no test looks at an old one. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { buildIfStale } from '../../../dashboards/build.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface BuiltDashboards {
  readonly folder: string;
  /** What a first visit loads, in bytes after gzip. */
  readonly firstLoadBytes: () => number;
}

export async function buildDashboards(): Promise<BuiltDashboards> {
  await buildIfStale(root);
  const folder = join(root, 'dashboards/dist');
  return { folder, firstLoadBytes: () => firstLoadBytes(folder) };
}

/** Source maps are fetched by developer tools only, the Admin UI by who opens it. */
function firstLoadBytes(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) =>
      entry.isFile() &&
      !entry.name.endsWith('.map') &&
      !entry.parentPath.startsWith(join(folder, 'admin-ui')),
  );
  return files.reduce(
    (sum, file) => sum + gzipSync(readFileSync(join(file.parentPath, file.name))).length,
    0,
  );
}
