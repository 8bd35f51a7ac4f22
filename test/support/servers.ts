/**
 * Real servers and tools from Debian that tests talk to. Without `REQUIRE_SERVERS=1` a missing one skips its tests
 * with one line; with it, as in CI, it fails them.
 */
import { accessSync, constants } from 'node:fs';
import { describe } from 'vitest';

const places = [
  '/usr/sbin',
  '/usr/bin',
  '/usr/local/bin',
  '/usr/local/sbin',
  '/opt/homebrew/bin',
  '/opt/homebrew/sbin',
];

/** The program's path; undefined if it is not installed. */
export function findProgram(name: string): string | undefined {
  return places.map((place) => `${place}/${name}`).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * `describe` for tests that need a program.
 * @param suite receives the program's path
 */
export function describeWith(program: string, title: string, suite: (path: string) => void): void {
  const path = findProgram(program);
  if (path !== undefined) {
    describe(title, () => suite(path));
    return;
  }
  if (process.env['REQUIRE_SERVERS'] === '1')
    throw new Error(`${program} is not installed: run test/install-servers.`);
  console.log(`Skipped "${title}": ${program} is not installed (test/install-servers installs it).`);
  describe.skip(title, () => suite(program));
}
