/**
 * The state of the link to the hub as a table: what the mark in the top bar says, and since when.
 * Pure. `denied` ends it: only a new login leads out.
 */
export const nextLinkStates = {
  connecting: { connected: 'catching-up', lost: 'offline', refused: 'denied' },
  'catching-up': { caughtUp: 'live', lost: 'offline', refused: 'denied', silent: 'stale' },
  live: {
    lost: 'offline',
    refused: 'denied',
    silent: 'stale',
    connected: 'catching-up',
    resubscribed: 'catching-up',
  },
  stale: { heard: 'live', lost: 'offline', refused: 'denied', connected: 'catching-up' },
  offline: { connected: 'catching-up', refused: 'denied' },
  denied: { connected: 'catching-up' },
} as const;

export type LinkName = keyof typeof nextLinkStates;
export type LinkInput = 'connected' | 'caughtUp' | 'resubscribed' | 'lost' | 'refused' | 'silent' | 'heard';

export interface LinkState {
  readonly name: LinkName;
  /** Epoch ms of the last change of `name`. */
  readonly since: number;
  /** The last measured round trip to the hub. */
  readonly latencyMs?: number | undefined;
  /** Why it is denied: a stable code. */
  readonly code?: string | undefined;
}

/** The state after `input`; the same object when nothing changes. */
export function advanceLink(state: LinkState, input: LinkInput, now: number, code?: string): LinkState {
  const moves: Partial<Record<LinkInput, LinkName>> = nextLinkStates[state.name];
  const name = moves[input];
  if (name === undefined || name === state.name) return state;
  return { name, since: now, latencyMs: name === 'offline' ? undefined : state.latencyMs, code };
}
