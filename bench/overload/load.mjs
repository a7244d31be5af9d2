// One wxlogin-bench, and what it found second by second.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

let runs = 0;

// `rate`: an open loop; without it a closed one of `connections`. `surge`: { rate, from, seconds } on the way.
// `maxconn`: a balancer in front lets so many through, and refuses the rest. started: resolves when it is under way;
// figures: when it has ended. Seconds are counted from the start; times are milliseconds.
export function load(at, scenario, { rate, surge, maxconn, connections, seconds }) {
  const file = join(at.directory, `load-${++runs}.json`);
  const more = rate
    ? ['--rate', rate, '--arrivals', 'poisson', '--connections', maxconn ?? 8000, ...(maxconn ? ['--turn-away'] : [])]
    : ['--connections', connections];
  if (surge) more.push('--surge', `${surge.rate}:${surge.from}s:${surge.seconds}s`);
  // The instrument goes before the simulator, where we may say so: what it waits is no time of the server's.
  const child = spawn('nice', ['-n', scenario === 'verify' ? '-20' : '-10', 'taskset', '-c', String(at.loadCore), join(at.programs, 'wxlogin-bench'), scenario,
    '--target', at.target, '--internal', at.internal, '--duration', `${seconds}s`, '--warm-up', '0s', '--timeout', '10s',
    '--users', 20000, '--users-are-there', '--sessions', 200, '--sessions-file', at.sessions, '--no-server', '--quiet', '--json', file, ...more].map(String),
  { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaints = '';
  child.stderr.on('data', (text) => { complaints += text; });
  const figures = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (status) => {
      if (status !== 0) return reject(new Error(`wxlogin-bench ${scenario}: ${complaints}`));
      resolve(read(file, seconds));
    });
  });
  figures.catch(() => {}); // whoever awaits it hears of it
  return { started: sleep(300), figures };
}

function read(file, asked) {
  const { all, intervals, unstarted, start_lag: lag } = JSON.parse(readFileSync(file, 'utf8'));
  const width = Math.min(1, Math.max(0.05, asked / 20)); // as wxlogin-bench cuts its record
  const points = intervals.map((each) => ({ at: each.number * width, rate: each.rate, failed: each.failed / width,
    p99: each.p99 * 1000 }));
  const mean = (list, of) => list.reduce((sum, each) => sum + of(each), 0) / Math.max(list.length, 1);
  const between = (from, to) => points.filter(({ at: begin }) => begin >= from && begin + width <= to + 1e-6);
  return {
    rate: all.rate, failed: all.failed, failures: all.failures, succeeded: all.succeeded, points, unstarted,
    p50: (all.latency.p50 ?? NaN) * 1000, p99: (all.latency.p99 ?? NaN) * 1000,
    refusedAfter: { p50: (all.refusal_latency.p50 ?? NaN) * 1000, p99: (all.refusal_latency.p99 ?? NaN) * 1000 }, lag: (lag.p99 ?? NaN) * 1000,
    between,
    rateBetween: (from, to) => mean(between(from, to), ({ rate }) => rate),
    failedBetween: (from, to) => mean(between(from, to), ({ failed }) => failed),
    // Of the seconds' own p99: their median, as one slow second says little.
    p99Between: (from, to) => {
      const sorted = between(from, to).map(({ p99 }) => p99).sort((a, b) => a - b);
      return sorted[sorted.length >> 1] ?? NaN;
    },
  };
}
