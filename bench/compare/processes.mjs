// Programs that are measured: started on one core, watched through /proc, ended by their process id.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { openSync, closeSync, readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const running = new Set();

// `ready`: resolves to something true once the program serves.
export async function start(command, { core, log, ready, env = {} }) {
  const output = openSync(log, 'w');
  const child = spawn('taskset', ['-c', String(core), ...command], {
    stdio: ['ignore', output, output],
    env: { ...process.env, ...env },
  });
  closeSync(output);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const program = {
    pid: child.pid,
    log,
    output: () => readFileSync(log, 'utf8'),
    pids: () => family(child.pid),
    async stop() {
      running.delete(program);
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
      await ended;
      clearTimeout(timer);
    },
  };
  running.add(program);
  for (let tries = 0; tries < 600; ++tries) {
    if (child.exitCode !== null) break;
    program.ready = await ready(program);
    if (program.ready) return program;
    await sleep(50);
  }
  await program.stop();
  throw new Error(`${command[0]} did not start:\n${program.output()}`);
}

export async function stopAll() {
  for (const each of [...running].reverse()) await each.stop();
}

// The process and its children, grandchildren included.
export function family(pid) {
  const pids = [pid];
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    const children = readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim();
    for (const child of children.split(' ').filter(Boolean)) pids.push(...family(Number(child)));
  }
  return pids;
}

// Bytes of memory that are the processes' own, and their part of what they share.
export function memoryOf(pids) {
  return pids
    .map((pid) => /^Pss: +(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1] * 1024)
    .reduce((sum, bytes) => sum + bytes, 0);
}

// What a core has done since it started, in ticks: { busy, all }.
export function workOf(core) {
  const line = new RegExp(`^cpu${core} (.*)$`, 'm').exec(readFileSync('/proc/stat', 'utf8'))[1];
  const [user, nice, system, idle, iowait, irq, softirq, steal] = line.trim().split(/ +/).map(Number);
  const busy = user + nice + system + irq + softirq + steal;
  return { busy, all: busy + idle + iowait };
}

// What these processes have done since they started, in ticks.
export function workOfProcesses(pids) {
  const ticks = (pid) => {
    const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13);
    return Number(user) + Number(system);
  };
  return pids.map(ticks).reduce((sum, each) => sum + each, 0);
}

export function firstMatch(pattern) {
  return (program) => pattern.exec(program.output())?.[1];
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export function answers(url) {
  return fetch(url).then((reply) => reply.ok, () => false);
}
