import { describe, expect, test } from 'vitest';
import { readConfig, type HubConfig } from '../../hub/config.ts';

function influxOf(argv: readonly string[], env: Readonly<Record<string, string>> = {}): HubConfig['influx'] {
  const invocation = readConfig({ argv, env });
  if (!('config' in invocation)) throw new Error('printed');
  return invocation.config.influx;
}

const url = ['--influx-url', 'http://db:8086/'];

describe('InfluxDB behind the hub', () => {
  test('is off until it has an address', () => {
    expect(influxOf(['--influx-bucket', 'plant'])).toBeUndefined();
  });

  test('needs no more than its address: the version is asked, 4 GiB may wait, nothing is let go', () => {
    expect(influxOf(url)).toMatchObject({
      target: { url: 'http://db:8086', bucket: 'signalbox', version: undefined, retentionSeconds: undefined },
      spoolBytes: 4_294_967_296,
      dropOldest: false,
    });
  });

  test('takes a token from the environment, and days of retention', () => {
    const env = { SIGNALBOX_INFLUX_TOKEN: 't0p', SIGNALBOX_INFLUX_RETENTION_DAYS: '30' };
    expect(influxOf([...url, '--influx-version', '2'], env)?.target).toMatchObject({
      token: 't0p',
      version: 2,
      retentionSeconds: 2_592_000,
    });
  });

  test('takes user and password of 1.x from the address, and keeps them out of it', () => {
    expect(influxOf(['--influx-url', 'https://me:s%40fe@db/influx'])?.target).toMatchObject({
      url: 'https://db/influx',
      username: 'me',
      password: 's@fe',
    });
  });

  for (const [argv, message] of [
    [['--influx-url', 'db:8086'], 'influx.url must start with http:// or https://'],
    [[...url, '--influx-version', '4'], 'influx.version is 1, 2 or 3'],
    [[...url, '--influx-spool-bytes', '0'], '--influx-spool-bytes must be a whole number from 1'],
  ] as const)
    test(`refuses ${argv.slice(-2).join(' ')}`, () => {
      expect(() => influxOf(argv)).toThrow(message);
    });
});
