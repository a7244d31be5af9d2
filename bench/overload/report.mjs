// The file that a run leaves behind.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import { table } from '../compare/report.mjs';

const output = (command, ...args) => execFileSync(command, args, { encoding: 'utf8' }).trim();

function machine() {
  const processor = /^model name\s*: (.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? 'unknown';
  return `${processor}, ${output('nproc', '--all')} cores; Linux ${release()}`;
}

function section({ title, latency, connections, inFlight, maxconn, rows }) {
  return `## ${title}

WeChat's latency: \`${latency}\`; ${connections} connections to it${maxconn ? `; what is in front has ${maxconn} connections, and refuses who finds none free` : ''}.
The peak is what is served as fast as it goes with ${inFlight} in flight, the usual load 85 % of it.

${table(['', 'promised', 'found', ''], rows.map(({ what, promised, found, passed }) =>
    [what, promised, found, promised === '' ? '' : passed ? 'pass' : '**FAIL**']))}`;
}

export function document({ command, seconds, found, times, verifyRate }) {
  const dirty = output('git', 'status', '--porcelain', '--untracked-files=no') === '' ? '' : ', with changes not committed';
  return `# Overload

Written by \`bench/overload/run\`; [bench/README.md](../README.md) says how to read it.

| | |
|---|---|
| commit | ${output('git', 'rev-parse', 'HEAD')}${dirty} |
| date | ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, ${Math.round(seconds)} s |
| command | \`bench/overload/run ${command}\` |
| machine | ${machine()} |
| pinning | wxlogind on core 0; load and simulator on core 1 |
| overload | ${times.overload} s, on top of the usual load; ${verifyRate} token checks a second all the time |

${found.map(section).join('\n\n')}
`;
}
