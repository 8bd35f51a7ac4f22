import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectFolder } from '../../hub/folders.ts';

// That the build finds the same is shown by every scenario: it serves the dashboards.
test('the sources find the folder of the project', () => {
  expect(existsSync(join(projectFolder, 'package.json'))).toBe(true);
  expect(existsSync(join(projectFolder, 'hub/folders.ts'))).toBe(true);
});
