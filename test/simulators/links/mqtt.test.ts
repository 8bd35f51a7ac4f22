import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DeviceCommand } from '../../../simulators/messages.ts';
import { signalboxDialect } from '../../../simulators/dialects/signalbox.ts';
import { tasmotaDialect } from '../../../simulators/dialects/tasmota.ts';
import { mqttConnector } from '../../../simulators/links/mqtt.ts';
import { bed } from '../support/devices.ts';
import { TestBroker } from '../support/broker.ts';
import { eventually } from '../support/eventually.ts';

let broker: TestBroker;
let commands: DeviceCommand[];
let lost: string[];

const listener = {
  onCommand(command: DeviceCommand) {
    commands.push(command);
    return { ok: true, state: 'succeeded' } as const;
  },
  onLost: (reason: string) => void lost.push(reason),
};

beforeEach(async () => {
  broker = await TestBroker.start();
  commands = [];
  lost = [];
});
afterEach(() => broker.stop());

function connect(dialect = signalboxDialect, token?: string) {
  return mqttConnector({ url: broker.url, token, dialect }, bed).connect(listener);
}

describe('the MQTT link', () => {
  test('says a retained "online" and describes the device before anything else', async () => {
    const connection = await connect();
    const [status, reported] = broker.heard.filter(({ topic }) => topic.startsWith('signalbox/'));
    expect(status).toMatchObject({
      topic: 'signalbox/greenhouse/bed-1/status',
      payload: 'online',
      retain: true,
    });
    expect(reported?.payload).toContain('"simulated":"true"');
    await connection.close();
  });

  test('sends at QoS 1, and the PUBACK is the acknowledgement', async () => {
    const connection = await connect();
    const outcome = await connection.send({ type: 'telemetry', ts: 5, values: { flow: 1 } });
    expect(outcome).toEqual({ kind: 'acknowledged' });
    expect(broker.on('signalbox/greenhouse/bed-1/telemetry')).toEqual([
      {
        topic: 'signalbox/greenhouse/bed-1/telemetry',
        payload: '{"ts":5,"values":{"flow":1}}',
        qos: 1,
        retain: false,
      },
    ]);
    await connection.close();
  });

  test('does a command and answers on its result topic', async () => {
    const connection = await connect();
    await broker.publish(
      'signalbox/greenhouse/bed-1/commands/c1',
      '{"id":"c1","name":"valve","args":{"value":true},"deadline":9,"ttlMs":5}',
    );
    await eventually(() => broker.on('signalbox/greenhouse/bed-1/commands/c1/result').length > 0);
    expect(commands).toEqual([{ id: 'c1', name: 'valve', args: { value: true }, deadline: 9 }]);
    expect(broker.on('signalbox/greenhouse/bed-1/commands/c1/result')[0]?.payload).toBe(
      '{"ok":true,"state":"succeeded"}',
    );
    await connection.close();
  });

  test('speaks another family just as well', async () => {
    const connection = await connect(tasmotaDialect);
    await broker.publish('cmnd/bed-1/POWER', 'ON');
    await eventually(() => commands.length > 0);
    expect(commands).toEqual([{ name: 'valve', args: { value: true } }]);
    expect(broker.on('tele/bed-1/LWT')).toMatchObject([{ payload: 'Online', retain: true }]);
    await connection.close();
  });

  test('a cut is told once, and the will says "offline"', async () => {
    const connection = await connect();
    broker.cut();
    await eventually(() => lost.length > 0);
    await eventually(() =>
      broker.on('signalbox/greenhouse/bed-1/status').some(({ payload }) => payload === 'offline'),
    );
    connection.abort();
    expect(lost).toEqual(['the MQTT connection closed']);
  });

  test('a message under way when the connection breaks is not taken as acknowledged', async () => {
    const connection = await connect();
    const sent = connection.send({ type: 'telemetry', ts: 5, values: { flow: 1 } });
    connection.abort();
    await expect(sent).rejects.toThrow();
  });

  test('a proper end says "offline" and is not a loss', async () => {
    const connection = await connect();
    await connection.close();
    expect(broker.on('signalbox/greenhouse/bed-1/status').at(-1)).toMatchObject({
      payload: 'offline',
      retain: true,
    });
    expect(lost).toEqual([]);
  });

  test('the token is the password', async () => {
    broker.password = 'secret';
    await expect(connect(signalboxDialect, 'wrong')).rejects.toThrow(
      /not authorized|bad user ?name or password/i,
    );
    const connection = await connect(signalboxDialect, 'secret');
    await connection.close();
  });

  test('a hub that is not there is an error to try again after', async () => {
    const { url } = broker;
    await broker.stop();
    const away = mqttConnector({ url, token: undefined, dialect: signalboxDialect }, bed);
    await expect(away.connect(listener)).rejects.toThrow(/ECONNREFUSED|closed/);
    broker = await TestBroker.start();
  });
});
