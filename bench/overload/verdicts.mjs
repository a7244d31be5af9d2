// What has to hold, and whether it did. A row: { what, promised, found, passed }.
const leastGoodput = 0.9; // of the peak
const mostSlower = 2; // times the p99 at the usual load
const recovery = 10; // seconds
const longestRefusal = 6; // seconds: wxlogind holds a refusal for five at most
const margin = 1; // seconds at both ends of a phase that belong to neither

const millis = (value) => `${value.toFixed(1)} ms`;
const seconds3 = (value) => `${(value / 1000).toPrecision(2)} s`;
const row = (what, promised, found, passed) => ({ what, promised, found, passed: Boolean(passed) });

function checksUntouched(name, { steady, checks }) {
  const limit = Math.max(steady.checks.p99 * mostSlower, 5);
  return [
    row(`${name}: token checks refused or lost`, '0', String(checks.failed), checks.failed === 0),
    row(`${name}: token checks, p99`, `< ${millis(limit)}`, millis(checks.p99), checks.p99 < limit),
  ];
}

export function judgeOverload(found) {
  const { times, peak, peaks, steady, lead, seconds, logins } = found;
  const name = `${times} × capacity`;
  const [from, to] = [lead + margin, lead + seconds - margin];
  const goodput = logins.rateBetween(from, to);
  const refused = logins.failedBetween(from, to);
  const p99 = logins.p99Between(from, to);
  const limit = steady.logins.p99 * mostSlower;
  const told = logins.refusedAfter;
  const turnedAway = logins.failures.find(({ code }) => code === 'turned_away')?.count ?? 0;
  const strange = logins.failures.filter(({ status, code }) => code !== 'turned_away' && (status !== 503 || code !== 'overloaded'));
  return [
    row(`${name}: peak before and after`, '', peaks.map((each) => `${Math.round(each)}/s`).join(', '), true),
    row(`${name}: p99 at the usual load, of a login and of a token check`, '',
      `${millis(steady.logins.p99)}, ${millis(steady.checks.p99)}`, true),
    row(`${name}: the core of the load and the simulator was busy`, '', `${Math.round(found.shares.instruments * 100)} %`, true),
    row(`${name}: what others had of the two cores`, '', `${Math.round(found.shares.others * 100)} %`, true),
    row(`${name}: arrived`, '', `${Math.round(goodput + refused)}/s`, true),
    row(`${name}: refused by the balancer, by wxlogind`, '',
      `${Math.round(turnedAway / seconds)}/s, ${Math.round(refused - turnedAway / seconds)}/s`, true),
    row(`${name}: goodput / peak`, `≥ ${leastGoodput}`, (goodput / peak).toFixed(2), goodput >= leastGoodput * peak),
    row(`${name}: p99 of what was let in`, `< ${millis(limit)}`, millis(p99), p99 < limit),
    row(`${name}: who was refused by wxlogind knew it after (p50, p99)`, `p99 < ${longestRefusal} s`,
      told.p99 ? `${seconds3(told.p50)}, ${seconds3(told.p99)}` : '–', !(told.p99 >= longestRefusal * 1000)),
    row(`${name}: other answers than 200 and 503 overloaded`, 'none',
      strange.map(({ status, code, count }) => `${status} ${code} × ${count}`).join(', ') || 'none', strange.length === 0),
    ...checksUntouched(name, found),
  ];
}

// The first moment from which on everything is as at the usual load again.
function recoveredAfter({ logins, steady }, from, to) {
  const usual = steady.logins.rate;
  const points = logins.between(from, to);
  const isUsual = ({ rate, failed, p99 }) => rate >= usual * 0.9 && failed <= usual * 0.01 && p99 < steady.logins.p99 * mostSlower;
  let at = points.length;
  while (at > 0 && isUsual(points[at - 1])) --at;
  return at === points.length ? Infinity : points[at].at - from;
}

function recovered(name, found) {
  const end = found.lead + found.seconds;
  const last = found.logins.points.at(-1).at - margin;
  const after = recoveredAfter(found, end, last);
  return row(`${name}: all as before again after`, `< ${recovery} s`,
    Number.isFinite(after) ? `${after.toFixed(0)} s` : 'not seen', after < recovery);
}

export function judgeRecovery(found) {
  return [recovered(`${found.times} × capacity`, found)];
}

export function judgeHang(found) {
  const { lead, seconds, logins } = found;
  const name = `WeChat hangs for ${seconds} s`;
  const kinds = logins.failures.map(({ status, code, count }) => `${status} ${code} × ${count}`).join(', ');
  const known = ['overloaded', 'wechat_unavailable', 'wechat_timeout', 'code_rejected'];
  const lost = logins.failures.filter(({ code }) => !known.includes(code)).reduce((sum, { count }) => sum + count, 0);
  // Whoever was sent to WeChat waits for it to answer, within its time; who comes later is refused at once.
  const late = logins.between(lead + 5, lead + seconds - margin);
  const refused = late.reduce((sum, { failed }) => sum + failed, 0) / Math.max(late.length, 1);
  return [
    row(`${name}: answers`, 'problems that say when to come again', kinds || 'none', lost === 0),
    row(`${name}: refused`, '', `${Math.round(refused)}/s`, true),
    ...checksUntouched(name, found),
    recovered(name, found),
  ];
}
