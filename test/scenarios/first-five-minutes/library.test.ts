/** Someone who wants the Socket.IO server only: its tarball in an empty folder, and the README's quick starts. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { io as connect } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Command, commandsUnder, removeFolder, runCommand } from '../../support/clone.ts';
import { repositoryRoot, temporaryFolder } from '../../support/hub-process.ts';
import { promisedNodes } from '../../support/nodes.ts';
import { buildPackage, compile, linkNodeTypes, packPackage } from '../../support/socketio-package.ts';

const readme = readFileSync(join(repositoryRoot, 'hub/socketio/README.md'), 'utf8');
const nodes = promisedNodes();
const [installCommand = ''] = commandsUnder('hub/socketio/README.md', '@signalbox/socketio');

/** The README's programs, by the file name in their first line. */
function quickStarts(): Map<string, string> {
  const blocks = [...readme.matchAll(/```(?:js|ts)\n(\/\/ (\S+)\n[\s\S]*?)```/g)];
  return new Map(blocks.map(([, code = '', name = '']) => [name, code]));
}

async function greet(port: number): Promise<unknown> {
  const socket = connect(`http://127.0.0.1:${port}`, { forceNew: true });
  try {
    return await socket.timeout(10_000).emitWithAck('hello', 'Ada');
  } finally {
    socket.disconnect();
  }
}

/** Starts a program, greets it and ends it. @returns its answer */
async function answerOf(node: string, program: string, folder: string): Promise<unknown> {
  await using running = new Command(`PORT=0 "${node}" ${program}`, folder);
  const [, port = ''] = await running.prints(/port: (\d+)/, 20_000);
  const answer = await greet(Number(port));
  expect(running.output).not.toMatch(/warning|error/i);
  return answer;
}

describe('Library: npm install @signalbox/socketio in an empty folder', () => {
  const home = temporaryFolder();
  const folder = join(home, 'empty');
  const aliased = join(home, 'aliased');
  const compiled = join(folder, 'compiled');
  let tarball: string;

  beforeAll(async () => {
    const built = join(home, 'package');
    buildPackage(built);
    for (const each of [folder, aliased]) mkdirSync(each);
    tarball = await packPackage(built, home);
    const install = installCommand.replace('@signalbox/socketio', `--prefer-offline "${tarball}"`);
    await runCommand(install, folder, 120_000);
    for (const [name, code] of quickStarts()) writeFileSync(join(folder, name), code);
    linkNodeTypes(folder);
  }, 240_000);

  afterAll(() => removeFolder(home));

  test('the README names the command and a program for each kind of module', () => {
    expect(installCommand).toBe('npm install @signalbox/socketio');
    expect([...quickStarts().keys()]).toEqual(['server.mjs', 'server.cjs', 'server.mts']);
  });

  test('the TypeScript quick start compiles, and a wrong one does not', () => {
    expect(compile(folder, ['server.mts'], compiled)).toBe('');
    const wrong = quickStarts().get('server.mts')?.replace('socket.data.name = name', 'socket.data.name = 7');
    writeFileSync(join(folder, 'wrong.mts'), wrong ?? '');
    expect(compile(folder, ['wrong.mts'], compiled)).toMatch(/^wrong\.mts.*TS2322/);
  });

  for (const { major, path } of nodes) {
    const programs = [
      'server.mjs',
      'server.cjs',
      'compiled/server.mjs',
      ...(major > 22 ? ['server.mts'] : []),
    ];
    for (const program of programs) {
      test(`${program} answers the official client on Node ${major}`, async () => {
        expect(await answerOf(path, program, folder)).toBe('Hello, Ada.');
      });
    }
  }

  describe('under the name socket.io', () => {
    beforeAll(async () => {
      const manifest = { private: true, dependencies: { 'socket.io': `file:${tarball}` } };
      writeFileSync(join(aliased, 'package.json'), JSON.stringify(manifest));
      await runCommand('npm install --prefer-offline', aliased, 120_000);
      for (const [name, code] of quickStarts())
        writeFileSync(join(aliased, name), code.replace('@signalbox/socketio', 'socket.io'));
      writeFileSync(
        join(aliased, 'old.cjs'),
        `const http = require('http').createServer();
        const io = new (require('socket.io').Server)(http);
        io.on('connection', (socket) => socket.on('hello', (name, ack) => ack(name)));
        http.listen(0, () => console.log(require('socket.io/package.json').version, http.address()));`,
      );
    }, 240_000);

    for (const { major, path } of nodes) {
      test(`programs import and require it on Node ${major}`, async () => {
        expect(await answerOf(path, 'server.mjs', aliased)).toBe('Hello, Ada.');
        expect(await answerOf(path, 'server.cjs', aliased)).toBe('Hello, Ada.');
        expect(await answerOf(path, 'old.cjs', aliased)).toBe('Ada');
      });
    }

    test('a page finds the client beside the server', async () => {
      await using running = new Command(`"${process.execPath}" old.cjs`, aliased);
      const [, port = ''] = await running.prints(/^1\.\d+\.\d+ .*port: (\d+)/s, 20_000);
      const bundle = await fetch(`http://127.0.0.1:${port}/socket.io/socket.io.min.js`);
      expect(bundle.status).toBe(200);
      expect(await bundle.text()).toContain('Socket.IO v4.');
    });
  });
});
