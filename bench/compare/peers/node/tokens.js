import { createSecretKey, randomBytes } from 'node:crypto';
import jwt from 'jsonwebtoken';

export const tokenLife = 7200; // seconds

export function makeTokenIssuer(appid) {
  const key = createSecretKey(randomBytes(32));
  return (login, now) => {
    const iat = Math.floor(now / 1000);
    return jwt.sign(
      {
        iss: 'peer',
        aud: appid,
        sub: String(login.user),
        sid: String(login.session),
        iat,
        exp: iat + tokenLife,
      },
      key,
      { algorithm: 'HS256' },
    );
  };
}
