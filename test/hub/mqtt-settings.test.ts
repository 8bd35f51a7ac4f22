import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfig, type HubConfig } from '../../hub/config.ts';
import { temporaryFolder } from './store/temporary-file.ts';

function mqttOf(...argv: readonly string[]): HubConfig['mqtt'] {
  const invocation = readConfig({ argv, env: {} });
  if ('print' in invocation) throw new Error('Nothing to print.');
  return invocation.config.mqtt;
}

describe('the encrypted port of the embedded broker', () => {
  test('has its certificate from files, and may be bound more widely than the plain one', () => {
    const folder = temporaryFolder();
    const [cert, key] = ['cert', 'key'].map((name) => {
      const file = join(folder, name);
      writeFileSync(file, `-----BEGIN ${name}-----`);
      return file;
    });
    const files = [`--mqtt-tls-cert=${cert}`, `--mqtt-tls-key=${key}`];
    expect(mqttOf('--mqtt-tls-port=8883', '--mqtt-tls-host=0.0.0.0', ...files)).toMatchObject({
      host: '127.0.0.1',
      tls: { host: '0.0.0.0', port: 8883, cert: '-----BEGIN cert-----', key: '-----BEGIN key-----' },
    });
  });

  test('needs all three of port, certificate and key', () => {
    expect(() => mqttOf('--mqtt-tls-port=8883')).toThrow(/belong together/);
  });

  test('says which file cannot be read, or is no certificate', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'text');
    writeFileSync(file, 'hello');
    expect(() => mqttOf('--mqtt-tls-port=1', '--mqtt-tls-cert=/nowhere', '--mqtt-tls-key=/nowhere')).toThrow(
      /mqtt\.tls\.cert names a file that cannot be read/,
    );
    expect(() => mqttOf('--mqtt-tls-port=1', `--mqtt-tls-cert=${file}`, `--mqtt-tls-key=${file}`)).toThrow(
      /no PEM/,
    );
  });
});

test('packet sizes and the WebSocket port are settings', () => {
  expect(
    mqttOf('--mqtt-packet-bytes=1000', '--mqtt-connect-bytes=500', '--mqtt-websocket-port=9001'),
  ).toMatchObject({ packetBytes: 1000, connectBytes: 500, webSocketPort: 9001 });
});
