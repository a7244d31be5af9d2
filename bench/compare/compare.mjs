// What bench/compare/run starts once everything is built.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { stopAll, workOf } from './processes.mjs';
import { document } from './report.mjs';
import { connections } from './sections/connections.mjs';
import { instructions } from './sections/instructions.mjs';
import { idleMemory } from './sections/idle_memory.mjs';
import { latency } from './sections/latency.mjs';
import { logins } from './sections/logins.mjs';
import { users } from './sections/users.mjs';
import { verify } from './sections/verify.mjs';

const sections = { logins, connections, users, verify, latency, memory: idleMemory, instructions };

const { values: given } = parseArgs({
  options: {
    programs: { type: 'string' }, // of the build
    'go-peer': { type: 'string' },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    sizes: { type: 'string' },
    connections: { type: 'string' },
    sections: { type: 'string', default: Object.keys(sections).join(',') },
    output: { type: 'string', default: 'bench/results/compare.md' },
    directory: { type: 'string', default: '/var/tmp' }, // where the databases of the run are: a disk
    command: { type: 'string', default: '' },
  },
});

const quick = given.quick;
const numbers = (text) => text.split(',').map(Number);
const wanted = given.sections.split(',');
for (const name of wanted) if (!(name in sections)) throw new Error(`there is no section "${name}"`);

if (cpus().length < 2) throw new Error('two cores are needed: one for the server, one for the load');
mkdirSync(given.directory, { recursive: true });
const at = {
  command: `bench/compare/run ${given.command}`.trim(),
  programs: resolve(given.programs),
  goPeer: resolve(given['go-peer']),
  nodePeer: join(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), 'peers/node/server.js'),
  directory: mkdtempSync(join(given.directory, 'wxlogind-compare-')),
  rounds: Number(given.rounds ?? (quick ? 2 : 5)),
  seconds: Number(given.seconds ?? (quick ? 2 : 5)),
  warmUpSeconds: 1,
  loadCore: 0,
  serverCore: 1,
  comparedUsers: quick ? 100_000 : 1_000_000,
  sizes: numbers(given.sizes ?? (quick ? '0,100000' : '0,300000,1000000,10000000')),
  connections: numbers(given.connections ?? (quick ? '1,64,1024' : '1,8,64,256,1024')),
  found: {}, // what one section learns for another
};

// How much of both cores goes to others, as it is before anything is started.
async function crowd(cores) {
  const before = cores.map(workOf);
  await sleep(3000);
  const after = cores.map(workOf);
  const sum = (of) => after.reduce((all, work, core) => all + work[of] - before[core][of], 0);
  return sum('busy') / sum('all');
}
at.crowd = await crowd([at.loadCore, at.serverCore]);
if (at.crowd > 0.05)
  console.warn(`others take ${Math.round(at.crowd * 100)} % of the two cores: the figures will be rough`);

let status = 0;
const started = Date.now();
const stop = () => stopAll().finally(() => {
  rmSync(at.directory, { recursive: true, force: true });
  process.exit(130);
});
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
try {
  mkdirSync(dirname(given.output), { recursive: true });
  const written = [];
  for (const name of wanted) {
    try {
      written.push(await sections[name](at));
    } catch (error) {
      // What was measured before is not lost for it.
      console.error(error);
      written.push(`## ${name}\n\nNot measured: ${error.message.split('\n')[0]}`);
      status = 1;
      await stopAll();
    }
    writeFileSync(given.output, document(at, written, (Date.now() - started) / 1000));
  }
  console.log(`\n${readFileSync(given.output, 'utf8')}\nwritten to ${given.output}`);
} finally {
  await stopAll();
  rmSync(at.directory, { recursive: true, force: true });
}
process.exit(status);
