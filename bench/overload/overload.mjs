// What becomes of logins and token checks when more arrives than can be served, and when WeChat hangs.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { stopAll } from '../compare/processes.mjs';
import { load } from './load.mjs';
import { document } from './report.mjs';
import { startBoth } from './servers.mjs';
import { judgeHang, judgeOverload, judgeRecovery } from './verdicts.mjs';

const { values: wanted } = parseArgs({ options: {
  quick: { type: 'boolean', default: false },
  scenarios: { type: 'string', default: 'wechat,cpu' },
  output: { type: 'string', default: 'bench/results/overload.md' },
  build: { type: 'string', default: 'build/release' },
  command: { type: 'string', default: '' },
} });

const times = wanted.quick
  ? { peak: 3, steady: 3, overload: 4, after: 10, hang: 10, afterHang: 12 }
  : { peak: 6, steady: 8, overload: 10, after: 12, hang: 60, afterHang: 15 };

// Of a login over what WeChat takes: as with a WeChat in the same city.
const scenarios = {
  wechat: { title: 'Bound by the connections to WeChat', latency: 'lognormal:50:0.3', connections: 128, inFlight: 128, hangs: true },
  cpu: { title: 'Bound by the processor', latency: 'fixed:20', connections: 1024, inFlight: 448, hangs: false },
};

const verifyRate = 500;
const steadyShare = 0.85; // of the peak: a rate that lasts

async function overload(at, title, peak, steady, times) {
  // The usual load all the time, and on top of it what makes the overload.
  const lead = 3;
  const usual = Math.round(peak * steadyShare);
  const seconds = lead + at.times.overload + at.times.after;
  const base = load(at, 'returning', { rate: usual, seconds });
  const checks = load(at, 'verify', { rate: verifyRate, seconds });
  await base.started;
  await sleep(lead * 1000);
  const surge = load(at, 'returning', { rate: Math.round(peak * times) - usual, seconds: at.times.overload });
  const found = { title, times, peak, steady, lead, base: await base.figures, surge: await surge.figures,
    checks: await checks.figures, seconds: at.times.overload };
  console.log(`${title}, ${times} times: ${found.surge.rate + found.base.rateBetween(lead + 1, lead + at.times.overload - 1)}/s`);
  return found;
}

async function hang(at, title, peak, steady) {
  const lead = 3;
  const seconds = lead + at.times.hang + at.times.afterHang;
  const base = load(at, 'returning', { rate: Math.round(peak * steadyShare), seconds });
  const checks = load(at, 'verify', { rate: verifyRate, seconds });
  await base.started;
  await sleep(lead * 1000);
  await at.order('/faults', { kind: 'hang' });
  await sleep(at.times.hang * 1000);
  await at.order('/faults', null);
  return { title, peak, steady, lead, seconds: at.times.hang, base: await base.figures, checks: await checks.figures };
}

async function run(at, { title, latency, connections, inFlight, hangs }) {
  const both = await startBoth(at, { latency, connections });
  const here = { ...at, ...both };
  try {
    await load(here, 'returning', { connections: 64, seconds: 1 }).figures; // connections to WeChat, pages in memory
    await load(here, 'verify', { rate: verifyRate, seconds: 1 }).figures; // opens the sessions for those that follow
    const peak = (await load(here, 'returning', { connections: inFlight, seconds: at.times.peak }).figures).rate;
    console.log(`${title}: ${Math.round(peak)}/s at the most`);
    const usual = Math.round(peak * steadyShare);
    const quiet = load(here, 'verify', { rate: verifyRate, seconds: at.times.steady });
    const steady = await load(here, 'returning', { rate: usual, seconds: at.times.steady }).figures;
    const steadyChecks = await quiet.figures;
    const rows = [];
    for (const times of [2, 5]) {
      const found = await overload(here, title, peak, { logins: steady, checks: steadyChecks }, times);
      rows.push(...judgeOverload(found), ...judgeRecovery(found));
    }
    if (hangs) rows.push(...judgeHang(await hang(here, title, peak, { logins: steady, checks: steadyChecks })));
    return { title, latency, connections, inFlight, peak, usual, steady, steadyChecks, rows };
  } finally {
    await both.stop();
  }
}

const started = Date.now();
const directory = mkdtempSync(join(tmpdir(), 'wxlogind-overload-'));
const at = { directory, sessions: join(directory, 'sessions'), programs: join(wanted.build, 'bin'), times, serverCore: 0, loadCore: 1 };
let failed = true;
try {
  const found = [];
  for (const name of wanted.scenarios.split(',')) found.push(await run(at, scenarios[name]));
  const text = document({ command: wanted.command, seconds: (Date.now() - started) / 1000, found, times, verifyRate });
  mkdirSync(dirname(wanted.output), { recursive: true });
  writeFileSync(wanted.output, text);
  console.log(text);
  failed = found.some(({ rows }) => rows.some(({ passed }) => !passed));
} finally {
  await stopAll();
  rmSync(directory, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;
