/** Keys that work anywhere, except while something is being typed. */
import type { PlainScreen } from '../state/route.ts';

export interface KeyActions {
  search(): void;
  help(): void;
  theme(): void;
  go(screen: 'overview' | PlainScreen): void;
  /** To the previous (-1) or next (1) device. */
  neighbour(step: -1 | 1): void;
}

/** A `g` waits this long for its second key. */
const chordMs = 1500;

export class Keyboard {
  readonly #actions: KeyActions;
  readonly #now: () => number;
  #chordAt = Number.NEGATIVE_INFINITY;

  constructor(parts: { actions: KeyActions; now: () => number }) {
    this.#actions = parts.actions;
    this.#now = parts.now;
  }

  /** @returns whether the key was one of ours */
  press(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'target'>): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return false;
    const isChord = this.#now() - this.#chordAt < chordMs;
    this.#chordAt = Number.NEGATIVE_INFINITY;
    return isChord ? this.#second(event.key) : this.#first(event.key);
  }

  #first(key: string): boolean {
    switch (key) {
      case '/':
        this.#actions.search();
        return true;
      case '?':
        this.#actions.help();
        return true;
      case 't':
        this.#actions.theme();
        return true;
      case '[':
        this.#actions.neighbour(-1);
        return true;
      case ']':
        this.#actions.neighbour(1);
        return true;
      case 'g':
        this.#chordAt = this.#now();
        return true;
      default:
        return false;
    }
  }

  #second(key: string): boolean {
    const screens = { o: 'overview', c: 'commands', s: 'status', i: 'inbox', p: 'settings' } as const;
    const screen = (
      screens as Partial<Record<string, KeyActions extends { go(screen: infer S): void } ? S : never>>
    )[key];
    if (screen === undefined) return false;
    this.#actions.go(screen);
    return true;
  }
}

function isTyping(target: EventTarget | null): boolean {
  if (target === null || !('tagName' in target)) return false;
  const element = target as HTMLElement;
  return element.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(element.tagName);
}
