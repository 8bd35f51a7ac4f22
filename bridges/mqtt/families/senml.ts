/**
 * SenML packs in JSON on any topic: the shape is its own proof. The base name is the device.
 * https://www.rfc-editor.org/rfc/rfc8428
 */
import { FormatError } from '#contract/formats/decoded.ts';
import { decodeSenml, isSenmlPack } from '#contract/formats/senml.ts';
import type { Family, FamilyMessage, FamilyOutcome, FamilyReport } from './family.ts';

export const senml: Family = {
  name: 'senml',

  recognises({ contentType, json }: FamilyMessage): boolean {
    return contentType === 'application/senml+json'
      ? json !== undefined
      : isSenmlPack(json) && json.every(isRecord);
  },

  decode({ json, levels, receivedAtUs }: FamilyMessage): FamilyOutcome {
    const { readings, problems } = decodeSenml(json, receivedAtUs);
    if (readings.length === 0 && problems.length === 0)
      throw new FormatError('empty', 'The pack holds no values.');
    const byDevice = Map.groupBy(readings, ({ device }) => device ?? levels.at(-1) ?? '');
    const reports = [...byDevice].map(([device, own]): FamilyReport => ({ device, readings: own }));
    return { reports, problems };
  },
};

const labels = new Set([
  'bn',
  'bt',
  'bu',
  'bv',
  'bs',
  'bver',
  'n',
  'u',
  'v',
  'vs',
  'vb',
  'vd',
  's',
  't',
  'ut',
  'l',
]);

/** Nothing else may look like SenML by the accident of an `n` and a `v`. */
function isRecord(record: object): boolean {
  return Object.keys(record).every((key) => labels.has(key) || key.endsWith('_'));
}
