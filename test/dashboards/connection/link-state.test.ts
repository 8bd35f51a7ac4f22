import { describe, expect, test } from 'vitest';
import { advanceLink } from '../../../dashboards/connection/link-state.ts';
import type { LinkInput, LinkName, LinkState } from '../../../dashboards/connection/link-state.ts';

const start: LinkState = { name: 'connecting', since: 0 };

function after(...inputs: LinkInput[]): LinkName {
  return inputs.reduce((state, input, index) => advanceLink(state, input, index + 1), start).name;
}

describe('The state of the link', () => {
  test('a connection is live only when its views are caught up', () => {
    expect(after('connected')).toBe('catching-up');
    expect(after('connected', 'caughtUp')).toBe('live');
  });

  test('a cut link is offline, and catches up before it is live again', () => {
    expect(after('connected', 'caughtUp', 'lost')).toBe('offline');
    expect(after('connected', 'caughtUp', 'lost', 'connected')).toBe('catching-up');
  });

  test('an open socket that does not answer is stale, and live again when it does', () => {
    expect(after('connected', 'caughtUp', 'silent')).toBe('stale');
    expect(after('connected', 'caughtUp', 'silent', 'heard')).toBe('live');
  });

  test('a refusal outlasts the cut that follows it', () => {
    expect(after('refused', 'lost')).toBe('denied');
  });

  test('repeating an input keeps the instant of the first', () => {
    const offline = advanceLink({ name: 'live', since: 1, latencyMs: 3 }, 'lost', 50);
    expect(offline).toEqual({ name: 'offline', since: 50, latencyMs: undefined, code: undefined });
    expect(advanceLink(offline, 'lost', 90)).toBe(offline);
  });
});
