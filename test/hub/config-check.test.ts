import { describe, expect, test } from 'vitest';
import { checkConfig } from '../../hub/config-check.ts';

const check = (argv: string[], env: Record<string, string> = {}): string => checkConfig({ argv, env });

describe('A check of the configuration', () => {
  test('says what the hub would do, and starts nothing', () => {
    const said = check(['--data', '/nowhere/at/all']);
    expect(said).toContain('make the database in /nowhere/at/all');
    expect(said).toContain('serve HTTP and Socket.IO at 127.0.0.1:8080 (this machine only)');
    expect(said).toContain('run an MQTT broker at 127.0.0.1:1883 (this machine only)');
  });

  test('says which settings were given, and where', () => {
    const said = check(['--http-port', '81'], { SIGNALBOX_LAN: 'true' });
    expect(said).toContain('http.port = 81  (--http-port)');
    expect(said).toContain('lan = true  (SIGNALBOX_LAN)');
    expect(said).toContain('0.0.0.0:81 (the network)');
  });

  test('says that nothing is published to a broker of somebody else, unless that is wanted', () => {
    expect(check(['--mqtt', 'mqtt://me@192.0.2.5'])).toContain(
      'read from the MQTT broker mqtt://192.0.2.5 as me, and publish nothing to it',
    );
    expect(check(['--mqtt', 'mqtt://192.0.2.5', '--broker-commands'])).toContain('publish commands');
  });

  test('shows no secret', () => {
    const said = check(['--mqtt', 'mqtt://me:hush@192.0.2.5', '--influx-url', 'http://192.0.2.6'], {
      SIGNALBOX_INFLUX_TOKEN: 'hush',
    });
    expect(said).not.toContain('hush');
    expect(said).toContain('write every reading to signalbox at http://192.0.2.6 too');
  });

  test('names the mistake', () => {
    expect(() => check(['--htp-port', '81'])).toThrow('did you mean --http-port?');
  });
});
