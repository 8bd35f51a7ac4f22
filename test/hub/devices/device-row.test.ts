import { expect, test } from 'vitest';
import { DeviceTable } from '../../../hub/devices/device-table.ts';

test('the numbers of one device are not those of another', () => {
  const table = new DeviceTable();
  const [lamp, meter] = [table.row(table.add()), table.row(table.add())];
  lamp.presence = 'stale';
  lamp.was = 'online';
  lamp.rhythmMs = 1.5;
  lamp.connections -= 1;
  lamp.isNapping = true;
  meter.lastSeen = 1_700_000_000_000;
  expect(lamp).toMatchObject({
    presence: 'stale',
    was: 'online',
    rhythmMs: 1.5,
    connections: -1,
    isNapping: true,
  });
  expect(meter).toMatchObject({ connections: 0, isNapping: false, lastSeen: 1_700_000_000_000 });
});

test('a time that is not known is told from the beginning of time', () => {
  const table = new DeviceTable();
  const row = table.row(table.add());
  row.lastSeen = undefined;
  row.savedLastSeen = 0;
  expect([row.lastSeen, row.savedLastSeen]).toEqual([undefined, 0]);
});
