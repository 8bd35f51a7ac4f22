/**
 * Before tests with servers, and again when a test is run anew: the hub as `npm start` runs it and the pages that it
 * serves, made if their sources are newer. However the tests were started, none of them looks at old ones or at none.
 */
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { buildIfStale as buildDashboards } from '../../dashboards/build.ts';
import { buildIfStale as buildHub } from '../../hub/build.ts';

export async function setup(project: Pick<TestProject, 'onTestsRerun'>): Promise<void> {
  project.onTestsRerun(buildAll);
  await buildAll();
}

export async function buildAll(): Promise<void> {
  const root = join(import.meta.dirname, '../..');
  await buildDashboards(root);
  await buildHub(root);
}
