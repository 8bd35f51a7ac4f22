import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestBroker } from './support/broker.ts';
import { eventually } from './support/eventually.ts';
import { run } from './support/run.ts';

const simulate = (...args: readonly string[]) => run('cli.ts', args);

let broker: TestBroker;
beforeEach(async () => {
  broker = await TestBroker.start();
});
afterEach(() => broker.stop());

describe('npm run simulate', () => {
  test('runs a fleet for a while and ends with a summary of what was acknowledged', async () => {
    const { ended } = simulate('--url', broker.url, '--devices', '3', '--rate', '5', '--duration', '1.5');
    const { code, out } = await ended;
    expect(code).toBe(0);
    expect(out).toMatch(/sent \d+, acknowledged [1-9]\d* \(/);
    expect(out).toMatch(/ack latency p50 \d+\.\d\d ms, p99 [\d.]+ ms/);
    expect(broker.on('signalbox/simulated/pump-1/telemetry').length).toBeGreaterThan(3);
  });

  test('sums up on Ctrl-C too, after every device has said farewell', async () => {
    const { child, ended } = simulate('--url', broker.url, '--devices', '2', '--speak', 'zigbee2mqtt');
    await eventually(() => broker.on('zigbee2mqtt/greenhouse-bed-1').length > 0, 20_000);
    child.kill('SIGINT');
    const { code, out } = await ended;
    expect(code).toBe(0);
    expect(out).toContain('ack latency');
    expect(broker.on('zigbee2mqtt/greenhouse-bed-1/availability').at(-1)?.payload).toBe(
      '{"state":"offline"}',
    );
  });

  test('a broken option is one sentence and exit code 2', async () => {
    const { code, err, out } = await simulate('--colour', 'red').ended;
    expect({ code, out, err }).toEqual({
      code: 2,
      out: '',
      err: "Unknown option '--colour'; --help lists the options.\n",
    });
  });

  test('--help explains itself', async () => {
    expect(await simulate('--help').ended).toMatchObject({
      code: 0,
      out: expect.stringContaining('--faults'),
    });
  });

  test('plays a recording', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'replay-'));
    const file = join(folder, 'recording.ndjson');
    writeFileSync(
      file,
      '{"t":0,"topic":"a/b","payload":"1","qos":1}\n{"t":50,"topic":"a/c","payload":"Mg==","encoding":"base64","qos":1}\n',
    );
    const { code, out } = await simulate('--url', broker.url, '--replay', file).ended;
    rmSync(folder, { recursive: true });
    expect(code).toBe(0);
    expect(out).toContain('sent 2, acknowledged 2');
    expect([...broker.on('a/b'), ...broker.on('a/c')].map(({ payload }) => payload)).toEqual(['1', '2']);
  });

  test('a recording that does not exist is one sentence and exit code 1', async () => {
    const { code, err } = await simulate('--url', broker.url, '--replay', '/no/such/file').ended;
    expect(code).toBe(1);
    expect(err).toMatch(/^[^\n]*\/no\/such\/file[^\n]*\n$/);
  });
});
