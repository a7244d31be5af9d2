import { Pool } from 'undici';

export class WechatError extends Error {}

// Codes against sessions, over kept connections.
export function connectWechat({ origin, ca, appid, secret }) {
  const pool = new Pool(origin, {
    connections: 256,
    pipelining: 1,
    keepAliveTimeout: 20_000,
    headersTimeout: 5_000,
    bodyTimeout: 5_000,
    connect: { ca, timeout: 1_500 },
  });
  const query = new URLSearchParams({ appid, secret, grant_type: 'authorization_code' });
  const path = `/sns/jscode2session?${query}&js_code=`;

  return {
    async exchange(code) {
      const { statusCode, body } = await pool.request({ method: 'GET', path: path + encodeURIComponent(code) });
      // WeChat says text/plain, and it has to be read to the end either way.
      const answer = await body.json();
      if (statusCode !== 200) throw new Error(`status ${statusCode}`);
      if (answer.errcode) throw new WechatError(`errcode ${answer.errcode}`);
      if (!answer.openid || !answer.session_key) throw new Error('an answer without openid or session_key');
      return answer;
    },
  };
}
