import { expect, test } from 'vitest';
import { DeviceEntry } from '../../../hub/devices/device-entry.ts';
import { TwinLinks } from '../../../hub/devices/twin-links.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';

const name = { group: 'home', device: 'lamp' };

test('a way may open before its device is known, and is used once it is', () => {
  const links = new TwinLinks({ log: silentLog, counters: new CountersProbe() });
  const told: object[] = [];
  const link = { edge: 'mqtt', desire: async (message: object) => void told.push(message) } as const;
  const end = links.attach(name, undefined, link);
  const row = { ...name, title: 'lamp', labels: {}, metrics: [], controls: [], reported: {}, createdAt: 1 };
  const entry = new DeviceEntry({ ...row, desired: { state: { on: true }, version: 1, at: 2 } });
  links.tell(entry);
  expect(told).toHaveLength(1);
  end();
  end();
  links.tell(entry);
  expect(told).toHaveLength(1);
});
