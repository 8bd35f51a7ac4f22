/**
 * Frigate: what cameras see. `frigate/events` and `frigate/reviews` are events of their camera, `frigate/<camera>/…` are
 * counts and switches. https://docs.frigate.video/integrations/mqtt/
 */
import type { Json } from '#contract/event.ts';
import { isPlainObject } from '#contract/formats/json.ts';
import { decodeScalar } from '#contract/formats/scalar.ts';
import { parseTime } from '#contract/formats/time.ts';
import type { Family, FamilyMessage, FamilyOutcome } from './family.ts';
import { readingsOf } from './leaves.ts';
import { presenceOf } from './presence.ts';

type Fields = Readonly<Record<string, unknown>>;

const base = 'frigate';
const lists = /^(?:events|reviews|tracked_object_update)$/;
/** Pictures, sound and what is set. */
const notMeasured = /^(?:snapshot|clips|classification)$/;

export const frigate: Family = {
  name: base,

  recognises({ levels, text, json }: FamilyMessage): boolean {
    const [first, second = '', third = ''] = levels;
    if (first !== base || second === '') return false;
    if (levels.length === 2) {
      if (second === 'available') return presenceOf(text) !== undefined;
      return (
        (lists.test(second) || second === 'stats' || second === 'camera_activity') && isPlainObject(json)
      );
    }
    if (text === undefined) return notMeasured.test(levels.at(-1) ?? '');
    return levels.length === 3 ? third !== '' && !isPlainObject(json) : levels.length === 4;
  },

  decode({ levels, text = '', json }: FamilyMessage): FamilyOutcome {
    const [, device = '', ...path] = levels;
    const last = levels.at(-1) ?? '';
    if (device === 'available') return { reports: [{ device: base, presence: presenceOf(text) }] };
    if (device === 'stats')
      return { reports: [{ device: base, readings: readingsOf(json, { skip: isAbout }) }] };
    if (lists.test(device)) return decodeEvent(device, json as Fields);
    if (last === 'set' || last === 'restart' || notMeasured.test(last) || device === 'camera_activity')
      return { reports: [], aside: 'A command, a picture, or a list: no value of a camera.' };
    const metric = (last === 'state' ? path.slice(0, -1) : path).join('.');
    const { value, quality } = decodeScalar(text);
    return { reports: [{ device, readings: [{ metric, value, quality }] }] };
  },
};

/** An event is told of when it begins, whenever it changes, and when it ends: `type` says which. */
function decodeEvent(kind: string, fields: Fields): FamilyOutcome {
  const { type, after } = fields;
  const now: Fields = isPlainObject(after) ? after : fields;
  const { camera, frame_time: frameTime, start_time: startTime, end_time: endTime } = now;
  const timeUs = parseTime(type === 'end' ? endTime : (frameTime ?? startTime));
  const name = typeof type === 'string' ? `${kind}.${type}` : kind;
  const device = typeof camera === 'string' ? camera : base;
  return { reports: [{ device, events: [{ name, timeUs, data: now as Json }] }] };
}

function isAbout(path: readonly string[]): boolean {
  return /^(?:version|latest_version|last_updated|pid|\w+_pid|cmdline)$/.test(path.at(-1) ?? '');
}
