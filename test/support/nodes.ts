/** The releases of Node that the published package promises to run on, as far as this machine has them. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface Node {
  readonly major: 20 | 26;
  readonly path: string;
}

/** Node 20 from the PATH without the project's own, and the one that runs the tests. */
export function promisedNodes(): Node[] {
  const nodes: Node[] = [{ major: 26, path: process.execPath }];
  const oldest = systemNodes().find((path) => majorOf(path) === 20);
  if (oldest !== undefined) return [{ major: 20, path: oldest }, ...nodes];
  if (process.env['REQUIRE_SERVERS'] === '1') throw new Error('Node 20 is not on the PATH.');
  console.log('Skipped what runs on Node 20: it is not on the PATH.');
  return nodes;
}

function systemNodes(): string[] {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .map((folder) => join(folder, 'node'))
    .filter((path) => existsSync(path));
}

function majorOf(path: string): number {
  return Number.parseInt(execFileSync(path, ['--version'], { encoding: 'utf8' }).slice(1), 10);
}
