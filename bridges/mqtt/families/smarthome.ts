/**
 * mqtt-smarthome: `<top>/status/<item>` with `{"val": …, "ts": …}`; the shape is its proof.
 * https://github.com/mqtt-smarthome/mqtt-smarthome/blob/master/Architecture.md
 */
import { isPlainObject } from '#contract/formats/json.ts';
import { parseTime } from '#contract/formats/time.ts';
import type { Family, FamilyMessage, FamilyOutcome } from './family.ts';
import { readingsOf } from './leaves.ts';

export const smarthome: Family = {
  name: 'smarthome',

  recognises({ levels, json }: FamilyMessage): boolean {
    if (levels[1] !== 'status' || levels.length < 3 || !isPlainObject(json) || !('val' in json)) return false;
    return typeof json['ts'] === 'number' || typeof json['lc'] === 'number';
  },

  decode({ levels, json }: FamilyMessage): FamilyOutcome {
    const { val, ts } = json as Readonly<Record<string, unknown>>;
    const [top = '', , ...item] = levels;
    // The last level is the value, what stands before it the thing; a thing with one value is both.
    const device = [top, ...item.slice(0, -1)].join('/');
    const readings = readingsOf({ [item.at(-1) ?? '']: val }, { timeUs: parseTime(ts) });
    return { reports: [{ device, readings }] };
  },
};
