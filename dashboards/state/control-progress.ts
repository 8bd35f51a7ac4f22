/** What a control says about its last command: pending, confirmed or failed, with why. Pure. */
import { isFinal } from '#contract/command.ts';
import type { CommandRecord, CommandState } from '#contract/command.ts';
import type { Json } from '#contract/event.ts';

export interface Progress {
  /** The command's id. */
  readonly id: string;
  readonly state: 'pending' | CommandState;
  /** What was asked for. */
  readonly target: Json | undefined;
  /** Epoch ms of the last change. */
  readonly since: number;
  /** Epoch ms: which of two commands is the newer. */
  readonly createdAt: number;
  /** Why it failed or expired, as a sentence. */
  readonly why?: string | undefined;
  /** The stable code of that. */
  readonly whyCode?: string | undefined;
  /** The page's own word, because no answer came: whatever the hub says of the command counts for more. */
  readonly isGuess?: boolean;
}

export function progressOf(command: CommandRecord): Progress {
  const state = command.state === 'queued' || command.state === 'sent' ? 'pending' : command.state;
  return {
    id: command.id,
    state,
    target: targetOf(command.args),
    since: command.history.at(-1)?.at ?? command.createdAt,
    createdAt: command.createdAt,
    why: command.error?.message,
    whyCode: command.error?.code,
  };
}

/** The newer command speaks; of one command the later state, and a final one for good. */
export function laterProgress(known: Progress | undefined, next: Progress): Progress {
  if (known === undefined) return next;
  // Only times of the same clock compare: what this page just sent is known by its id.
  if (known.id !== next.id) return next.createdAt >= known.createdAt ? next : known;
  const knownIsFinal = known.isGuess !== true && known.state !== 'pending' && isFinal(known.state);
  return knownIsFinal ? known : next;
}

export function isWaiting(progress: Progress | undefined): boolean {
  return progress !== undefined && (progress.state === 'pending' || progress.state === 'accepted');
}

function targetOf(args: Json): Json | undefined {
  return typeof args === 'object' && args !== null && 'value' in args ? args.value : undefined;
}
