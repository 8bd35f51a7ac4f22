/** A device gets another name: its series, events and commands go along, in one transaction. */
import type { DatabaseSync } from 'node:sqlite';
import type { DeviceName } from '#contract/device.ts';
import type { MovedSeries } from './messages.ts';

export function moveWrites(database: DatabaseSync) {
  const moveSeries = database.prepare('UPDATE series SET grp = ?, device = ?, tags = ? WHERE id = ?');
  const moveEvents = database.prepare('UPDATE events SET grp = ?, device = ? WHERE grp = ? AND device = ?');
  // An id is unique in its group: in the rare case that it is taken in the other one, the command stays where it was.
  const moveCommands = database.prepare(`
    UPDATE OR IGNORE commands SET grp = :group, device = :device,
      record = json_set(record, '$.group', :group, '$.device', :device)
    WHERE grp = :fromGroup AND device = :fromDevice`);
  const forget = database.prepare('DELETE FROM devices WHERE grp = ? AND device = ?');
  return {
    moveDevice(from: DeviceName, to: DeviceName, series: readonly MovedSeries[]): void {
      for (const { id, tags } of series) moveSeries.run(to.group, to.device, tags, id);
      moveEvents.run(to.group, to.device, from.group, from.device);
      moveCommands.run({ ...to, fromGroup: from.group, fromDevice: from.device });
      forget.run(from.group, from.device);
    },
  };
}
