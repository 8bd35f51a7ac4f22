/**
 * Lists in pages: `?limit=…&cursor=…` in, `{ items, next? }` out. A cursor is opaque and says where the next page
 * begins by what was last, never by a count: what comes and goes meanwhile neither repeats nor hides anything else.
 */
import Type from 'typebox';
import { RequestError } from '#contract/errors.ts';
import { Limit } from './schemas.ts';

export const defaultLimit = 100;

/** Fields of the query of every list. */
export const pageFields = {
  limit: Type.Optional(Limit),
  cursor: Type.Optional(
    Type.String({ minLength: 1, maxLength: 1024, description: '`next` of the page before.' }),
  ),
};
export const PageQuery = Type.Object(pageFields);

/** `next` is absent on the last page. */
export function pageOf<Item extends Type.TSchema>(item: Item) {
  return Type.Object({
    items: Type.Array(item),
    next: Type.Optional(Type.String({ description: 'The `cursor` of the next page.' })),
  });
}

/**
 * @param found up to one more than `limit`: that there is one more tells that there is a next page
 * @param placeOf texts or numbers that say where an item stands in the order of the list
 */
export function toPage<Item>(
  found: readonly Item[],
  limit: number,
  placeOf: (item: Item) => readonly (string | number)[],
): { readonly items: readonly Item[]; readonly next?: string } {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  if (found.length <= limit || last === undefined) return { items };
  return { items, next: Buffer.from(JSON.stringify(placeOf(last))).toString('base64url') };
}

/** @returns what `placeOf` said of the last item @throws {RequestError} 400 `invalid-cursor` */
export function readCursor<const Kinds extends readonly ('string' | 'number')[]>(
  cursor: string | undefined,
  ...kinds: Kinds
): { readonly [Index in keyof Kinds]: Kinds[Index] extends 'string' ? string : number } | undefined {
  if (cursor === undefined) return undefined;
  const place = parse(cursor);
  if (
    Array.isArray(place) &&
    place.length === kinds.length &&
    kinds.every((kind, at) => typeof place[at] === kind)
  )
    return place as never;
  throw new RequestError(400, 'invalid-cursor', 'The cursor is none that this list has given.');
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    // Whatever it is, it is not ours: the caller hears so.
    return undefined;
  }
}
