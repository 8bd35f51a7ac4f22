/**
 * One mapping, compiled: which topics it selects, and what it takes from a payload. What comes out is what a family
 * would say, so that everything behind it is the same. Pure.
 */
import { RequestError } from '#contract/errors.ts';
import type { DecodedReading, Problem } from '#contract/formats/decoded.ts';
import { decodeJsonScalar, decodeScalar, type Scalar } from '#contract/formats/scalar.ts';
import { parseTime } from '#contract/formats/time.ts';
import type { MappedValue, Mapping, MappingDraft } from '#contract/mapping.ts';
import { toGroupId } from '#contract/names.ts';
import type { FamilyMessage, FamilyOutcome } from '../families/family.ts';
import { JsonPath, type Found } from './json-path.ts';
import { checkFill, fill, TopicTemplate, type Parts } from './topic-template.ts';

interface CompiledValue {
  readonly path: JsonPath;
  readonly value: MappedValue;
}

const chosenPart = '{*}';

export class Rule {
  readonly draft: MappingDraft;
  readonly #template: TopicTemplate;
  readonly #values: readonly CompiledValue[];
  readonly #time: JsonPath | undefined;

  /** @throws {RequestError} 400, with a sentence for the operator */
  constructor(draft: MappingDraft | Mapping) {
    this.draft = draft;
    this.#template = new TopicTemplate(draft.topic);
    this.#values = draft.values.map((value) => ({ path: new JsonPath(value.path), value }));
    this.#time = draft.time === undefined ? undefined : new JsonPath(draft.time);
    const { names } = this.#template;
    for (const text of [draft.group, draft.device]) checkFill(text, names);
    for (const { path, value } of this.#values) {
      checkFill(value.metric, names);
      if (value.metric.includes(chosenPart) !== path.wildcards > 0)
        throw new RequestError(
          400,
          'invalid-metric',
          `${value.metric} and ${value.path}: \`{*}\` in the metric stands for the \`*\` of the path; both or none.`,
        );
    }
  }

  selects(topic: string): boolean {
    return this.#template.match(topic) !== undefined;
  }

  /** @returns readings and problems; with nothing found, why, as `aside`. Undefined: not its topic */
  decode(message: FamilyMessage): FamilyOutcome | undefined {
    const parts = this.#template.match(message.topic);
    if (parts === undefined) return undefined;
    const document = documentOf(message);
    const problems: Problem[] = [];
    const timeUs = this.#timeOf(document, message, problems);
    const readings: DecodedReading[] = [];
    const missing: string[] = [];
    for (const { path, value } of this.#values) {
      const found = path.find(document);
      if (found.length === 0) missing.push(path.text);
      for (const each of found) {
        const scalar = toScalar(each.value, value, message.json === undefined);
        if (scalar === undefined) problems.push(notAValue(path));
        else readings.push({ metric: metricOf(value, parts, each), timeUs, ...finish(scalar, value) });
      }
    }
    if (readings.length === 0 && problems.length === 0)
      return { reports: [], aside: `The mapping ${this.draft.name} finds nothing at ${missing.join(', ')}.` };
    const { group, device } = this.draft;
    const report = { group: toGroupId(fill(group, parts)), device: fill(device, parts), readings };
    return { reports: readings.length === 0 ? [] : [report], problems };
  }

  #timeOf(document: unknown, { localTime }: FamilyMessage, problems: Problem[]): number | undefined {
    const [found] = this.#time?.find(document) ?? [];
    if (found === undefined || this.#time === undefined) return undefined;
    const timeUs = parseTime(found.value) ?? localTime.parse(found.value)?.timeUs;
    if (timeUs === undefined)
      problems.push({ path: this.#time.text, code: 'invalid-time', message: 'That is no time.' });
    return timeUs;
  }
}

/** A plain payload is a document of one text. */
function documentOf({ json, text }: FamilyMessage): unknown {
  return json === undefined ? text : json;
}

function toScalar(value: unknown, { as }: MappedValue, isPlain: boolean): Scalar | undefined {
  if (as === 'text' && (typeof value === 'string' || typeof value === 'number'))
    return { value: String(value), quality: 'good' };
  // A plain payload has no types of its own; only `as` can tell that digits in JSON quotes are meant as a number.
  if (typeof value === 'string' && as === 'number') return numeric(decodeScalar(value));
  return typeof value === 'string' && isPlain ? decodeScalar(value) : decodeJsonScalar(value);
}

function numeric(scalar: Scalar): Scalar {
  return typeof scalar.value === 'string' ? { value: null, quality: 'bad' } : scalar;
}

function finish(
  scalar: Scalar,
  { factor, sentinels, quality: best, unit }: MappedValue,
): Pick<DecodedReading, 'value' | 'quality' | 'unit'> {
  const named = unit ?? scalar.unit;
  const { value } = scalar;
  if (sentinels?.some((sentinel) => sentinel === value) === true)
    return { value: null, quality: 'bad', unit: named };
  return {
    value: typeof value === 'number' && factor !== undefined ? value * factor : value,
    quality: scalar.quality === 'good' ? (best ?? 'good') : scalar.quality,
    unit: named,
  };
}

function metricOf({ metric }: MappedValue, parts: Parts, { chosen }: Found): string {
  return fill(metric, parts).replaceAll(chosenPart, () => chosen.join('.'));
}

function notAValue({ text }: JsonPath): Problem {
  return {
    path: text,
    code: 'not-a-value',
    message: `${text} is an object or an array: name a value in it.`,
  };
}
