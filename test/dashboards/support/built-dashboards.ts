/** The pages that the hub serves too; `test/support/build.ts` has made them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

export const dashboardsFolder = fileURLToPath(new URL('../../../dashboards/dist', import.meta.url));

/** What a first visit loads, in bytes after gzip. Source maps are fetched by developer tools only, the Admin UI by who opens it. */
export function firstLoadBytes(): number {
  const files = readdirSync(dashboardsFolder, { recursive: true, withFileTypes: true }).filter(
    (entry) =>
      entry.isFile() &&
      !entry.name.endsWith('.map') &&
      !entry.parentPath.startsWith(join(dashboardsFolder, 'admin-ui')),
  );
  return files.reduce(
    (sum, file) => sum + gzipSync(readFileSync(join(file.parentPath, file.name))).length,
    0,
  );
}
