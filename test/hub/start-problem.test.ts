import { expect, test } from 'vitest';
import { startProblem } from '../../hub/start-problem.ts';

function systemError(code: string, facts: object): Error {
  return Object.assign(new Error(`listen ${code}`), { code, ...facts });
}

test('a taken port names address, port and the way out', () => {
  expect(startProblem(systemError('EADDRINUSE', { address: '127.0.0.1', port: 8080 }))).toBe(
    '127.0.0.1 port 8080 is taken: stop what uses it, or choose another with --http-port or --mqtt-port.',
  );
});

test('a port below 1024 without the right to it', () => {
  expect(startProblem(systemError('EACCES', { address: '0.0.0.0', port: 80 }))).toMatch(
    /choose one above 1023/,
  );
});

test('an address of another machine', () => {
  expect(startProblem(systemError('EADDRNOTAVAIL', { address: '192.0.2.1', port: 80 }))).toMatch(
    /not an address/,
  );
});

test('every other error says its own sentence', () => {
  expect(startProblem(new Error('The data folder is broken.'))).toBe('The data folder is broken.');
  expect(startProblem('just a text')).toBe('just a text');
});
