import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseSimulateOptions, usage } from '../../simulators/options.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'options-'));
  writeFileSync(join(folder, 'token'), 'from-file\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

const parse = (line: string, env = {}) => parseSimulateOptions(line === '' ? [] : line.split(' '), env);

describe('npm run simulate, its command line', () => {
  test('says nothing and gets ten devices against the hub on this machine', () => {
    expect(parse('')).toMatchObject({
      url: 'mqtt://127.0.0.1:1883',
      link: 'mqtt',
      devices: 10,
      rate: 1,
      seed: 1,
      group: 'simulated',
      durationMs: undefined,
      token: undefined,
    });
  });

  test('takes all of them', () => {
    const line =
      '--url mqtt://10.0.0.2:1884 --speak tasmota --devices 50 --rate 2 --seed 7 --faults drop,late --group plant --duration 1.5';
    const options = parse(`${line} --token-file ${join(folder, 'token')}`);
    expect(options).toMatchObject({
      url: 'mqtt://10.0.0.2:1884',
      devices: 50,
      rate: 2,
      seed: 7,
      group: 'plant',
    });
    expect(options).toMatchObject({ durationMs: 1500, token: 'from-file', dialect: { name: 'tasmota' } });
    expect([...(options?.faults ?? [])]).toEqual(['drop', 'late']);
  });

  test('an http url means Socket.IO, unless plain HTTP is asked for', () => {
    expect(parse('--url http://h:8080')?.link).toBe('socketio');
    expect(parse('--url http://h:8080 --over http')?.link).toBe('http');
  });

  test('the token comes from the environment when no file is named', () => {
    expect(parse('', { SIGNALBOX_TOKEN: 'from-env' })?.token).toBe('from-env');
    expect(parse(`--token-file ${join(folder, 'token')}`, { SIGNALBOX_TOKEN: 'from-env' })?.token).toBe(
      'from-file',
    );
  });

  test('help is asked for, not an error, and names every option', () => {
    expect(parse('--help')).toBeUndefined();
    for (const option of [
      'url',
      'token-file',
      'speak',
      'devices',
      'rate',
      'seed',
      'faults',
      'group',
      'duration',
      'replay',
    ])
      expect(usage).toContain(`--${option}`);
  });

  const wrong = [
    { line: '--colour red', says: "Unknown option '--colour'" },
    { line: 'mqtt://h', says: "Unexpected argument 'mqtt://h'" },
    { line: '--url ftp://h', says: '--url takes mqtt://host:port or http://host:port, not "ftp://h".' },
    { line: '--url localhost', says: '--url takes' },
    {
      line: '--speak klingon',
      says: '--speak takes signalbox, tasmota, zigbee2mqtt, shelly, esphome, homie, sparkplug, not "klingon".',
    },
    { line: '--speak tasmota --url http://h', says: 'A tasmota device speaks MQTT' },
    { line: '--over mqtt --url http://h', says: 'does not go with' },
    { line: '--over pigeon --url http://h', says: '--over takes' },
    { line: '--devices 0', says: '--devices takes a number from 1 to 10000, not "0".' },
    { line: '--devices 1.5', says: 'a whole number' },
    { line: '--rate fast', says: '--rate takes a number' },
    { line: '--faults drop,fire', says: 'not "fire"' },
    { line: '--group Größe', says: 'is no group id' },
    { line: '--token-file /no/such/file', says: 'The token file "/no/such/file" cannot be read.' },
    { line: '--replay f --url http://h', says: 'A recording is played over MQTT' },
  ];
  for (const { line, says } of wrong) {
    test(`${line} is refused in one sentence`, () => {
      expect(() => parse(line)).toThrow(
        expect.objectContaining({ name: 'UsageError', message: expect.stringContaining(says) }),
      );
      expect(() => parse(line)).toThrow(/^[^\n]+$/);
    });
  }
});
