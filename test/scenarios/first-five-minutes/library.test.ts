import { test } from 'vitest';

test.todo('the packed Socket.IO server runs its quick starts (Socket.IO server)');
