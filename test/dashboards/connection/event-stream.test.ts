import { describe, expect, test } from 'vitest';
import type { EventMessage } from '#contract/event.ts';
import { EventStream } from '../../../dashboards/connection/event-stream.ts';

function event(offset: number): EventMessage {
  return { group: 'home', device: 'button', name: 'pressed', offset, time: offset, data: null };
}

function listened() {
  const stream = new EventStream();
  const heard: number[] = [];
  const end = stream.on(({ offset }) => heard.push(offset));
  return { stream, heard, end };
}

describe('The events of a namespace', () => {
  test('pass at once while nothing is asked for, and end with their listener', () => {
    const { stream, heard, end } = listened();
    stream.live(event(3));
    stream.live(event(5));
    expect(heard).toEqual([3, 5]);
    end();
    stream.live(event(7));
    expect(heard).toEqual([3, 5]);
  });

  test('wait after a cut until what was missed is there, and then come each once and in order', () => {
    const { stream, heard } = listened();
    stream.live(event(3));
    stream.hold();
    stream.live(event(8));
    stream.answered('one', [event(3), event(5), event(8)]);
    stream.live(event(9));
    stream.answered('one', [event(4), event(5)]);
    expect(heard).toEqual([3]);
    stream.release();
    expect(heard).toEqual([3, 4, 5, 8, 9]);
  });

  test('of another epoch are counted from their own beginning', () => {
    const { stream, heard } = listened();
    stream.answered('one');
    stream.live(event(900));
    stream.hold();
    stream.answered('two');
    stream.live(event(2));
    stream.release();
    expect(heard).toEqual([900, 2]);
  });

  test('are not held beyond their bound', () => {
    const { stream, heard } = listened();
    stream.hold();
    for (let offset = 1; offset <= 2001; offset += 1) stream.live(event(offset));
    expect(heard).toHaveLength(2001);
  });
});
