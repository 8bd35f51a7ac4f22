/**
 * SenML packs in JSON or CBOR on any topic: the shape is its own proof. The base name is the device.
 * https://www.rfc-editor.org/rfc/rfc8428
 */
import { FormatError } from '#contract/formats/decoded.ts';
import { decodeBinary } from '#contract/formats/binary.ts';
import { isBigInteger } from '#contract/formats/json.ts';
import { decodeSenml, isSenmlPack, senmlLabels } from '#contract/formats/senml.ts';
import type { Family, FamilyMessage, FamilyOutcome, FamilyReport } from './family.ts';

export const senml: Family = {
  name: 'senml',

  recognises(message: FamilyMessage): boolean {
    const pack = message.memory.of(LastPack).of(message);
    if (message.contentType?.startsWith('application/senml+') === true) return pack !== undefined;
    return isSenmlPack(pack) && pack.every(isRecord) && pack.some(hasValue);
  },

  decode(message: FamilyMessage): FamilyOutcome {
    const { readings, problems } = decodeSenml(
      message.memory.of(LastPack).take(message),
      message.receivedAtUs,
    );
    if (readings.length === 0 && problems.length === 0)
      throw new FormatError('empty', 'The pack holds no values.');
    const byDevice = Map.groupBy(readings, ({ device }) => device ?? message.levels.at(-1) ?? '');
    const reports = [...byDevice].map(([device, own]): FamilyReport => ({ device, readings: own }));
    return { reports, problems };
  },
};

/** What is recognised is decoded next: CBOR is read once for both. */
class LastPack {
  #message: FamilyMessage | undefined;
  #pack: unknown;

  of(message: FamilyMessage): unknown {
    if (this.#message !== message) {
      this.#message = message;
      this.#pack = packOf(message);
    }
    return this.#pack;
  }

  /** And keeps it no longer. */
  take(message: FamilyMessage): unknown {
    const pack = this.of(message);
    this.#message = undefined;
    this.#pack = undefined;
    return pack;
  }
}

/** In JSON, or in CBOR if the bytes are an array of that: RFC 8428, 6. */
function packOf({ json, text, payload, contentType }: FamilyMessage): unknown {
  if (json !== undefined) return contentType === 'application/senml+cbor' ? senmlLabels(json) : json;
  const [first = 0] = payload;
  if (text !== undefined || first < 0x80 || first > 0x9f) return undefined;
  try {
    return senmlLabels(decodeBinary(payload, 'cbor'));
  } catch {
    return undefined;
  }
}

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

/** Another kind of value under the same name is another format. */
function hasValue({ v, vs, vb, vd, s }: Readonly<Record<string, unknown>>): boolean {
  if (typeof v === 'string' && !isBigInteger(v)) return false;
  return [v, vs, vb, vd, s].some((value) => value !== undefined && value !== null);
}

/** Nothing else may look like SenML by the accident of an `n` and a `v`. */
function isRecord(record: object): boolean {
  return Object.keys(record).every((key) => labels.has(key) || key.endsWith('_'));
}
