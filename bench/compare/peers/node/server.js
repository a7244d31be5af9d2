// A login server as a Node.js team would write it: fastify, undici, better-sqlite3, jsonwebtoken. One of the
// peers that wxlogind is measured against.
//
//     node server.js --listen 127.0.0.1:8080 --wechat https://localhost:443 --ca ca.pem --db peer.db --synchronous FULL
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import fastify from 'fastify';
import { openStore } from './store.js';
import { makeTokenIssuer, tokenLife } from './tokens.js';
import { WechatError, connectWechat } from './wechat.js';

const { values: options } = parseArgs({
  options: {
    listen: { type: 'string', default: '127.0.0.1:8080' },
    wechat: { type: 'string', default: 'https://api.weixin.qq.com' },
    ca: { type: 'string' },
    appid: { type: 'string', default: 'wx0123456789abcdef' },
    secret: { type: 'string', default: '0123456789abcdef0123456789abcdef' },
    db: { type: 'string', default: 'peer.db' },
    synchronous: { type: 'string', default: 'FULL' },
  },
});

const wechat = connectWechat({
  origin: options.wechat,
  ca: options.ca && readFileSync(options.ca),
  appid: options.appid,
  secret: options.secret,
});
const store = openStore(options.db, options.synchronous, options.appid);
const issueToken = makeTokenIssuer(options.appid);

// Schemas let fastify compile the checks and the rendering.
const code = { type: 'string', minLength: 1, maxLength: 128 };
const form = { type: 'object', required: ['code'], properties: { code } };
const reply = {
  200: {
    type: 'object',
    properties: {
      id: { type: 'string' },
      token: { type: 'string' },
      token_type: { type: 'string' },
      expires_in: { type: 'integer' },
      is_new: { type: 'boolean' },
      openid: { type: 'string' },
    },
  },
};

const app = fastify({ bodyLimit: 16 * 1024, disableRequestLogging: true, keepAliveTimeout: 65_000 });

async function logIn(code, answer) {
  let known;
  try {
    known = await wechat.exchange(code);
  } catch (error) {
    if (error instanceof WechatError) return answer.code(401).send({ code: 'code_rejected' });
    console.error('wechat:', error.message);
    return answer.code(503).send({ code: 'wechat_unavailable' });
  }
  const now = Date.now();
  const login = store.recordLogin(known, now);
  answer.header('cache-control', 'no-store');
  return {
    id: String(login.user),
    token: issueToken(login, now),
    token_type: 'Bearer',
    expires_in: tokenLife,
    is_new: login.isNew,
    openid: known.openid,
  };
}

app.get('/login', { schema: { querystring: form, response: reply } }, (request, answer) =>
  logIn(request.query.code, answer));
app.post('/login', { schema: { body: form, response: reply } }, (request, answer) =>
  logIn(request.body.code, answer));
app.get('/healthz', async () => '');

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, async () => {
    await app.close();
    store.close();
    process.exit(0);
  });
}

const [host, port] = options.listen.split(':');
await app.listen({ host, port: Number(port) });
console.log(`listening on ${host}:${app.server.address().port}`);
