// What becomes of logins and token checks when more arrives than can be served, and when WeChat hangs.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { family, stopAll, workOf, workOfProcesses } from '../compare/processes.mjs';
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
  ? { peak: 2, lead: 4, overload: 5, after: 10, hang: 10, afterHang: 12 }
  : { peak: 4, lead: 5, overload: 10, after: 12, hang: 60, afterHang: 15 };

// What WeChat takes as with one in the same city. maxconn: what a balancer in front lets through at a time.
const scenarios = {
  wechat: { title: 'Bound by the connections to WeChat', latency: 'lognormal:50:0.3', connections: 128, inFlight: 128, hangs: true },
  cpu: { title: 'Bound by the processor, behind a balancer', latency: 'fixed:20', connections: 1024, inFlight: 448, maxconn: 512, shares: true },
  // No limit but a balancer's connections: as many as nginx opens with worker_connections = 16384.
  bare: { title: 'Bound by the processor, with nothing in front', latency: 'fixed:20', connections: 1024, inFlight: 448, maxconn: 8000, shares: true },
};

const verifyRate = 500;
const steadyShare = 0.85; // of the peak: a rate that lasts

// What was done on the two cores, by all and by what belongs to the run.
function work(at) {
  const cores = [at.serverCore, at.loadCore].map(workOf);
  return { load: cores[1], busy: cores[0].busy + cores[1].busy, all: cores[0].all + cores[1].all, own: workOfProcesses(family(process.pid)) };
}

function sharesBetween(from, to) {
  const of = (what) => (to[what] - from[what]) / (to.all - from.all);
  return { instruments: (to.load.busy - from.load.busy) / (to.load.all - from.load.all), others: Math.max(0, of('busy') - of('own')) };
}

// As fast as they go.
const peakOf = async (at, { inFlight }) =>
  (await load(at, 'returning', { connections: inFlight, seconds: at.times.peak }).figures).rate;

// The usual load, in the seconds before whatever comes then.
function steadyOf({ logins, checks }, lead) {
  const of = (figures) => ({ rate: figures.rateBetween(1, lead), p99: figures.p99Between(1, lead) });
  return { logins: of(logins), checks: of(checks) };
}

// The usual load all the time, and for some seconds as much as makes the overload. Machines change their pace: so
// the peak is measured before and after, and the usual load on the way.
async function overload(at, scenario, times) {
  const { title, maxconn } = scenario;
  const { lead } = at.times;
  const before = await peakOf(at, scenario);
  const seconds = lead + at.times.overload + at.times.after;
  const surge = { rate: Math.round(before * times), from: lead, seconds: at.times.overload };
  const running = load(at, 'returning', { rate: Math.round(before * steadyShare), surge, maxconn, seconds });
  const checking = load(at, 'verify', { rate: verifyRate, seconds });
  await running.started;
  await sleep(lead * 1000);
  const begun = work(at);
  await sleep(at.times.overload * 1000);
  const shares = sharesBetween(begun, work(at));
  const checks = await checking.figures;
  const logins = await running.figures;
  const after = await peakOf(at, scenario);
  const found = { times, peak: (before + after) / 2, peaks: [before, after], steady: steadyOf({ logins, checks }, lead), lead,
    logins, checks, shares, seconds: at.times.overload };
  console.log(`${title}, ${times} times: ${Math.round(logins.rateBetween(lead + 1, lead + at.times.overload - 1))}/s of ${Math.round(before)}, ${Math.round(after)}`);
  return found;
}

async function hang(at, scenario) {
  const { lead } = at.times;
  const peak = await peakOf(at, scenario);
  const seconds = lead + at.times.hang + at.times.afterHang;
  const running = load(at, 'returning', { rate: Math.round(peak * steadyShare), seconds });
  const checking = load(at, 'verify', { rate: verifyRate, seconds });
  await running.started;
  await sleep(lead * 1000);
  await at.order('/faults', { kind: 'hang' });
  await sleep(at.times.hang * 1000);
  await at.order('/faults', null);
  const [logins, checks] = [await running.figures, await checking.figures];
  return { peak, steady: steadyOf({ logins, checks }, lead), lead, seconds: at.times.hang, logins, checks };
}

async function run(at, scenario) {
  const both = await startBoth(at, scenario);
  const here = { ...at, ...both };
  try {
    await load(here, 'returning', { connections: 64, seconds: 1 }).figures; // connections to WeChat, pages in memory
    await load(here, 'verify', { rate: verifyRate, seconds: 1 }).figures; // opens the sessions for those that follow
    const rows = [];
    for (const times of [2, 5]) {
      const found = await overload(here, scenario, times);
      rows.push(...judgeOverload(found), ...judgeRecovery(found));
    }
    if (scenario.hangs) rows.push(...judgeHang(await hang(here, scenario)));
    return { ...scenario, rows };
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
