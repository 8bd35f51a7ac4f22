import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfig, type HubConfig } from '../../hub/config.ts';
import { temporaryFolder } from './store/temporary-file.ts';

function brokersOf(...argv: readonly string[]): HubConfig['brokers'] {
  const invocation = readConfig({ argv, env: {} });
  if ('print' in invocation) throw new Error('Nothing to print.');
  return invocation.config.brokers;
}

function fileOf(text: string): string {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, text);
  return file;
}

describe('brokers of somebody else', () => {
  test('several at once, each with its own name, login, certificates and share', () => {
    const [ca, secret] = [fileOf('CA'), fileOf('hidden\n')];
    const brokers = brokersOf(
      '--broker-url=mqtt://me@192.0.2.5',
      `--brokers=attic=mqtts://you@192.0.2.6?ca=${ca}&password-file=${secret}&share=hubs&commands=true,cellar=ws://192.0.2.7/mqtt`,
    );
    expect(brokers).toEqual([
      expect.objectContaining({ name: 'broker', url: 'mqtt://192.0.2.5', username: 'me', commands: false }),
      {
        name: 'attic',
        url: 'mqtts://192.0.2.6',
        username: 'you',
        password: 'hidden',
        commands: true,
        share: 'hubs',
        tls: { ca: 'CA' },
      },
      expect.objectContaining({ name: 'cellar', url: 'ws://192.0.2.7/mqtt', commands: false }),
    ]);
  });

  test('a client certificate for the first one', () => {
    const [cert, key] = [fileOf('CERT'), fileOf('KEY')];
    const [broker] = brokersOf('--broker-url=mqtts://b', `--broker-cert=${cert}`, `--broker-key=${key}`);
    expect(broker?.tls).toEqual({ cert: 'CERT', key: 'KEY' });
  });

  for (const [what, list, message] of [
    ['no name', 'mqtt://b', /name=mqtt/],
    ['no URL', 'a=b', /no URL/],
    ['another protocol', 'a=http://b', /must start with mqtt/],
    ['an unknown option', 'a=mqtt://b?colour=red', /no option colour/],
    ['a name twice', 'a=mqtt://b,a=mqtt://c', /Two brokers are called a/],
    ['a share with a wildcard', 'a=mqtt://b?share=x%2F', /no name of a share/],
    ['a certificate without its key', 'a=mqtts://b?cert=/nowhere', /both cert and key/],
    ['a file that is not there', 'a=mqtts://b?ca=/nowhere', /cannot be read/],
  ] as const)
    test(`refuses ${what}`, () => {
      expect(() => brokersOf(`--brokers=${list}`)).toThrow(message);
    });
});
