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
  scenarios: { type: 'string', default: 'wechat,cpu,bare' },
  output: { type: 'string', default: 'bench/results/overload.md' },
  build: { type: 'string', default: 'build/release' },
  command: { type: 'string', default: '' },
} });

const times = wanted.quick
  ? { peak: 3, steady: 3, overload: 4, after: 10, hang: 10, afterHang: 12 }
  : { peak: 6, steady: 8, overload: 10, after: 12, hang: 60, afterHang: 15 };

// What WeChat takes as with one in the same city. maxconn: what a balancer in front lets through at a time.
const scenarios = {
  wechat: { title: 'Bound by the connections to WeChat', latency: 'lognormal:50:0.3', connections: 128, inFlight: 128, hangs: true },
  cpu: { title: 'Bound by the processor, behind a balancer', latency: 'fixed:20', connections: 1024, inFlight: 448, maxconn: 512 },
  bare: { title: 'Bound by the processor, with nothing in front', latency: 'fixed:20', connections: 1024, inFlight: 448, overloads: [2] },
};

const verifyRate = 500;
const steadyShare = 0.85; // of the peak: a rate that lasts

// The usual load all the time, and for some seconds as much as makes the overload.
async function overload(at, { title, maxconn, peak, steady }, times) {
  const lead = 3;
  const seconds = lead + at.times.overload + at.times.after;
  const surge = { rate: Math.round(peak * times), from: lead, seconds: at.times.overload };
  const logins = load(at, 'returning', { rate: Math.round(peak * steadyShare), surge, maxconn, seconds });
  const checks = load(at, 'verify', { rate: verifyRate, seconds });
  const found = { times, peak, steady, lead, logins: await logins.figures, checks: await checks.figures, seconds: at.times.overload };
  console.log(`${title}, ${times} times: ${Math.round(found.logins.rateBetween(lead + 1, lead + at.times.overload - 1))}/s`);
  return found;
}

async function hang(at, { peak, steady }) {
  const lead = 3;
  const seconds = lead + at.times.hang + at.times.afterHang;
  const logins = load(at, 'returning', { rate: Math.round(peak * steadyShare), seconds });
  const checks = load(at, 'verify', { rate: verifyRate, seconds });
  await logins.started;
  await sleep(lead * 1000);
  await at.order('/faults', { kind: 'hang' });
  await sleep(at.times.hang * 1000);
  await at.order('/faults', null);
  return { peak, steady, lead, seconds: at.times.hang, logins: await logins.figures, checks: await checks.figures };
}

async function run(at, scenario) {
  const { title, inFlight, maxconn, overloads = [2, 5], hangs = false } = scenario;
  const both = await startBoth(at, scenario);
  const here = { ...at, ...both };
  try {
    await load(here, 'returning', { connections: 64, seconds: 1 }).figures; // connections to WeChat, pages in memory
    await load(here, 'verify', { rate: verifyRate, seconds: 1 }).figures; // opens the sessions for those that follow
    const peak = (await load(here, 'returning', { connections: inFlight, seconds: at.times.peak }).figures).rate;
    console.log(`${title}: ${Math.round(peak)}/s at the most`);
    const usual = Math.round(peak * steadyShare);
    const quiet = load(here, 'verify', { rate: verifyRate, seconds: at.times.steady });
    const logins = await load(here, 'returning', { rate: usual, maxconn, seconds: at.times.steady }).figures;
    const steady = { logins, checks: await quiet.figures };
    const measured = { title, maxconn, peak, steady };
    const rows = [];
    for (const times of overloads) {
      const found = await overload(here, measured, times);
      rows.push(...judgeOverload(found), ...judgeRecovery(found));
    }
    if (hangs) rows.push(...judgeHang(await hang(here, measured)));
    return { ...scenario, peak, usual, steady, rows };
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
