import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { HubStatus } from '#contract/status.ts';
import { HubProcess, repositoryRoot, temporaryFolder, until } from '../support/hub-process.ts';
import { Ledger } from './support/ledger.ts';
import { httpSender } from './support/senders.ts';

/** Runs a hub that is expected to end by itself. */
function runHub(
  flags: readonly string[],
  env: Record<string, string> = {},
): { code: number | null; stderr: string } {
  const result = spawnSync(process.execPath, ['hub/main.ts', ...flags], {
    cwd: repositoryRoot,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { code: result.status, stderr: result.stderr };
}

async function listenSomewhere(): Promise<{ port: number } & AsyncDisposable> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

describe('What stops the start is one clear sentence and exit code 1', () => {
  test('a taken HTTP port', async () => {
    await using taken = await listenSomewhere();
    const folder = temporaryFolder();
    const { code, stderr } = runHub([
      '--data',
      folder,
      '--http-port',
      String(taken.port),
      '--mqtt-port',
      '0',
    ]);
    rmSync(folder, { recursive: true });
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(new RegExp(`port ${taken.port} is taken`));
  });

  test('a taken MQTT port', async () => {
    await using taken = await listenSomewhere();
    const folder = temporaryFolder();
    const { code, stderr } = runHub([
      '--data',
      folder,
      '--http-port',
      '0',
      '--mqtt-port',
      String(taken.port),
    ]);
    rmSync(folder, { recursive: true });
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(new RegExp(`port ${taken.port} is taken`));
  });

  test('a data folder that cannot be written', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const { code, stderr } = runHub(['--data', join(file, 'data')]);
    rmSync(folder, { recursive: true });
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/data folder .* cannot be written/);
  });

  test('a broken configuration', () => {
    const { code, stderr } = runHub([], { SIGNALBOX_HTTP_PORT: 'web' });
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/SIGNALBOX_HTTP_PORT must be a port/);
  });

  test('a data folder that another hub uses', async () => {
    await using hub = await HubProcess.start();
    const { code, stderr } = runHub(['--data', hub.dataFolder, '--http-port', '0', '--mqtt-port', '0']);
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/another hub|in use|already/i);
    expect((await fetch(`${hub.url}/readyz`)).status).toBe(200);
  });
});

// Each mostly waits for a hub to start.
describe.concurrent('Start and stop', () => {
  test('the data folder is private, and so is the admin token', async () => {
    const parent = temporaryFolder();
    const folder = join(parent, 'data');
    mkdirSync(folder, { mode: 0o755 });
    await using hub = await HubProcess.start([], folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'admin-token')).mode & 0o777).toBe(0o600);
    expect((await hub.request('/api/v1/status')).status).toBe(200);
    await hub.kill();
    rmSync(parent, { recursive: true });
  });

  test('SIGTERM ends with code 0 and takes the address file away', async () => {
    await using hub = await HubProcess.start();
    expect(await hub.stop()).toBe(0);
    expect(existsSync(join(hub.dataFolder, 'hub.json'))).toBe(false);
  });

  test('SIGTERM while it starts ends with code 0 as well', async () => {
    const folder = temporaryFolder();
    const child = spawn(
      process.execPath,
      ['hub/main.ts', '--data', folder, '--http-port', '0', '--mqtt-port', '0'],
      { cwd: repositoryRoot },
    );
    const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
    // The first line of a new data folder, long before anything listens.
    child.stdout.once('data', () => child.kill('SIGTERM'));
    expect(await ended).toBe(0);
    expect(existsSync(join(folder, 'hub.json'))).toBe(false);
    rmSync(folder, { recursive: true });
  });

  test('SIGTERM under load ends in time, however the clients go on', async () => {
    await using hub = await HubProcess.start();
    const token = await hub.createToken({ name: 'd', role: 'device', groups: ['plant'], device: 'd' });
    const sender = await httpSender(new Ledger('d', Date.now()), { url: hub.url, token, group: 'plant' });
    await until(() => sender.ledger.acknowledged > 200, 20_000);
    expect(await hub.stop()).toBe(0);
    await sender.stop();
    await hub.start();
    expect(await sender.ledger.compare(hub, 'plant')).toMatchObject({ lost: 0, invented: 0, doubled: 0 });
  });

  test('a second signal ends it at once', async () => {
    await using hub = await HubProcess.start();
    process.kill(hub.pid, 'SIGTERM');
    process.kill(hub.pid, 'SIGINT');
    expect(await hub.stop()).toBe(1);
  });

  test('being killed again and again is told, and asked-for ends are not counted', async () => {
    await using hub = await HubProcess.start();
    await hub.stop();
    for (let kills = 0; kills < 3; kills += 1) {
      await hub.start();
      await hub.kill();
    }
    await hub.start();
    const { starts } = await hub.json<HubStatus>('/api/v1/status');
    expect(starts).toEqual({ recent: 5, uncleanEnds: 3, looping: true });
    expect(hub.output).toContain('ended several times in a row without being asked to');
  });

  test('--login-link prints a link to where people find the hub, and it opens a session', async () => {
    await using hub = await HubProcess.start(['--login-link', '--http-public-url', 'https://hub.example/']);
    const link = /log in +https:\/\/hub\.example\/#login=(\S+)/;
    await until(
      () => link.test(hub.output),
      20_000,
      () => hub.output,
    );
    const response = await fetch(`${hub.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: hub.url },
      body: JSON.stringify({ code: link.exec(hub.output)?.[1] }),
    });
    expect(response.status).toBe(200);
  });

  test('only loopback is bound unless asked', async () => {
    await using hub = await HubProcess.start();
    expect(new URL(hub.url).hostname).toBe('127.0.0.1');
    expect(new URL(hub.mqtt).hostname).toBe('127.0.0.1');
  });

  test('--lan prints the address to type into a device, and still asks for a token', async () => {
    await using hub = await HubProcess.start(['--lan']);
    // The address file is there a moment before the greeting is.
    await until(
      () => /MQTT +mqtt:\/\/127\.0\.0\.1:\d+/.test(hub.output),
      20_000,
      () => hub.output,
    );
    const response = await fetch(`http://127.0.0.1:${new URL(hub.url).port}/api/v1/groups`);
    expect(response.status).toBe(401);
  });
});
