import { Validator } from '@seriousme/openapi-schema-validator';
import { beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../../../hub/http/parts.ts';
import { allRoutes } from '../../../hub/http/server.ts';
import type { OpenApiDocument } from '../../../hub/http/docs-page.ts';
import { HttpRig } from './support.ts';

interface Operation {
  readonly 'x-permission'?: string;
  readonly summary?: string;
  readonly security?: readonly object[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, object>> }>>;
}
interface Registered {
  readonly method: string;
  readonly url: string;
  readonly permission: string | undefined;
}

let rig: HttpRig;
let document: OpenApiDocument;
const registered: Registered[] = [];

function watch(app: App): void {
  app.addHook('onRoute', ({ method, url, schema, config }) => {
    const isHidden = schema?.hide === true;
    if (method !== 'HEAD' && !isHidden)
      registered.push({ method: String(method), url, permission: config?.permission });
  });
}

beforeAll(async () => {
  rig = await HttpRig.start({}, [watch, ...allRoutes]);
  document = (await rig.anonymous({ url: '/api/v1/openapi.json' })).json<OpenApiDocument>();
});

function operationOf({ method, url }: Registered): Operation | undefined {
  const path = url.replaceAll(/:(\w+)/g, '{$1}');
  return document.paths?.[path]?.[method.toLowerCase()] as Operation | undefined;
}

describe('the OpenAPI document', () => {
  test('has every route, with its permission, a summary and its refusals', () => {
    expect(registered.length).toBeGreaterThan(24);
    for (const route of registered) {
      const name = `${route.method} ${route.url}`;
      const operation = operationOf(route);
      expect(operation?.summary, name).toBeTruthy();
      expect(operation?.['x-permission'], name).toBe(route.permission);
      const isPublic = route.permission === 'public';
      const expected = [
        ...(isPublic ? [] : ['401', '403']),
        ...(route.url.includes(':') ? ['404'] : []),
        '400',
      ];
      expect(Object.keys(operation?.responses ?? {}), name).toEqual(expect.arrayContaining(expected));
      for (const status of expected)
        expect(Object.keys(operation?.responses[status]?.content ?? {}), name).toEqual([
          // Clients of InfluxDB read its own shape of errors.
          /\/(?:write|query)$/.test(route.url) ? 'application/json' : 'application/problem+json',
        ]);
      expect(operation?.security?.length, name).toBe(isPublic ? 0 : 2);
      expect(
        Object.keys(operation?.responses ?? {}).some((status) => status.startsWith('2')),
        name,
      ).toBe(true);
    }
  });

  test('tells senders when to repeat: 422 never, 503 later', () => {
    const operation = operationOf({
      method: 'POST',
      url: '/api/v1/groups/:group/devices/:device/telemetry',
      permission: undefined,
    });
    expect(Object.keys(operation?.responses ?? {})).toEqual(expect.arrayContaining(['200', '422', '503']));
  });

  test('is valid by the schema of OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate({ ...document });
    expect([errors ?? [], validator.version]).toEqual([[], '3.1']);
    expect(valid).toBe(true);
    expect((await new Validator().validate({ openapi: '3.1.0', paths: {}, info: {} })).valid).toBe(false);
  });

  test('is public and needs no third party', async () => {
    expect(document.info).toMatchObject({ title: 'Signalbox', version: '1.2.3' });
    expect(JSON.stringify(document)).not.toMatch(/https?:\/\//);
  });
});
