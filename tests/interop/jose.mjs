// jose, a JWT library that is not ours, takes wxlogind's token; and wxlogind takes of jose's tokens the one
// that is right and no other.
//
//     node jose.mjs '{"token":…,"issuer":…,"appid":…,"kid":…,"key":…,"user":…,"verify":"http://…/verify"}'
import assert from "node:assert/strict";
import { createHmac, generateKeyPairSync, randomBytes } from "node:crypto";
import { SignJWT, UnsecuredJWT, decodeJwt, jwtVerify } from "jose";

const given = JSON.parse(process.argv[2]);
const key = Buffer.from(given.key, "base64url");
const header = { alg: "HS256", typ: "wxsess+jwt", kid: given.kid };

const { payload, protectedHeader } = await jwtVerify(given.token, key, {
  issuer: given.issuer,
  audience: given.appid,
  algorithms: ["HS256"],
  typ: "wxsess+jwt",
  requiredClaims: ["sub", "sid", "iat", "exp"],
});
assert.equal(payload.sub, given.user);
assert.deepEqual(protectedHeader, header);
await assert.rejects(jwtVerify(given.token, randomBytes(32)), { code: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED" });
await assert.rejects(jwtVerify(given.token, key, { audience: "wxanother" }), { code: "ERR_JWT_CLAIM_VALIDATION_FAILED" });

const now = Math.floor(Date.now() / 1000);
const claims = decodeJwt(given.token);
const sign = (over = {}, head = {}, secret = key) =>
  new SignJWT({ ...claims, ...over }).setProtectedHeader({ ...header, ...head }).sign(secret);

const status = async (token) =>
  (await fetch(given.verify, { headers: { authorization: `Bearer ${token}` } })).status;

assert.equal(await status(given.token), 200);
assert.equal(await status(await sign()), 200, "the same claims, signed by jose with our key");

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const refused = {
  "alg none": new UnsecuredJWT(claims).encode(),
  "another key": await sign({}, {}, randomBytes(32)),
  "HS384": await sign({}, { alg: "HS384" }, randomBytes(48)),
  "HS512 with our key": await sign({}, { alg: "HS512" }, Buffer.concat([key, key])),
  "RS256": await sign({}, { alg: "RS256" }, privateKey),
  "no typ": await new SignJWT(claims).setProtectedHeader({ alg: "HS256", kid: given.kid }).sign(key),
  "typ JWT": await sign({}, { typ: "JWT" }),
  "no kid": await new SignJWT(claims).setProtectedHeader({ alg: "HS256", typ: "wxsess+jwt" }).sign(key),
  "unknown kid": await sign({}, { kid: "unknown" }),
  "jku": await sign({}, { jku: "http://127.0.0.1/keys" }),
  "expired": await sign({ iat: now - 7300, exp: now - 100 }),
  "issued in the future": await sign({ iat: now + 3600, exp: now + 7200 }),
  "another issuer": await sign({ iss: "somebody" }),
  "an app that is not served": await sign({ aud: "wxanother" }),
  "an array of audiences": await sign({ aud: [given.appid] }),
  "a sub that is no user id": await sign({ sub: "admin" }),
  "a sid that is no text": await sign({ sid: 7 }),
  "a fractional exp": await sign({ exp: now + 100.5 }),
  "exp as text": await (async () => {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const signed = `${part(header)}.${part({ ...claims, exp: String(now + 100) })}`;
    return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
  })(),
};
for (const [what, token] of Object.entries(refused)) assert.equal(await status(token), 401, what);

console.log(`jose agrees: 2 tokens taken, ${Object.keys(refused).length} refused`);
