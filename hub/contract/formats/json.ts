/**
 * JSON (RFC 8259) as devices send it: nothing is rounded, nothing nests without end. Pure.
 */
import { limits } from '../limits.ts';
import { FormatError } from './decoded.ts';

/** Integers shorter than this are exact as numbers; only longer ones, outside of a text, need a second look. */
const safeDigits = 15;
const longInteger = /(?:^|[-:,[\s])\d{16}/;
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
    value = mayHoldBigInteger(clean) ? JSON.parse(clean, keepBigInteger) : JSON.parse(clean);
  } catch (error) {
    throw new FormatError('invalid-json', 'The payload is not valid JSON.', { cause: error });
  }
  if (mayNestDeep(clean) && !nestsWithin(value, limits.jsonDepth))
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

/** Called with a scalar, or with something that JSON has no form for (binary attachments of other transports). */
export type VisitLeaf = (path: readonly string[], leaf: unknown) => void;

/**
 * Calls `visit` for each scalar of a document, in its order, with the keys and indexes that lead to it. Empty objects and
 * arrays hold none.
 * @param except keys of `value` itself that are left out
 * @throws {FormatError} `too-deep`
 */
export function walkJson(value: unknown, visit: VisitLeaf, except: readonly string[] = []): void {
  if (isContainer(value)) walkInto(value, none, { visit, except });
  else visit(none, value);
}

/** JSON Pointer (RFC 6901 §3) to what these keys lead to. */
export function pointerTo(base: string, path: readonly string[]): string {
  let pointer = base;
  for (const key of path) pointer += `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return pointer;
}

/** An object that came from JSON, not a Date, Map or byte array. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Sets a property of this name whatever it is: plain assignment of `__proto__` sets the prototype. */
export function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}

interface Walk {
  readonly visit: VisitLeaf;
  readonly except: readonly string[];
}

const none: readonly string[] = [];

/** A path is made for each leaf: one array for all would grow and shrink with each step, which costs more. */
function walkInto(container: object, path: readonly string[], walk: Walk): void {
  const depth = path.length;
  if (depth === limits.jsonDepth)
    throw new FormatError('too-deep', `The payload nests deeper than ${limits.jsonDepth} levels.`);
  for (const key of Object.keys(container)) {
    if (depth === 0 && walk.except.includes(key)) continue;
    const child = (container as Record<string, unknown>)[key];
    const to = depth === 0 ? [key] : [...path, key];
    if (isContainer(child)) walkInto(child, to, walk);
    else walk.visit(to, child);
  }
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && (Array.isArray(value) || isPlainObject(value));
}

function keepBigInteger(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  // The source text came with ES2026; without it the number stays as rounded as it is.
  const source = context?.source;
  return source !== undefined && integerLiteral.test(source) ? source : value;
}

/** A run of that many digits has one at a known step: most texts are told by a few looks. */
function mayHoldBigInteger(text: string): boolean {
  for (let at = safeDigits; at < text.length; at += safeDigits + 1)
    if (isDigit(text, at) && digitsAround(text, at) > safeDigits) return longInteger.test(text);
  return false;
}

function digitsAround(text: string, at: number): number {
  let from = at;
  let to = at + 1;
  while (from > 0 && isDigit(text, from - 1)) from -= 1;
  while (to < text.length && isDigit(text, to)) to += 1;
  return to - from;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

/** With few brackets nothing can: counting them costs less than looking into every object. */
function mayNestDeep(text: string): boolean {
  let opened = 0;
  for (const bracket of ['{', '['])
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      opened += 1;
      if (opened > limits.jsonDepth) return true;
    }
  return false;
}

function nestsWithin(value: unknown, depthLeft: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depthLeft === 0) return false;
  if (Array.isArray(value)) {
    for (const child of value) if (!nestsWithin(child, depthLeft - 1)) return false;
    return true;
  }
  const object = value as Readonly<Record<string, unknown>>;
  // From JSON, so that nothing is inherited; a list of the keys of each object would be half of the garbage.
  for (const key in object) if (!nestsWithin(object[key], depthLeft - 1)) return false;
  return true;
}
