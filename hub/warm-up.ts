/**
 * `node hub/warm-up.ts`: fills the compile cache before the first start by starting a hub on a throw-away folder and
 * stopping it. Does nothing when the cache is there; the hub runs without it too, only slower to start and larger.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileCacheFolder } from './compile-cache.ts';
import { readAddress } from './data-folder.ts';
import packageJson from '../package.json' with { type: 'json' };

/** What `npm start` gives to Node: code that was compiled under other flags is not taken from the cache. */
const startArguments = packageJson.scripts.start.split(' ').slice(1);
const deadlineMs = 60_000;
const lookAgainMs = 50;

/** @returns what was said to the operator; undefined when there was nothing to do */
export async function warmUp(cacheFolder: string): Promise<string | undefined> {
  if (existsSync(cacheFolder)) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-warm-up-'));
  const code = await startAndStop(folder, cacheFolder);
  rmSync(folder, { recursive: true, force: true });
  return code === 0
    ? 'Compiled the hub for its first start.'
    : 'The hub could not be compiled beforehand: its first start will be slower.';
}

/** Starts a hub, waits until it announced itself, stops it. @returns its exit code; 0 when all went well */
async function startAndStop(folder: string, cacheFolder: string): Promise<number | null> {
  const flags = ['--data', folder, '--http-port', '0', '--mqtt-port', '0', '--log-level', 'silent'];
  const env = { ...process.env, NODE_COMPILE_CACHE: cacheFolder };
  const hub = spawn(process.execPath, [...startArguments, ...flags], {
    cwd: join(import.meta.dirname, '..'),
    stdio: 'ignore',
    env,
  });
  const ended = new Promise<number | null>((resolve) => hub.once('exit', resolve));
  const look = setInterval(() => {
    if (!existsSync(join(folder, 'hub.json')) || readAddress(folder).pid !== hub.pid) return;
    clearInterval(look); // a second signal would end it at once
    hub.kill('SIGTERM');
  }, lookAgainMs);
  const deadline = setTimeout(() => hub.kill('SIGKILL'), deadlineMs);
  const code = await ended;
  clearInterval(look);
  clearTimeout(deadline);
  return code;
}

if (import.meta.main) {
  const said = await warmUp(compileCacheFolder);
  if (said !== undefined) process.stdout.write(`${said}\n`);
}
