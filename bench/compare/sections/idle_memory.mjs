// What a connection costs that only waits.
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { memoryOf } from '../processes.mjs';
import * as servers from '../servers.mjs';
import { table } from '../report.mjs';
import { number, spread } from '../statistics.mjs';

const count = 10_000;

// A connection that has had one answer and stays.
function opened(address, path) {
  const [host, port] = address.split(':');
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port) });
    socket.once('error', reject);
    socket.once('data', (answer) =>
      answer.includes('200 OK') ? resolve(socket) : reject(new Error(answer.toString().split('\r\n')[0])));
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  });
}

// { each: bytes that one connection adds, all: of the whole server with all of them }
async function memoryWithConnections(server, path) {
  const before = memoryOf(server.pids());
  const sockets = [];
  while (sockets.length < count)
    sockets.push(...(await Promise.all(Array.from({ length: 100 }, () => opened(server.target, path)))));
  await sleep(500);
  const after = memoryOf(server.pids());
  for (const socket of sockets) socket.destroy();
  return { each: (after - before) / count, all: after };
}

export async function idleMemory(at) {
  const sim = await servers.simulator(at, 'wechat');
  const programs = {
    nginx: { start: () => servers.nginx(at, sim), path: '/ok' },
    wxlogind: { start: () => servers.wxlogind(at, sim, {}), path: '/healthz' },
  };
  const found = new Map();
  for (let round = 1; round <= at.rounds; ++round) {
    for (const [name, { start, path }] of Object.entries(programs)) {
      const server = await start(); // a new one: memory that was given back would count as none
      const { each, all } = await memoryWithConnections(server, path);
      await server.stop();
      console.log(`idle memory, round ${round}/${at.rounds}, ${name}: ${Math.round(each)} bytes a connection`);
      found.set(name, [...(found.get(name) ?? []), { each: each / 1024, all: all / 2 ** 20 }]);
    }
  }
  await sim.stop();
  const rows = [...found].map(([name, rounds]) => [
    name, spread(rounds.map(({ each }) => each), 2), spread(rounds.map(({ all }) => all), 1)]);
  return `## Memory of idle connections

${number(count)} connections that have had one answer each and stay open: what they add to the process's own memory (Pss),
the kernel's buffers left out. nginx sets aside memory for connections when it starts, wxlogind when they come; so
the whole is given too.

${table(['server', 'KiB a connection', 'MiB with all of them'], rows)}`;
}
