/**
 * Paths into JSON as operators write them: the names, indexes and wildcards of JSONPath. Filters, slices and descent
 * are left out: a mapping has to say what it takes.
 * Spec: RFC 9535, §2.3.1 (name), §2.3.2 (wildcard), §2.3.3 (index). Pure.
 */
import { RequestError } from '#contract/errors.ts';

type Selector = { readonly name: string } | { readonly index: number } | 'each';

export interface Found {
  readonly value: unknown;
  /** What each wildcard selected, in order. */
  readonly chosen: readonly string[];
}

const segment =
  /(?:\.(?<name>[A-Za-z_\u0080-\uFFFF][\w\u0080-\uFFFF]*)|\[(?<index>-?(?:0|[1-9]\d{0,8}))\]|\['(?<single>(?:[^'\\]|\\.)*)'\]|\["(?<double>(?:[^"\\]|\\.)*)"\]|(?<each>\.\*|\[\*\]))/gy;
/** Wildcards multiply: what one path may select. */
const foundMost = 1000;

export class JsonPath {
  readonly text: string;
  readonly wildcards: number;
  readonly #selectors: readonly Selector[];

  /** @throws {RequestError} 400 `invalid-path` */
  constructor(text: string) {
    this.text = text;
    this.#selectors = parse(text);
    this.wildcards = this.#selectors.filter((selector) => selector === 'each').length;
  }

  /** The payload as a whole. */
  get isRoot(): boolean {
    return this.#selectors.length === 0;
  }

  find(document: unknown): readonly Found[] {
    let found: readonly Found[] = [{ value: document, chosen: [] }];
    for (const selector of this.#selectors)
      found = found.flatMap((at) => select(at, selector)).slice(0, foundMost);
    return found;
  }
}

function parse(text: string): readonly Selector[] {
  const selectors: Selector[] = [];
  let at = 1;
  while (text.startsWith('$') && at < text.length) {
    segment.lastIndex = at;
    const groups = segment.exec(text)?.groups;
    if (groups === undefined) break;
    at = segment.lastIndex;
    const { name, index, single, double, each } = groups;
    if (each !== undefined) selectors.push('each');
    else if (index === undefined) selectors.push({ name: name ?? unescape(single ?? double ?? '') });
    else selectors.push({ index: Number(index) });
  }
  if (text.startsWith('$') && at >= text.length) return selectors;
  throw new RequestError(
    400,
    'invalid-path',
    `${JSON.stringify(text)} is no path: write $.name, $['a name'], $[0] or $[*].`,
  );
}

function unescape(quoted: string): string {
  return quoted.replaceAll(/\\(.)/gs, '$1');
}

function select({ value, chosen }: Found, selector: Selector): readonly Found[] {
  if (typeof value !== 'object' || value === null) return [];
  if (selector === 'each')
    return Object.entries(value).map(([key, each]) => ({ value: each, chosen: [...chosen, key] }));
  if ('index' in selector) {
    if (!Array.isArray(value)) return [];
    const list: readonly unknown[] = value;
    const index = selector.index < 0 ? list.length + selector.index : selector.index;
    return index in list ? [{ value: list[index], chosen }] : [];
  }
  if (Array.isArray(value) || !Object.hasOwn(value, selector.name)) return [];
  return [{ value: (value as Readonly<Record<string, unknown>>)[selector.name], chosen }];
}
