/**
 * EMS-ESP: what boilers and thermostats with an EMS bus say, as `ems-esp/<device>_data[_<part>]` with one object. The
 * gateway may be set to Fahrenheit: temperatures have no unit here.
 * https://emsesp.org/MQTT/
 */
import type { Json } from '#contract/event.ts';
import { isPlainObject } from '#contract/formats/json.ts';
import type { Family, FamilyMessage, FamilyOutcome } from './family.ts';
import { readingsOf } from './leaves.ts';
import { presenceOf } from './presence.ts';

const base = 'ems-esp';
const objectTopic = /^([a-z0-9]+)_data(?:_\w+)?$/;

export const emsEsp: Family = {
  name: base,

  recognises({ levels, text, json }: FamilyMessage): boolean {
    const [first, second = ''] = levels;
    if (first !== base || levels.length < 2 || text === undefined) return false;
    if (levels.length > 2) return levels.length <= 4;
    if (second === 'status') return presenceOf(text) !== undefined;
    return (objectTopic.test(second) || /^(?:heartbeat|info|response)$/.test(second)) && isPlainObject(json);
  },

  decode({ levels, text = '', json }: FamilyMessage): FamilyOutcome {
    const [, second = '', ...path] = levels;
    if (second === 'status') return { reports: [{ device: base, presence: presenceOf(text) }] };
    if (second === 'heartbeat')
      return {
        reports: [
          {
            device: base,
            readings: readingsOf(json, { unit: ([name]) => (name === 'uptime_sec' ? 's' : undefined) }),
          },
        ],
      };
    if (second === 'info' || second === 'response')
      return { reports: [{ device: base, events: [{ name: second, data: json as Json }] }] };
    const [, device = second] = objectTopic.exec(second) ?? [];
    return path.length === 0
      ? { reports: [{ device, readings: readingsOf(json) }] }
      : { reports: [], aside: 'A value or a command: both have this topic.' };
  },
};
