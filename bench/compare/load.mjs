// wxlogin-bench, run once for each figure.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { workOf } from './processes.mjs';

const run = promisify(execFile);

const nothing = { rate: NaN, cpuMicros: NaN, p50: NaN, p99: NaN, failed: 0, loadCoreBusy: NaN };

// `scenario`: of wxlogin-bench; `more`: further arguments for it. Times of the result are microseconds.
export async function measure(at, server, scenario, more = []) {
  const file = join(at.directory, 'load.json');
  const command = [
    '-c', String(at.loadCore), join(at.programs, 'wxlogin-bench'), scenario,
    '--duration', `${at.seconds}s`, '--warm-up', `${at.warmUpSeconds}s`,
    '--users-are-there', '--quiet', '--json', file,
    '--target', server.target,
    ...server.pids().flatMap((pid) => ['--server-pid', String(pid)]),
    ...(server.loadArguments ?? []), ...more.map(String),
  ];
  await server.newKeys();
  const before = workOf(at.loadCore);
  try {
    await run('taskset', command, { maxBuffer: 1 << 24 });
  } catch (error) {
    console.error(`${server.name}: ${error.stderr || error.message}`.trim());
    return nothing;
  }
  const after = workOf(at.loadCore);
  const { all, server: spent } = JSON.parse(readFileSync(file, 'utf8'));
  return {
    rate: all.rate,
    cpuMicros: (spent?.per_request?.cpu ?? NaN) * 1e6,
    p50: all.latency.p50 * 1e6,
    p99: all.latency.p99 * 1e6,
    failed: all.failed,
    loadCoreBusy: (after.busy - before.busy) / (after.all - before.all),
  };
}

// Every case once, then every case again: what changes on the machine in the meantime hits all alike.
// cases: [{ key, run: () => measure(...) }]; the result: { key: { rate: [...], cpuMicros: [...], ... } }.
export async function interleave(at, title, cases) {
  const results = new Map(cases.map(({ key }) => [key, {}]));
  for (let round = 1; round <= at.rounds; ++round) {
    for (const { key, run: once } of cases) {
      const figures = await once();
      for (const [name, value] of Object.entries(figures)) (results.get(key)[name] ??= []).push(value);
      console.log(
        `${title}, round ${round}/${at.rounds}, ${key}: ${Math.round(figures.rate)}/s, ` +
        `${figures.cpuMicros.toFixed(1)} us of CPU, p99 ${Math.round(figures.p99)} us, ${figures.failed} failed`);
    }
  }
  return results;
}
