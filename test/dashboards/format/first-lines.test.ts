import { expect, test } from 'vitest';
import { firstLines } from '../../../dashboards/format/first-lines.ts';

const where = { origin: 'http://hub:8080', hostname: 'hub', mqttPort: '1883', token: 'sbx_secret' };

test('every line holds the token and where the hub is', () => {
  const lines = Object.values(firstLines(where));
  expect(lines).toHaveLength(4);
  for (const line of lines) expect(line).toMatch(/hub.*/s);
  for (const line of lines) expect(line).toContain('sbx_secret');
});

test('where no broker listens, no line says so', () => {
  expect(firstLines({ ...where, mqttPort: undefined }).mosquitto).toBeUndefined();
});
