/**
 * JSON (RFC 8259) as devices send it: nothing is rounded, nothing nests without end. Pure.
 */
import { limits } from '../limits.ts';
import { FormatError } from './decoded.ts';

/** Integers shorter than this are exact as numbers; only longer ones need a second look. */
const mayHoldBigInteger = /\d{16}/;
const integerLiteral = /^-?\d+$/;

/**
 * Parses one JSON text. Integers beyond 2^53 come back as text, digit for digit; all other numbers are doubles.
 * A byte order mark and the NULs that C strings leave at the end are taken off. Keys such as `__proto__` are
 * ordinary own properties: read them with `Object.entries`, never assign them.
 * @throws {FormatError} `invalid-json`, `too-deep`
 */
export function parseJson(text: string): unknown {
  const clean = stripPadding(text);
  let value: unknown;
  try {
    value = mayHoldBigInteger.test(clean) ? JSON.parse(clean, keepBigInteger) : JSON.parse(clean);
  } catch (error) {
    throw new FormatError('invalid-json', 'The payload is not valid JSON.', { cause: error });
  }
  if (!nestsWithin(value, limits.jsonDepth))
    throw new FormatError('too-deep', `The payload nests deeper than ${limits.jsonDepth} levels.`);
  return value;
}

/** Takes off a leading byte order mark and trailing NULs. */
export function stripPadding(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end -= 1;
  return text.slice(text.startsWith('\uFEFF') ? 1 : 0, end);
}

/** Is this text an integer that a double cannot hold exactly? */
export function isBigInteger(text: string): boolean {
  return text.length >= 16 && integerLiteral.test(text) && !Number.isSafeInteger(Number(text));
}

/** One value inside a JSON document: where it stands, and what it is. */
export interface Leaf {
  /** Keys and indexes joined by `.`: the metric's name before the rules for ids. */
  readonly path: string;
  /** JSON Pointer (RFC 6901) to the value. */
  readonly pointer: string;
  /** A scalar, or something that JSON has no form for (binary attachments of other transports). */
  readonly value: unknown;
}

/**
 * The scalars of a document, in its order. Empty objects and arrays hold none.
 * @param pointer where `value` itself stands
 * @param except keys of `value` itself that are left out
 * @throws {FormatError} `too-deep`
 */
export function flattenJson(value: unknown, pointer = '', except: readonly string[] = []): readonly Leaf[] {
  const leaves: Leaf[] = [];
  collect({ path: '', pointer, value }, { depthLeft: limits.jsonDepth, except }, leaves);
  return leaves;
}

/** An object that came from JSON, not a Date, Map or byte array. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

interface Collecting {
  readonly depthLeft: number;
  readonly except: readonly string[];
}

function collect(leaf: Leaf, { depthLeft, except }: Collecting, into: Leaf[]): void {
  const { path, pointer, value } = leaf;
  if (!isContainer(value)) {
    into.push(leaf);
    return;
  }
  if (depthLeft === 0)
    throw new FormatError('too-deep', `The payload nests deeper than ${limits.jsonDepth} levels.`);
  const inside = { depthLeft: depthLeft - 1, except: [] };
  for (const [key, child] of Object.entries(value) as [string, unknown][]) {
    if (except.includes(key)) continue;
    const childPath = path === '' ? key : `${path}.${key}`;
    const found = { path: childPath, pointer: `${pointer}/${escapePointer(key)}`, value: child };
    // Most are scalars: no need to look inside.
    if (isContainer(child)) collect(found, inside, into);
    else into.push(found);
  }
}

function isContainer(value: unknown): value is object {
  return Array.isArray(value) || isPlainObject(value);
}

/** RFC 6901 §3. */
function escapePointer(key: string): string {
  return /[~/]/.test(key) ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key;
}

function keepBigInteger(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  // The source text came with ES2026; without it the number stays as rounded as it is.
  const source = context?.source;
  return source !== undefined && integerLiteral.test(source) ? source : value;
}

function nestsWithin(value: unknown, depthLeft: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depthLeft === 0) return false;
  const children: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  return children.every((child) => nestsWithin(child, depthLeft - 1));
}
