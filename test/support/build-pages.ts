/** Once before the tests with servers: the pages that every hub serves, as in `npm start`, whichever test comes first. */
import { join } from 'node:path';
import { buildIfStale } from '../../dashboards/build.ts';

export async function setup(): Promise<void> {
  await buildIfStale(join(import.meta.dirname, '../..'));
}
