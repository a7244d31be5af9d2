// Databases with many users, made once and kept outside of the repository; every run works on a copy.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as servers from './servers.mjs';

const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'wxlogind-compare');

// What decides how the rows lie.
const sources = [
  'bench/compare/fill_database.cpp', 'storage/sqlite/login_tables.cpp', 'storage/sqlite/migrations.cpp'];

function fingerprint() {
  const hash = createHash('sha256');
  for (const file of sources) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}

async function made(at, kind, users, prepare = async () => {}) {
  const file = join(cache, `${kind}-${users}-${fingerprint()}.db`);
  if (existsSync(file)) return file;
  mkdirSync(cache, { recursive: true });
  for (const outdated of readdirSync(cache))
    if (outdated.startsWith(`${kind}-${users}-`)) rmSync(join(cache, outdated));
  const unfinished = `${file}.unfinished`;
  rmSync(unfinished, { force: true });
  console.log(`making a database of ${users} users: ${file}`);
  await prepare(unfinished);
  execFileSync(join(at.programs, 'fill_database'), [kind, unfinished, String(users)], { stdio: 'inherit' });
  renameSync(unfinished, file);
  return file;
}

// Copies are written back to the disk before anything is measured.
function copied(at, from, name) {
  const to = join(at.directory, name);
  copyFileSync(from, to);
  execFileSync('sync', ['-f', to]);
  return to;
}

export async function ofWxlogind(at, users, name) {
  if (users === 0) return join(at.directory, name);
  return copied(at, await made(at, 'wxlogind', users), name);
}

export async function ofPeer(at, sim, users, name) {
  // Its own program makes the tables.
  const makeTables = async (file) => {
    const peer = await servers.go(at, sim, 'OFF', file);
    await peer.stop();
  };
  return copied(at, await made(at, 'peer', users, makeTables), name);
}
