// A token check against the least that a server can answer.
import { interleave, measure } from '../load.mjs';
import * as servers from '../servers.mjs';
import { table } from '../report.mjs';
import { median, number, ratios, spread } from '../statistics.mjs';

export async function verify(at) {
  const sim = await servers.simulator(at, 'wechat');
  const nginx = await servers.nginx(at, sim);
  const wxlogind = await servers.wxlogind(at, sim, {});
  const cases = [
    { key: 'nginx, `return 200`',
      run: () => measure(at, { ...nginx, loadArguments: [] }, 'get', ['--connections', 64, '--path', '/ok']) },
    { key: 'wxlogind, `GET /verify`',
      run: () => measure(at, wxlogind, 'verify', ['--connections', 64, '--sessions', 100]) },
  ];
  const results = await interleave(at, 'verify', cases);
  for (const each of [nginx, wxlogind, sim]) await each.stop();

  const [floor, ours] = cases.map(({ key }) => results.get(key));
  const rows = cases.map(({ key }) => {
    const found = results.get(key);
    return [
      key, spread(found.rate), spread(found.cpuMicros, 2), number(median(found.p99) / 1000, 2),
      number(median(found.loadCoreBusy) * 100)];
  });
  return `## Token checks

64 connections, as fast as they go.

${table(['server', 'answers/s', 'CPU µs each', 'p99 ms', 'load core, %'], rows)}

* verify / nginx \`return 200\`, CPU: **${spread(ratios(ours.cpuMicros, floor.cpuMicros), 2)}**`;
}
