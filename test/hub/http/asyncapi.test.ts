import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { asyncApi } from '../../../hub/http/asyncapi.ts';
import { eventPermissions } from '../../../hub/namespaces/permissions.ts';
import { ownTopicKinds } from '../../../bridges/mqtt/topic-permissions.ts';

const document = asyncApi('1.2.3');
const schema = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0-without-$id.json') as object;

function received(channel: string): string[] {
  return Object.entries(document.operations)
    .filter(([key, { action }]) => key.startsWith(`${channel}.`) && action === 'receive')
    .map(([key]) => key.split('.').at(-1) ?? '');
}

describe('the AsyncAPI document', () => {
  test('is valid by the schema of AsyncAPI 3.0.0', () => {
    const ajv = new Ajv({ strict: false, logger: false, validateFormats: false });
    const isValid = ajv.validate(schema, document);
    expect(ajv.errors?.slice(0, 3) ?? []).toEqual([]);
    expect(isValid).toBe(true);
    const { operations: _gone, ...rest } = document;
    expect(ajv.validate(schema, { ...rest, operations: { x: { action: 'shout' } } })).toBe(false);
  });

  test('has every event that the hub takes, in its namespace, received and answered', () => {
    expect(new Set(received('fleet'))).toEqual(new Set(Object.keys(eventPermissions.fleet)));
    expect(new Set(received('group'))).toEqual(new Set(Object.keys(eventPermissions.group)));
  });

  test('has every kind of our topics, with the parameters of its address', () => {
    for (const kind of ownTopicKinds)
      expect(document.channels[`mqtt-${kind}`]?.address, kind).toMatch(/^signalbox\/\{group\}\/\{device\}\//);
    expect(document.channels['mqtt-result']?.['parameters']).toHaveProperty('id');
    expect(document.channels['mqtt-scalar']?.address).toBe('signalbox/{group}/{device}/telemetry/{metric}');
    expect(document.operations['mqtt-desired']?.action).toBe('send');
  });

  test('every reference leads somewhere', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path);
    expect(refs.length).toBeGreaterThan(50);
    for (const path of refs) {
      const found = path
        .split('/')
        .reduce<unknown>((at, key) => (at as Readonly<Record<string, unknown>> | undefined)?.[key], document);
      expect(found, path).toBeDefined();
    }
  });
});
