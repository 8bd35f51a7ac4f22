/** What a schema found wrong, as a sentence: which parameter or place it is, what is allowed there, what was given. Pure. */
import type { FastifyError } from 'fastify';

type Found = NonNullable<FastifyError['validation']>[number];

/** What the request brought. A sentence repeats parameters, never a body: that may hold what nobody else should read. */
export interface Given {
  readonly query: unknown;
  readonly params: unknown;
  /** Of its body. */
  readonly type: string | undefined;
  /** That the route takes; none: JSON. */
  readonly types: readonly string[];
}

const shownChars = 60;

/** @param context where Fastify looked: `querystring`, `params`, `body` or `headers` */
export function describeFound(found: Found, context: string, given: Given): string {
  const { instancePath } = found;
  const [, missing] = /^must have required properties (.+)$/.exec(found.message ?? '') ?? [];
  if (context !== 'querystring' && context !== 'params') {
    const place = instancePath === '' ? `The ${context}` : `In the ${context} ${instancePath}`;
    return `${place} ${allowedOf(found)}.`;
  }
  if (missing !== undefined) return `The parameter ${missing} is missing.`;
  const name = instancePath.slice(1);
  const texts = (context === 'params' ? given.params : given.query) as Readonly<Record<string, unknown>>;
  return `The parameter ${name} ${allowedOf(found)}; it is ${shorten(texts[name])}.`;
}

/** Programs that send a body without a word have named a type all the same: of a form. */
export function describeType({ type, types }: Given): string {
  const taken = types.length === 0 ? ['application/json'] : types;
  return `The Content-Type must be one of ${taken.join(', ')}; it is ${shorten(type)}.`;
}

export function allowedOf({ keyword, params, message = 'is not valid' }: Found): string {
  const { allowedValues } = params as { readonly allowedValues?: readonly unknown[] };
  return keyword === 'enum' && allowedValues ? `must be one of ${allowedValues.join(', ')}` : message;
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? 'absent';
  return text.length > shownChars ? `${text.slice(0, shownChars)}…` : text;
}
