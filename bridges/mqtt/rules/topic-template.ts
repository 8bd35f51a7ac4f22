/**
 * A topic template: an MQTT topic in which `{part}` stands for a level or a piece of one, and `+` and `#` mean what
 * they mean in a filter. Spec: MQTT 5, §4.7. Pure.
 */
import { RequestError } from '#contract/errors.ts';
import { isTopicFilter } from '#contract/topic-filters.ts';

export type Parts = ReadonlyMap<string, string>;

const part = /\{([A-Za-z_]\w{0,31})\}/g;
const levelsMost = 32;

export class TopicTemplate {
  readonly names: ReadonlySet<string>;
  readonly #order: readonly string[];
  readonly #pattern: RegExp;

  /** @throws {RequestError} 400 `invalid-template`, with what is wrong */
  constructor(text: string) {
    const levels = text.split('/');
    if (levels.length > levelsMost) throw invalid(`a topic has at most ${levelsMost} levels`);
    this.#order = [...text.matchAll(part)].map(([, name = '']) => name);
    this.names = new Set(this.#order);
    if (this.names.size < this.#order.length) throw invalid('a part is named twice');
    if (!isTopicFilter(text.replaceAll(part, 'x')))
      throw invalid('`+` stands alone in its level, `#` alone in the last one');
    this.#pattern = new RegExp(`^${levels.map(toPattern).join('')}$`, 's');
  }

  /** @returns what each part stands for; undefined if the template does not select the topic */
  match(topic: string): Parts | undefined {
    const found = this.#pattern.exec(topic);
    if (found === null) return undefined;
    return new Map(this.#order.map((name, index) => [name, found[index + 1] ?? '']));
  }
}

function toPattern(level: string, index: number): string {
  const slash = index === 0 ? '' : '/';
  // §4.7.2: wildcards in the first level select no `$` topics; §4.7.1.2: `a/#` selects `a` too.
  const first = index === 0 ? '(?!\\$)' : '';
  if (level === '#') return index === 0 ? `${first}.*` : '(?:/.*)?';
  if (level === '+') return `${slash}${first}[^/]*`;
  const pieces = level.split(part);
  // Two parts in one level could be divided in many ways, and trying all of them takes time.
  if (pieces.length > 3) throw invalid('a level holds at most one part');
  const [before = '', name, after = ''] = pieces;
  if (/[{}]/.test(before + after)) throw invalid('a part is `{name}`, of letters, digits and `_`');
  if (name === undefined) return slash + RegExp.escape(before);
  return `${slash}${before === '' ? first : RegExp.escape(before)}([^/]+)${after === '' ? '' : RegExp.escape(after)}`;
}

/** Puts what the parts stand for into a text. @throws {RequestError} 400 it names a part that is not there */
export function checkFill(text: string, names: ReadonlySet<string>): void {
  for (const [, name = ''] of text.matchAll(part))
    if (!names.has(name)) throw invalid(`{${name}} in ${JSON.stringify(text)} is no part of the topic`);
}

export function fill(text: string, parts: Parts): string {
  return text.replaceAll(part, (whole, name: string) => parts.get(name) ?? whole);
}

function invalid(why: string): RequestError {
  return new RequestError(400, 'invalid-template', `The topic template cannot be used: ${why}.`);
}
