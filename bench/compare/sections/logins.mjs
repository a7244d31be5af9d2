// The same login everywhere, 64 connections, as fast as they go.
import { interleave, measure } from '../load.mjs';
import * as databases from '../databases.mjs';
import * as servers from '../servers.mjs';
import { table } from '../report.mjs';
import { median, number, ratios, spread } from '../statistics.mjs';

const connections = 64;

async function startAll(at, sim) {
  const users = at.comparedUsers;
  const peerDatabase = (name) => databases.ofPeer(at, sim, users, `${name}.db`);
  return [
    await servers.nginx(at, sim),
    await servers.haproxy(at, sim),
    await servers.wxlogind(at, sim, { database: await databases.ofWxlogind(at, users, 'wxlogind.db') }),
    await servers.go(at, sim, 'FULL', await peerDatabase('go-full')),
    await servers.go(at, sim, 'NORMAL', await peerDatabase('go-normal')),
    await servers.node(at, sim, 'FULL', await peerDatabase('node-full')),
    await servers.node(at, sim, 'NORMAL', await peerDatabase('node-normal')),
  ];
}

const durable = (server) => {
  if (server.name.startsWith('wxlogind') || server.synchronous === 'FULL') return 'yes';
  return server.synchronous ? 'no' : 'no work';
};

export async function logins(at) {
  const sim = await servers.simulator(at, 'wechat');
  const all = await startAll(at, sim);
  const results = await interleave(at, 'logins', all.map((server) => ({
    key: server.name,
    run: () => measure(at, server, 'returning', ['--connections', connections, '--users', at.comparedUsers]),
  })));
  for (const each of [...all, sim]) await each.stop();

  const of = (name) => results.get(name);
  const [floor, ours, goFull] = [of(all[0].name), of('wxlogind'), of('Go, FULL')];
  at.found.loginRate = median(ours.rate);
  const rows = all.map((server) => {
    const found = of(server.name);
    return [
      server.name, durable(server), spread(found.rate), spread(found.cpuMicros, 1),
      spread(ratios(found.cpuMicros, floor.cpuMicros), 2),
      number(median(found.p50) / 1000, 2), number(median(found.p99) / 1000, 2),
      number(median(found.loadCoreBusy) * 100), number(found.failed.reduce((sum, count) => sum + count, 0)),
    ];
  });
  return `## Logins

Returning users of ${number(at.comparedUsers)} in the database, ${connections} connections, as fast as they go. Where the core of the load is near
100 % busy, the rate is the load's and not the server's: then the CPU time counts.

${table(['server', 'durable', 'logins/s', 'CPU µs each', '/ nginx', 'p50 ms', 'p99 ms', 'load core, %', 'failed'], rows)}

* durable login / nginx passing the same exchange, CPU: **${spread(ratios(ours.cpuMicros, floor.cpuMicros), 2)}**
* durable logins a second / the Go peer's at FULL: **${spread(ratios(ours.rate, goFull.rate), 1)}**; by CPU time, were
  neither waiting for anything: ${spread(ratios(goFull.cpuMicros, ours.cpuMicros), 1)}`;
}
