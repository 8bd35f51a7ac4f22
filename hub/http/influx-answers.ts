/** Errors in the shape that clients of InfluxDB read. Spec: docs.influxdata.com, InfluxDB 2.x and 1.8 HTTP API. */
import Type from 'typebox';
import type { HttpParts } from './parts.ts';
import { createErrorHandler, type ErrorHandler } from './problem.ts';

/** InfluxDB's own words, by status. */
const codes: Readonly<Record<number, string>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not found',
  413: 'request too large',
  415: 'unsupported media type',
  429: 'too many requests',
  500: 'internal error',
  503: 'unavailable',
};

export const InfluxError = Type.Object({
  code: Type.String({ description: 'As InfluxDB 2 names it.' }),
  message: Type.String(),
  error: Type.Optional(Type.String({ description: 'The message again, where InfluxDB 1.x has it.' })),
});

/** @param version 1: clients look for `error`, and by its text decide whether to repeat */
export function createInfluxErrorHandler(parts: Pick<HttpParts, 'log'>, version: 1 | 2): ErrorHandler {
  return createErrorHandler(parts, ({ status, detail }) => {
    const body = { code: codes[status] ?? 'invalid', message: detail };
    return version === 1 ? { ...body, error: detail } : body;
  });
}

const refusals: Readonly<Record<number, string>> = {
  400: 'The request is wrong, or lines of it were: the good ones are stored, the bad ones are in quarantine. Do not repeat it.',
  401: 'A token is needed.',
  403: 'The token may not write for one of the devices: nothing of the request is stored.',
  404: 'There is no such bucket, or it is not yours to see.',
  413: 'Too many bytes or readings: send less at once.',
  503: 'Not now: repeat all of it after the seconds in Retry-After.',
};

/** What the OpenAPI document says of the refusals. */
export const influxRefusals = Object.fromEntries(
  Object.entries(refusals).map(([status, description]) => [
    status,
    { description, content: { 'application/json': { schema: InfluxError } } },
  ]),
);
