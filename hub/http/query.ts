/** What a query string says, beyond its schema. */
import { RequestError } from '#contract/errors.ts';
import { parseWireTime } from '#contract/formats/time.ts';

const number = /^-?\d{1,16}(?:\.\d{1,6})?$/;

/** @returns epoch ms @throws {RequestError} 400 `invalid-time` */
export function parseQueryTime(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const timeUs = parseWireTime(number.test(text) ? Number(text) : text);
  if (timeUs === undefined)
    throw new RequestError(400, 'invalid-time', `\`${name}\` is epoch ms or an RFC 3339 time with its zone.`);
  return timeUs / 1000;
}

/** `?metrics=a,b` and `?metrics=a&metrics=b` alike; undefined when nothing is named. */
export function parseNames(names: string | readonly string[] | undefined): string[] | undefined {
  const all = [names ?? []].flat().flatMap((text) => text.split(',').filter((name) => name !== ''));
  return all.length === 0 ? undefined : all;
}

/** Leaves out what is undefined, for types that tell absent from undefined. */
export function withoutUndefined<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
