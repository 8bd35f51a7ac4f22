import { describe, expect, test } from 'vitest';
import { actions, type Principal } from '#contract/access.ts';
import { may } from '../../../hub/access/may.ts';
import { accessCases, places, tokens, topicCases, type Who } from '../../suites/access-cases.ts';

function principal(who: Who): Principal {
  return { id: who, tokenId: who, ...tokens[who] };
}

describe('the table of rights', () => {
  for (const { who, action, place, allowed } of accessCases)
    test(`${who} ${allowed ? 'may' : 'may not'} ${action} on ${place}`, () => {
      expect(may(principal(who), action, places[place])).toBe(allowed);
    });

  test('no case is missing: every token, action and place', () => {
    expect(accessCases).toHaveLength(7 * actions.length * 7);
    expect(accessCases.filter(({ allowed }) => allowed).length).toBeGreaterThan(100);
  });
});

describe('foreign topics', () => {
  for (const { who, topic, allowed } of topicCases)
    test(`${who} ${allowed ? 'may' : 'may not'} write to ${topic}`, () => {
      expect(may(principal(who), 'telemetry:write', { topic })).toBe(allowed);
    });

  test('a topic that belongs to a group needs both: the filter and the group', () => {
    const topic = 'zigbee/lamp';
    expect(may(principal('gateway'), 'telemetry:write', { topic, group: 'plant', device: 'lamp' })).toBe(
      true,
    );
    expect(may(principal('gateway'), 'telemetry:write', { topic, group: 'office', device: 'lamp' })).toBe(
      false,
    );
    expect(may(principal('gateway'), 'command:send', { topic })).toBe(false);
  });

  test('a device token with all groups, however it came about, opens nothing', () => {
    const broken: Principal = { ...principal('device'), groups: '*' };
    expect(may(broken, 'telemetry:write', { group: 'plant', device: 'pump' })).toBe(false);
  });
});
