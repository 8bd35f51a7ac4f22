import { expect, test } from 'vitest';
import { isGroupId, isId } from '#contract/names.ts';
import { demoGroups, demoSpecs } from '../../../simulators/demo/preset.ts';

test('the demo has a dozen devices or more, of three kinds or more, in its groups', () => {
  const specs = demoSpecs();
  expect(specs.length).toBeGreaterThanOrEqual(12);
  expect(new Set(specs.map(({ model }) => model.kind)).size).toBeGreaterThanOrEqual(3);
  expect(new Set(specs.map(({ group }) => group))).toEqual(new Set(demoGroups));
});

test('every id is one the hub takes, and no two are alike', () => {
  const specs = demoSpecs();
  for (const { group, device } of specs) expect(isGroupId(group) && isId(device)).toBe(true);
  expect(new Set(specs.map(({ group, device }) => `${group}/${device}`)).size).toBe(specs.length);
});
