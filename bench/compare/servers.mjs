// Who is measured. Each returns { name, target, newKeys(), pids(), stop(), loadArguments? }.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answers, firstMatch, freePort, start } from './processes.mjs';

export const appid = 'wx0123456789abcdef';
export const group = 'group';
const secret = '0123456789abcdef0123456789abcdef';

function served(name, address, sim, program, more = {}) {
  return { name, target: address, newKeys: sim.newKeys, pids: program.pids, stop: program.stop, ...more };
}

export async function simulator(at, name, more = []) {
  const ca = join(at.directory, `${name}.pem`);
  const program = await start(
    [join(at.programs, 'wechat-sim'), '--app', `${appid}=${secret},${group}`, '--ca-file', ca,
      '--load-codes', '--rate-limit', '0', ...more],
    { core: at.loadCore, log: join(at.directory, `${name}.log`), ready: firstMatch(/"listen":"[^"]*:(\d+)"/) });
  const control = /"control":"([^"]*)"/.exec(program.output())[1];
  // A user's session_key stays for a minute; afterwards everybody has a new one, as people have who come back
  // after hours.
  const newKeys = async () => {
    const reply = await fetch(`http://${control}/clock`, { method: 'POST', body: JSON.stringify({ advance_s: 120 }) });
    if (!reply.ok) throw new Error(`the simulator's clock: ${reply.status}`);
  };
  return { port: program.ready, ca, control, newKeys, stop: program.stop };
}

// What the proxies pass on is the request that wxlogind would send to WeChat.
const passedOn = [
  '--login-path', `/sns/jscode2session?appid=${appid}&secret=${secret}&js_code={code}&grant_type=authorization_code`,
  '--expect', '"openid"',
];

export async function nginx(at, sim) {
  const directory = join(at.directory, 'nginx');
  mkdirSync(directory, { recursive: true });
  const port = await freePort();
  writeFileSync(join(directory, 'nginx.conf'), `
daemon off;
worker_processes 1;
pid ${directory}/nginx.pid;
error_log stderr warn;
events { worker_connections 15000; }
http {
  access_log off;
  client_body_temp_path ${directory}/body;
  proxy_temp_path ${directory}/proxy;
  fastcgi_temp_path ${directory}/fastcgi;
  uwsgi_temp_path ${directory}/uwsgi;
  scgi_temp_path ${directory}/scgi;
  keepalive_requests 1000000000;
  upstream wechat { server 127.0.0.1:${sim.port}; keepalive 1024; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = /ok { return 200 "ok"; }
    location /sns/ {
      proxy_pass https://wechat;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host localhost;
      proxy_ssl_verify on;
      proxy_ssl_trusted_certificate ${sim.ca};
      proxy_ssl_name localhost;
      proxy_ssl_server_name on;
    }
  }
}
`);
  const program = await start(['nginx', '-p', directory, '-c', join(directory, 'nginx.conf')], {
    core: at.serverCore, log: join(at.directory, 'nginx.log'), ready: () => answers(`http://127.0.0.1:${port}/ok`),
    env: { PATH: `${process.env.PATH}:/usr/sbin` } });
  return served('nginx `proxy_pass`', `127.0.0.1:${port}`, sim, program, { loadArguments: passedOn });
}

export async function haproxy(at, sim) {
  const port = await freePort();
  const configuration = join(at.directory, 'haproxy.cfg');
  writeFileSync(configuration, `
global
  nbthread 1
  maxconn 4000
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout http-keep-alive 60s
frontend clients
  bind 127.0.0.1:${port} backlog 4096
  http-request return status 200 if { path /ok }
  default_backend wechat
backend wechat
  http-reuse always
  http-request set-header Host localhost
  server simulator 127.0.0.1:${sim.port} ssl verify required ca-file ${sim.ca} sni str(localhost) verifyhost localhost pool-max-conn 1024
`);
  const program = await start(['haproxy', '-f', configuration], {
    core: at.serverCore, log: join(at.directory, 'haproxy.log'), ready: () => answers(`http://127.0.0.1:${port}/ok`),
    env: { PATH: `${process.env.PATH}:/usr/sbin` } });
  return served('HAProxy', `127.0.0.1:${port}`, sim, program, { loadArguments: passedOn });
}

// `database`: a file, made when it is not there; `wechatConnections`: at most so many; `queueTime`: milliseconds that
// logins may wait before some are refused, 0 = none is.
export async function wxlogind(at, sim, { name = 'wxlogind', database, wechatConnections = 256, queueTime = 0 }) {
  const directory = join(at.directory, name.replaceAll(/[^a-z0-9]+/g, '-'));
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'secret'), secret, { mode: 0o600 });
  const configuration = join(directory, 'wxlogind.toml');
  writeFileSync(configuration, `
[server]
listen = "127.0.0.1:0"
internal_listen = "127.0.0.1:0"
threads = 1
max_requests_per_connection = 1000000000
max_connections = 15000
drain_delay_ms = 0
max_queue_time_ms = ${queueTime}
[wechat]
base_url = "https://localhost:${sim.port}"
ca_file = "${sim.ca}"
max_connections = ${wechatConnections}
[[apps]]
appid = "${appid}"
secret_file = "secret"
[storage]
url = "sqlite:${database ?? join(directory, 'wxlogind.db')}?check=never"
[tokens]
keys_file = "keys.toml"
[limits]
requests_per_user = 1000000 # counted, and never used up
logins_per_app = 0
[log]
format = "json"
`, { mode: 0o600 });
  const program = await start([join(at.programs, 'wxlogind'), 'serve', '--config', configuration], {
    core: at.serverCore, log: join(directory, 'wxlogind.log'),
    ready: firstMatch(/"serving".*"listen":"([^"]*)"/) });
  const internal = /"internal_listen":"([^"]*)"/.exec(program.output())[1];
  return served(name, program.ready, sim, program, { internal, loadArguments: ['--internal', internal] });
}

const peerArguments = (sim, port, database, synchronous) => [
  '--listen', `127.0.0.1:${port}`, '--wechat', `https://localhost:${sim.port}`, '--ca', sim.ca,
  '--db', database, '--synchronous', synchronous];

async function peer(at, sim, { name, command, database, synchronous }) {
  const port = await freePort();
  const program = await start([...command, ...peerArguments(sim, port, database, synchronous)], {
    core: at.serverCore, log: join(at.directory, `${name}.log`),
    ready: () => answers(`http://127.0.0.1:${port}/healthz`), env: { NODE_ENV: 'production' } });
  return served(name, `127.0.0.1:${port}`, sim, program, { synchronous });
}

export const go = (at, sim, synchronous, database) =>
  peer(at, sim, { name: `Go, ${synchronous}`, command: [at.goPeer], database, synchronous });

export const node = (at, sim, synchronous, database) =>
  peer(at, sim, { name: `Node, ${synchronous}`, command: ['node', at.nodePeer], database, synchronous });
