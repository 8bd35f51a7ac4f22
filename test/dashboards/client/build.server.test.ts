/** Someone who follows a hub from a program of their own: the client's tarball in an empty folder, without a network. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Command, removeFolder, runCommand } from '../../support/clone.ts';
import { HubProcess, repositoryRoot, temporaryFolder } from '../../support/hub-process.ts';
import { promisedNodes } from '../../support/nodes.ts';
import { compile, linkNodeTypes } from '../../support/socketio-package.ts';

const modules = join(repositoryRoot, 'node_modules');
const home = temporaryFolder();
const folder = join(home, 'empty');
const [, program = ''] =
  /```ts\n(\/\/ follow\.mts\n[\s\S]*?)```/.exec(
    readFileSync(join(repositoryRoot, 'dashboards/client/README.md'), 'utf8'),
  ) ?? [];

/** Where the types say nothing, the compiler complains of an error that it does not find. */
const wrong = `
export const never = () =>
  // @ts-expect-error
  channel.request('command', { device: 7, name: 'valve' });
`;

/** The folders of packages with all that they need, as they are installed here. */
function withDependencies(names: readonly string[]): string[] {
  const found = new Set(names);
  // A set visits what is added on the way.
  for (const name of found) {
    const manifest = JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8')) as {
      readonly dependencies?: Readonly<Record<string, string>>;
    };
    for (const needed of Object.keys(manifest.dependencies ?? {})) found.add(needed);
  }
  return Array.from(found, (name) => join(modules, name));
}

let hub: HubProcess;
beforeAll(async () => {
  const built = join(home, 'package');
  execFileSync(process.execPath, [join(repositoryRoot, 'dashboards/client/build.ts'), built], {
    stdio: 'pipe',
  });
  mkdirSync(folder);
  const { dependencies } = JSON.parse(readFileSync(join(built, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const packed = [built, ...withDependencies(Object.keys(dependencies))].map((path) => `"${path}"`).join(' ');
  await runCommand(`npm pack --ignore-scripts ${packed} 2>/dev/null`, home, 60_000);
  // One `ws` for all, as here: another version would come from npm's cache, which may be empty.
  const ws = readdirSync(home).find((name) => /^ws-.*\.tgz$/.test(name));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ overrides: { ws: `file:../${ws}` } }));
  await runCommand('npm install --offline --ignore-scripts ../*.tgz', folder, 60_000);
  linkNodeTypes(folder);
  writeFileSync(join(folder, 'follow.mts'), program + wrong);
  hub = await HubProcess.start();
  await hub.json('/api/v1/groups/greenhouse/devices/bed-7/telemetry', {
    method: 'POST',
    body: '{"temperature":21.5}',
  });
}, 180_000);
afterAll(async () => {
  await hub?.[Symbol.asyncDispose]();
  removeFolder(home);
});

describe('npm install @signalbox/client in an empty folder', () => {
  test('the program of the README compiles, and what no hub would understand does not', () => {
    expect(compile(folder, ['follow.mts'], join(folder, 'compiled'))).toBe('');
  });

  for (const { major, path } of promisedNodes())
    test(`follows a running hub on Node ${major}`, async () => {
      const token = await hub.createToken({ name: 'program', role: 'operator', groups: ['greenhouse'] });
      const start = `SIGNALBOX_URL=${hub.url} SIGNALBOX_TOKEN=${token} "${path}" compiled/follow.mjs`;
      await using running = new Command(start, folder);
      await running.prints(/live \[\s*\[ 'bed-7', 'temperature', \d+(?:\.\d+)?, 21\.5 \]\s*\]/, 20_000);
      await running.prints(/failed .*(?:offline|connected)/, 20_000);
    });
});
