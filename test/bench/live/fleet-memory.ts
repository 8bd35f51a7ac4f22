/** The memory of a hub that knows many devices, few of which are connected. */
import { connectAsync, type MqttClient } from 'mqtt';
import { residentBytesOf } from '../support/process-cost.ts';
import { short } from '../support/statistics.ts';
import { table } from '../support/table.ts';
import { pause } from './stage.ts';
import { startHub } from './subjects.ts';

const groups = 1000;
const devicesPerGroup = 100;
const connected = 1000;
const atOnce = 20;

export async function fleetMemory(): Promise<void> {
  await using subject = await startHub();
  const { hub } = subject;
  const rows: string[][] = [];
  const note = (what: string): void => {
    rows.push([what, short(residentBytesOf(subject.pid) / 1e6)]);
  };
  note('started');
  await inTurns(groups, async (group) => {
    const lines = Array.from(
      { length: devicesPerGroup },
      (_, device) => `climate,device=d${device} temperature=21.5`,
    );
    const path = `/api/v2/write?org=any&bucket=g${group}`;
    const headers = { 'content-type': 'text/plain' };
    const answer = await hub.request(path, { method: 'POST', body: lines.join('\n'), headers });
    if (answer.status !== 204) throw new Error(`${answer.status} ${await answer.text()}`);
  });
  note(`${groups * devicesPerGroup} devices in ${groups} groups registered`);
  const token = await hub.createToken({ name: 'all devices', role: 'gateway', groups: '*' });
  const clients: MqttClient[] = [];
  await inTurns(connected, async (index) => {
    const options = { username: `c${index}`, password: token, reconnectPeriod: 0 };
    const client = await connectAsync(subject.mqtt, options);
    const device = `signalbox/g${index % groups}/d${index % devicesPerGroup}`;
    await client.subscribeAsync(`${device}/commands/+`, { qos: 1 });
    await client.publishAsync(`${device}/telemetry`, '{"climate.temperature":22}', { qos: 1 });
    clients.push(client);
  });
  note(`${connected} of them connected`);
  await pause(5);
  note('5 s later');
  for (const client of clients) await client.endAsync(true);
  console.log('\nResident memory of the hub:');
  console.log(table(['', 'MB'], rows));
}

async function inTurns(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const turns = Array.from({ length: atOnce }, async () => {
    for (let index = (next += 1) - 1; index < count; index = (next += 1) - 1) await work(index);
  });
  await Promise.all(turns);
}
