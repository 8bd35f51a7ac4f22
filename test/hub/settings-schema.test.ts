import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { format } from 'prettier';
import { describe, expect, test } from 'vitest';
import { settingsFiles, settingsPage, settingsSchema } from '../../hub/settings-schema.ts';
import { settings } from '../../hub/settings.ts';

const written = (path: string): string => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');
const options = { printWidth: 110, singleQuote: true };

describe('The schema of the settings', () => {
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(settingsSchema());

  test('accepts what the hub accepts', () => {
    expect(
      validate({ lan: true, http: { port: 0, origins: ['https://a.example'] }, log: { level: 'warn' } }),
    ).toBe(true);
  });

  test.each([
    [{ http: { prot: 1 } }],
    [{ http: { port: 70_000 } }],
    [{ lan: 'yes' }],
    [{ log: { level: 'loud' } }],
  ])('refuses %j', (document) => {
    expect(validate(document)).toBe(false);
  });
});

describe('The reference of the settings', () => {
  test('tells of every setting', () => {
    for (const { path } of settings) expect(settingsPage()).toContain(`\`${path}\``);
  });

  test('is written as the table is now (else: npm run docs:settings)', async () => {
    expect(await format(written(settingsFiles.page), { ...options, parser: 'markdown' })).toBe(
      await format(settingsPage(), { ...options, parser: 'markdown' }),
    );
    expect(JSON.parse(written(settingsFiles.schema))).toEqual(JSON.parse(JSON.stringify(settingsSchema())));
  });
});
