// From one connection, where nothing can be batched, to many.
import { interleave, measure } from '../load.mjs';
import * as databases from '../databases.mjs';
import * as servers from '../servers.mjs';
import { table } from '../report.mjs';
import { median, number, spread } from '../statistics.mjs';

export async function connections(at) {
  const sim = await servers.simulator(at, 'wechat');
  const users = at.comparedUsers;
  const all = [
    await servers.nginx(at, sim),
    await servers.wxlogind(at, sim, {
      database: await databases.ofWxlogind(at, users, 'wxlogind.db'), wechatConnections: 1024 }),
    await servers.go(at, sim, 'FULL', await databases.ofPeer(at, sim, users, 'go-full.db')),
  ];
  const cases = at.connections.flatMap((count) => all.map((server) => ({
    key: `${server.name}, ${count}`,
    server,
    count,
    run: () => measure(at, server, 'returning', ['--connections', count, '--users', users]),
  })));
  const results = await interleave(at, 'connections', cases);
  for (const each of [...all, sim]) await each.stop();

  const rows = cases.map(({ key, server, count }) => {
    const found = results.get(key);
    return [
      number(count), server.name, spread(found.rate), spread(found.cpuMicros, 1),
      number(median(found.p50) / 1000, 2), number(median(found.p99) / 1000, 2),
      number(found.failed.reduce((sum, failed) => sum + failed, 0))];
  });
  return `## Connections

The same logins, over so many connections.

${table(['connections', 'server', 'logins/s', 'CPU µs each', 'p50 ms', 'p99 ms', 'failed'], rows)}`;
}
