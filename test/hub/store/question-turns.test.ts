import { beforeEach, describe, expect, test } from 'vitest';
import { QuestionTurns, type Steps } from '../../../hub/store/question-turns.ts';

const [sliceMs, deadlineMs] = [10, 1000];
let nowMs: number;
let due: (() => void)[];
let heard: string[];
let turns: QuestionTurns;

beforeEach(() => {
  [nowMs, due, heard] = [0, [], []];
  const later = (work: () => void): void => void due.push(work);
  turns = new QuestionTurns({ nowMs: () => nowMs, later, sliceMs, together: 2, deadlineMs });
});

function* steps(name: string, count: number): Steps {
  try {
    for (let step = 0; step < count; step += 1) {
      nowMs += 1;
      yield;
    }
    return name;
  } finally {
    heard.push(`${name} ended`);
  }
}

function ask(name: string, count: number, begin: () => Steps = () => steps(name, count)): void {
  turns.ask({
    begin,
    answered: (value) => heard.push(`${String(value)} answered`),
    refused: (error) => heard.push(`${name} refused: ${(error as Error).message}`),
  });
}

function turn(times = 1): void {
  for (let time = 0; time < times; time += 1) due.shift()?.();
}

describe('Long questions in turns', () => {
  test('a short one is answered at once', () => {
    ask('short', 5);
    expect(heard).toEqual(['short ended', 'short answered']);
  });

  test('a long one stops after its slice, and what is asked then is answered first', () => {
    ask('long', 50);
    expect([heard, nowMs]).toEqual([[], sliceMs]);
    ask('short', 15);
    turn();
    expect(heard).toEqual(['short ended', 'short answered']);
    turn(5);
    expect(heard).toEqual(['short ended', 'short answered', 'long ended', 'long answered']);
    expect(due).toEqual([]);
  });

  test('one more than may be under way waits until another is answered', () => {
    for (const name of ['a', 'b', 'c']) ask(name, 15);
    turn(20);
    expect(heard.filter((each) => each.endsWith('answered'))).toEqual([
      'b answered',
      'c answered',
      'a answered',
    ]);
  });

  test('a question that fails is refused, and the others go on', () => {
    ask('good', 15);
    ask('bad', 0, () => {
      throw new Error('no file');
    });
    turn(5);
    expect(heard).toEqual(['bad refused: no file', 'good ended', 'good answered']);
  });

  test('nobody works for who has given up', () => {
    ask('long', 1e6);
    nowMs += deadlineMs;
    turn();
    expect(heard).toEqual(['long ended', 'long refused: it takes too long']);
  });

  test('an end refuses those under way and those that wait', () => {
    for (const name of ['a', 'b', 'c']) ask(name, 50);
    turns.stop(new Error('stopping'));
    expect(heard.toSorted()).toEqual([
      'a ended',
      'a refused: stopping',
      'b ended',
      'b refused: stopping',
      'c refused: stopping',
    ]);
    turn(5);
    expect(heard).toHaveLength(5);
  });
});
