/**
 * One value by itself: a text payload such as `21.5`, `ON` or `21.5 °C`, or one JSON scalar. Pure.
 */
import type { Quality, Value } from '../reading.ts';
import { isBigInteger, stripPadding } from './json.ts';
import { toUcum } from './units.ts';

export interface Scalar {
  readonly value: Value;
  readonly quality: Quality;
  /** UCUM, when the text named a unit that we know. */
  readonly unit?: string;
}

const number = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?$/;
const decimalComma = /^[+-]?\d+,\d+$/;
const numberAndUnit = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?)\s*(\D\S{0,15})$/u;

/** The device answered, but not with a value. */
const noValue = /^(?:|[+-]?nan|[+-]?inf(?:inity)?|unavailable|unknown|null|none|nil|n\/a|-)$/i;
/** The same inside JSON, where a text is a text unless it can mean nothing else. */
const noValueInJson = /^(?:nan|unavailable)$/i;
const words: ReadonlyMap<string, boolean> = new Map([
  ['on', true],
  ['off', false],
  ['true', true],
  ['false', false],
]);
const bad: Scalar = { value: null, quality: 'bad' };

/** A text payload. What is neither number, switch word nor missing value is kept as the text it is. */
export function decodeScalar(text: string): Scalar {
  const clean = stripPadding(text).trim();
  if (noValue.test(clean)) return bad;
  const word = words.get(clean.toLowerCase());
  if (word !== undefined) return { value: word, quality: 'good' };
  if (isBigInteger(clean)) return { value: clean, quality: 'uncertain' };
  if (number.test(clean)) return decodeNumber(Number(clean));
  // `1,234` may be a thousand and more: believed, but not quite.
  if (decimalComma.test(clean)) return { value: Number(clean.replace(',', '.')), quality: 'uncertain' };
  return decodeWithUnit(clean) ?? { value: clean, quality: 'good' };
}

/** One scalar of a JSON document; undefined for what JSON has no form for. */
export function decodeJsonScalar(value: unknown): Scalar | undefined {
  if (value === null) return bad;
  if (typeof value === 'boolean') return { value, quality: 'good' };
  if (typeof value === 'number') return decodeNumber(value);
  if (typeof value !== 'string') return undefined;
  if (noValueInJson.test(value)) return bad;
  return { value, quality: isBigInteger(value) ? 'uncertain' : 'good' };
}

function decodeNumber(value: number): Scalar {
  if (!Number.isFinite(value)) return bad;
  return { value: value === 0 ? 0 : value, quality: 'good' };
}

function decodeWithUnit(text: string): Scalar | undefined {
  const [, amount, unitText] = numberAndUnit.exec(text) ?? [];
  if (amount === undefined || unitText === undefined) return undefined;
  // °C is what people mean by `21.5C`; a sensor of electric charge does not write coulombs this way.
  const unit = unitText === 'C' ? 'Cel' : toUcum(unitText);
  return unit === undefined ? undefined : { ...decodeNumber(Number(amount)), unit };
}
