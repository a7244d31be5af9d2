// What a database full of users does to a login.
import { interleave, measure } from '../load.mjs';
import * as databases from '../databases.mjs';
import * as servers from '../servers.mjs';
import { table } from '../report.mjs';
import { median, number, ratios, spread } from '../statistics.mjs';

const names = { first: 'first login', returning: 'returning user' };

export async function users(at) {
  const sim = await servers.simulator(at, 'wechat');
  const startWith = async (count, name = `wxlogind-${count}`) => servers.wxlogind(at, sim, {
    name, database: await databases.ofWxlogind(at, count, `${name}.db`) });
  const sizes = [];
  for (const count of at.sizes)
    sizes.push({ count, newcomers: count, server: count > 0 ? await startWith(count) : undefined });

  const kinds = {
    first: (size) => {
      // Users who were never there, further ones in every round.
      const from = size.newcomers;
      size.newcomers += 2_000_000;
      return ['--users', 2_000_000, '--first-user', from];
    },
    returning: (size) => ['--users', size.count],
  };
  // An empty database is one only once.
  let empties = 0;
  const once = async ({ server }, measured) => {
    if (server) return measured(server);
    const fresh = await startWith(0, `wxlogind-empty-${++empties}`);
    try {
      return await measured(fresh);
    } finally {
      await fresh.stop();
    }
  };
  const cases = Object.entries(kinds).flatMap(([kind, more]) =>
    sizes.filter(({ count }) => kind === 'first' || count > 0).map((size) => ({
      key: `${kind}, ${size.count}`,
      kind,
      size,
      run: () => once(size, (server) => measure(at, server, kind, ['--connections', 64, ...more(size)])),
    })));
  const results = await interleave(at, 'users', cases);
  for (const { server } of sizes) await server?.stop();
  await sim.stop();

  const rows = cases.map(({ key, kind, size }) => {
    const found = results.get(key);
    const smallest = results.get(cases.find((each) => each.kind === kind).key);
    return [
      names[kind], number(size.count), spread(found.rate),
      spread(found.cpuMicros, 1), spread(ratios(found.cpuMicros, smallest.cpuMicros), 2),
      number(median(found.p99) / 1000, 2), number(found.failed.reduce((sum, count) => sum + count, 0))];
  });
  const grown = (kind) => {
    const of = cases.filter((each) => each.kind === kind);
    const [least, most] = [of[0], of.at(-1)];
    const ratio = ratios(results.get(most.key).cpuMicros, results.get(least.key).cpuMicros);
    return `* ${names[kind]}, CPU at ${number(most.size.count)} users / at ${number(least.size.count)}: **${spread(ratio, 2)}**`;
  };
  return `## Users in the database

wxlogind, 64 connections. Ratios are to the smallest database that knows such a login. Returning users have a new
session_key; an empty database is a new one in every round.

${table(['login', 'users', 'logins/s', 'CPU µs each', '/ smallest', 'p99 ms', 'failed'], rows)}

${grown('first')}
${grown('returning')}`;
}
