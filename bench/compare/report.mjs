// The file that a run leaves behind.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { release, totalmem } from 'node:os';

const output = (command, ...args) => {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` } }).trim();
  } catch {
    return 'unknown';
  }
};

export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

function machine() {
  const processor = /^model name\s*: (.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? 'unknown';
  const cores = output('nproc', '--all');
  const distribution = /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  return `${processor}, ${cores} cores, ${Math.round(totalmem() / 2 ** 30)} GiB; Linux ${release()}, ${distribution}`;
}

function programs() {
  return [
    output('bash', '-c', 'nginx -v 2>&1 | sed "s/.*: //"'),
    output('haproxy', '-v').split('\n')[0].replace(/ version/, '').replace(/ - .*/, ''),
    output('go', 'version').replace(/^go version /, ''),
    `Node.js ${process.version}`,
  ].join('; ');
}

export function document(at, sections, elapsedSeconds) {
  const dirty = output('git', 'status', '--porcelain', '--untracked-files=no') === '' ? '' : ', with changes not committed';
  return `# Compared

Written by \`bench/compare/run\`; [bench/README.md](../README.md) says how to read it. Figures are medians of
${at.rounds} rounds, with the least and the most in brackets; ratios are taken within a round.

| | |
|---|---|
| commit | ${output('git', 'rev-parse', 'HEAD')}${dirty} |
| date | ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, ${Math.round(elapsedSeconds / 60)} minutes |
| command | \`${at.command}\` |
| machine | ${machine()} |
| peers | ${programs()} |
| pinning | each server on core ${at.serverCore}; the load and the simulator on core ${at.loadCore} |
| a round | ${at.seconds} s for each server, after ${at.warmUpSeconds} s of warm-up |
| others | took ${Math.round(at.crowd * 100)} % of both cores before it began${at.crowd > 0.05 ? ': the figures are rough' : ''} |

${sections.join('\n\n')}
`;
}
