/**
 * What the README promises for the QoS that each family comes with from its maker, held against what the simulators'
 * dialects publish with, what the hub subscribes with, and what it then is told by a real Mosquitto.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BrokerSubscriptions } from '../../../bridges/mqtt/broker-subscriptions.ts';
import { ExternalBroker } from '../../../bridges/mqtt/external-broker.ts';
import { systemClock } from '../../../hub/clock.ts';
import type { Dialect } from '../../../simulators/dialects/dialect.ts';
import { mqttConnector } from '../../../simulators/links/mqtt.ts';
import { dialects } from '../../../simulators/options.ts';
import { climate } from '../../simulators/support/devices.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { repositoryRoot } from '../../support/hub-process.ts';
import { describeWith } from '../../support/servers.ts';
import { RecordingCommands, RecordingDevices, RecordingIngest, until } from './fakes.ts';
import { startMosquitto } from './mosquitto.ts';

/** As the README calls them. */
const families: Readonly<Record<string, string>> = {
  tasmota: 'Tasmota',
  zigbee2mqtt: 'zigbee2mqtt',
  shelly: 'Shelly generation 2+',
  esphome: 'ESPHome',
  homie: 'Homie',
  sparkplug: 'Sparkplug B',
  signalbox: 'devices that speak our topics',
};
const kinds = ['data', 'death'] as const;

/** From the table: `0 for data and births, 1 for deaths`, `1, as their conventions ask`. */
function promised(family: string, kind: (typeof kinds)[number]): number {
  const readme = readFileSync(join(repositoryRoot, 'bridges/mqtt/README.md'), 'utf8');
  const rows = readme.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  const row = rows.find(([, names = '']) => names.split(', ').includes(family));
  const cell = row?.[2] ?? '';
  const [, ofDeaths] = /(\d) for deaths/.exec(cell) ?? [];
  const digit = kind === 'death' && ofDeaths !== undefined ? ofDeaths : /\d/.exec(cell)?.[0];
  if (digit === undefined) throw new Error(`The README promises nothing for ${family}: ${cell}`);
  return Number(digit);
}

test('every dialect of the simulators has its row', () => {
  for (const { name, qos } of dialects)
    expect([name, promised(families[name] ?? name, 'data')]).toEqual([name, qos]);
});

test('the hub subscribes to everything at QoS 1, so that it takes nothing from what a device chose', () => {
  for (const share of [undefined, 'hubs'])
    for (const version of [4, 5] as const)
      for (const { filter, options } of new BrokerSubscriptions('signalbox', share).plan(version, true))
        expect([filter, options.qos]).toEqual([filter, 1]);
});

describeWith('mosquitto', 'What reaches the hub through Mosquitto', (program) => {
  test('has the QoS that the README promises for its family', async () => {
    await using mosquitto = await startMosquitto(program);
    const heard: { readonly topic: string; readonly qos: number | undefined }[] = [];
    const bridge = new ExternalBroker({
      name: 'test',
      url: mosquitto.url,
      ingest: new RecordingIngest(),
      devices: new RecordingDevices(),
      commands: new RecordingCommands(),
      clock: systemClock,
      log: silentLog,
      counters: new CountersProbe(),
      traces: { note: ({ source, qos }) => heard.push({ topic: source.topic ?? '', qos }) },
    });
    await bridge.start();
    await until(() => bridge.status().state === 'up');
    try {
      for (const dialect of dialects) {
        const { data, death } = await live(mosquitto.url, dialect);
        const qosOf = (topic: string): number | undefined =>
          heard.findLast((one) => one.topic === topic)?.qos;
        await until(() => qosOf(data) !== undefined && qosOf(death) !== undefined);
        const family = families[dialect.name] ?? dialect.name;
        expect([family, qosOf(data)]).toEqual([family, promised(family, 'data')]);
        expect([family, qosOf(death)]).toEqual([family, promised(family, 'death')]);
      }
    } finally {
      await bridge.stop();
    }
  });
});

/** A device comes, says what it measures and goes. @returns the topics of both */
async function live(url: string, dialect: Dialect): Promise<Record<(typeof kinds)[number], string>> {
  const target = { url, token: undefined, dialect };
  const listener = { onCommand: () => ({ ok: true }) as const, onLost: () => {} };
  const connection = await mqttConnector(target, climate).connect(listener);
  const message = { type: 'telemetry', ts: Date.now(), values: { temperature: 21.5 } } as const;
  await connection.send(message);
  await connection.close();
  return {
    data: (dialect.forDevice?.() ?? dialect).encode(message, climate)[0]?.topic ?? '',
    death: dialect.farewell(climate).topic,
  };
}
