// How much of a login's time is ours, at half of what one core can do.
import { interleave, measure } from '../load.mjs';
import * as databases from '../databases.mjs';
import * as servers from '../servers.mjs';
import { table } from '../report.mjs';
import { median, number, spread } from '../statistics.mjs';

const wechatMillis = 20;

// Without a figure of this run: as fast as they go, for one round.
async function highestRate(at, server) {
  if (at.found.loginRate) return at.found.loginRate;
  const found = await measure(at, server, 'returning', ['--connections', 64, '--users', at.comparedUsers]);
  return found.rate;
}

export async function latency(at) {
  const prompt = await servers.simulator(at, 'wechat');
  const distant = await servers.simulator(at, 'distant-wechat', ['--latency', `fixed:${wechatMillis}`]);
  const database = await databases.ofWxlogind(at, at.comparedUsers, 'wxlogind.db');
  const fast = await servers.wxlogind(at, prompt, { database });
  const rate = Math.round((await highestRate(at, fast)) / 2);
  await fast.stop();

  const all = [
    await servers.nginx(at, distant),
    await servers.wxlogind(at, distant, { database, wechatConnections: 1024 }),
  ];
  const load = ['--rate', rate, '--arrivals', 'poisson', '--connections', 1024, '--users', at.comparedUsers];
  const results = await interleave(at, 'latency', all.map((server) => ({
    key: server.name, run: () => measure(at, server, 'returning', load) })));
  for (const each of [...all, prompt, distant]) await each.stop();

  const beyond = (micros) => micros.map((each) => each / 1000 - wechatMillis);
  const rows = all.map(({ name }) => {
    const found = results.get(name);
    return [
      name, spread(found.rate), spread(beyond(found.p50), 2), spread(beyond(found.p99), 2),
      number(median(found.loadCoreBusy) * 100), number(found.failed.reduce((sum, count) => sum + count, 0))];
  });
  return `## Latency

${number(rate)} logins a second, half of wxlogind's highest rate above, arriving by chance (Poisson), counted from when they were
meant to start. WeChat answers after ${wechatMillis} ms, which are taken off.

${table(['server', 'logins/s', 'p50 ms over WeChat', 'p99 ms over WeChat', 'load core, %', 'failed'], rows)}`;
}
