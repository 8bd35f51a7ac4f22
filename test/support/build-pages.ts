/**
 * Before tests with servers, and again when a test is run anew: the pages that every hub serves, made if their sources
 * are newer. However the tests were started, none of them looks at old pages or at none.
 */
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { buildIfStale } from '../../dashboards/build.ts';

export async function setup(project: Pick<TestProject, 'onTestsRerun'>): Promise<void> {
  project.onTestsRerun(build);
  await build();
}

function build(): Promise<void> {
  return buildIfStale(join(import.meta.dirname, '../..'));
}
