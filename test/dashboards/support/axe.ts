/** The rules of WCAG 2.2 A and AA that a program can check. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type axeCore from 'axe-core';
import type { Page } from 'playwright-core';

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const rules: axeCore.RunOnly = {
  type: 'tag',
  values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
};

/** What axe objects to, with the places, to be read in a failure. */
export async function objections(page: Page, wanted = rules): Promise<readonly string[]> {
  // The pages' own policy lets no foreign script in: this one comes through the debugger.
  await page.evaluate(axe);
  const { violations } = await page.evaluate<axeCore.AxeResults, axeCore.RunOnly>(
    (runOnly) => (globalThis as unknown as { axe: typeof axeCore }).axe.run({ runOnly }),
    wanted,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary = '' }) => `${id} at ${target.join(' ')}: ${failureSummary}`),
  );
}
