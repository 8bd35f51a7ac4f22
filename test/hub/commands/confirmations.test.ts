import { expect, test } from 'vitest';
import type { CommandAnswer } from '#contract/command.ts';
import { Confirmations } from '../../../hub/commands/confirmations.ts';
import { reading } from '../../support/commits.ts';

const judge = (): CommandAnswer => ({ ok: true });

function waiting(metric: string) {
  const answers: CommandAnswer[] = [];
  return {
    answers,
    it: { confirmation: { metrics: [metric], judge }, answer: (a: CommandAnswer) => void answers.push(a) },
  };
}

test('each command in flight looks at the metrics of its own device only', () => {
  const confirmations = new Confirmations();
  const { signal } = new AbortController();
  const [lamp, heater, level] = [waiting('relay'), waiting('relay'), waiting('level')];
  confirmations.await('home/lamp', lamp.it, signal);
  confirmations.await('home/heater', heater.it, signal);
  confirmations.await('home/lamp', level.it, signal);
  confirmations.seen([reading(1, { metric: 'relay' })]);
  expect([lamp.answers.length, heater.answers.length, level.answers.length]).toEqual([1, 0, 0]);
});

test('what is final is not asked again, and what was final before never is', () => {
  const confirmations = new Confirmations();
  const ended = new AbortController();
  const first = waiting('relay');
  confirmations.await('home/lamp', first.it, ended.signal);
  ended.abort();
  const late = waiting('relay');
  confirmations.await('home/lamp', late.it, ended.signal);
  confirmations.seen([reading(1, { metric: 'relay' })]);
  expect([first.answers, late.answers]).toEqual([[], []]);
});
