/// <reference types="miniprogram-api-typings" />

export interface ClientOptions {
  /** The login server, as it is registered in the mini program's console: `https://login.example.com`. */
  baseUrl: string;
  /** Further servers that `request` may send the token to: `["https://api.example.com"]`. */
  origins?: string[];
  /** How long one attempt may take. Default 10000. */
  timeoutMs?: number;
  /** Which app of the login server it is. Default: the mini program's own AppID. */
  appId?: string;
  /** Where login codes come from in place of `wx.login`; for tests without WeChat. */
  codeSource?: () => Promise<string>;
}

/** Makes the mini program's client. One is enough: make it in `app.js`. */
export function createClient(options: ClientOptions): Client;

/** Every promise of this client rejects with a WxloginError and with nothing else. */
export interface Client {
  /**
   * Logs in, unless somebody is logged in already; `fresh` makes a new login in any case. Calls at the same
   * time share one login.
   */
  login(how?: { fresh?: boolean }): Promise<LoginResult>;

  /**
   * Forgets the session at once, also without a network. After it, nothing logs in again but `login`.
   * With `all` every session of the user ends, on other phones too; that needs the server, and rejects
   * without it.
   */
  logout(how?: { all?: boolean }): Promise<{ toldServer: boolean }>;

  /**
   * `wx.request` with the token. Resolves for statuses 200 to 299 only. Renews the token ahead of its end, or
   * once when the server refuses it, and then repeats the request once.
   */
  request<T = unknown>(options: RequestOptions): Promise<Answer<T>>;

  getProfile(): Promise<Profile>;
  updateProfile(change: ProfileChange): Promise<Profile>;
  /** @param filePath the temporary path that `<button open-type="chooseAvatar">` gives */
  uploadAvatar(filePath: string): Promise<{ avatarUrl: string }>;
  /** @param permission `event.detail` of `<button open-type="getPhoneNumber">`, as it came */
  bindPhone(permission: PhonePermission): Promise<{ phone: string }>;

  /** A token that is good now, for what `request` cannot do: `wx.connectSocket`, `wx.uploadFile`. */
  getToken(): Promise<string>;

  /** Who is logged in; null: nobody. */
  readonly userId: string | null;

  /** @returns a function that takes the listener off again */
  on(event: "session", listener: (event: SessionEvent) => void): () => void;
}

export interface LoginResult {
  id: string;
  /** Whether this login made the user. */
  isNew: boolean;
}

export interface RequestOptions {
  /** A path of the login server, or a whole address on it or on one of `origins`. */
  url: string;
  method?: Exclude<WechatMiniprogram.RequestOption["method"], "CONNECT">;
  /** Members that are undefined are left out. */
  data?: WechatMiniprogram.RequestOption["data"];
  header?: WechatMiniprogram.RequestOption["header"];
  timeoutMs?: number;
  /** Whether it may be sent again after a wait; by default whether `method` is idempotent. */
  repeatable?: boolean;
}

export interface Answer<T> {
  statusCode: number;
  header: Record<string, string>;
  /** The parsed body; undefined where there is none. */
  data: T;
}

export interface ProfileFields {
  nickName: string;
  avatarUrl: string;
  gender: 0 | 1 | 2;
  country: string;
  province: string;
  city: string;
  language: string;
}

export interface Profile extends ProfileFields {
  id: string;
  /** Seconds since 1970. */
  created_at: number;
  updated_at: number;
}

export type ProfileChange = Partial<ProfileFields>;

/** `event.detail` of `<button open-type="getPhoneNumber">`, or the part of it that counts. */
export interface PhonePermission {
  code?: string;
  /** Together with `iv`: what base libraries before 2.21.2 give in place of `code`. */
  encryptedData?: string;
  iv?: string;
  errMsg?: string;
  errno?: number;
}

export type SessionReason = "logged_in" | "refreshed" | "expired" | "logged_out";

export interface SessionEvent {
  reason: SessionReason;
  /** The user's id; empty where nobody was logged in. */
  id: string;
}

/** What helps: log in again; wait; nothing. */
export type Retry = "login" | "later" | "no";

/** The codes that this client makes itself. */
export type ClientProblem =
  | "offline"
  | "network_failed"
  | "timeout"
  | "interrupted"
  | "domain_not_allowed"
  | "file_not_found"
  | "server_unavailable"
  | "unreadable_answer"
  | "request_failed"
  | "wx_login_failed"
  | "not_logged_in"
  | "user_refused"
  | "phone_quota_exhausted"
  | "invalid_argument";

/** The codes of wxlogind's problem documents. */
export type ServerProblem =
  | "invalid_request"
  | "code_rejected"
  | "invalid_token"
  | "service_key_required"
  | "user_blocked"
  | "insufficient_scope"
  | "not_found"
  | "method_not_allowed"
  | "request_timeout"
  | "session_key_stale"
  | "length_required"
  | "content_too_large"
  | "uri_too_long"
  | "unsupported_media_type"
  | "expectation_failed"
  | "rate_limited"
  | "header_fields_too_large"
  | "internal"
  | "not_implemented"
  | "wechat_misconfigured"
  | "wechat_bad_answer"
  | "wechat_unavailable"
  | "overloaded"
  | "storage_unavailable"
  | "wechat_timeout"
  | "http_version_not_supported";

/** The known codes, and those of your own services and of servers newer than this client. */
export type Problem = ClientProblem | ServerProblem | (string & {});

export interface WxloginErrorFacts {
  status?: number;
  retry?: unknown;
  detail?: string;
  errcode?: number;
  requestId?: string;
  retryAfterMs?: number;
  data?: unknown;
}

export class WxloginError extends Error {
  constructor(code: Problem, facts?: WxloginErrorFacts);
  readonly name: "WxloginError";
  readonly code: Problem;
  readonly retry: Retry;
  /** To show to the user. `message` is for the developer. */
  readonly messages: { zh: string; en: string };
  /** The HTTP status, where there was an answer. */
  readonly status?: number;
  readonly detail?: string;
  /** WeChat's own error code. */
  readonly errcode?: number;
  /** To look it up in the server's log. */
  readonly requestId?: string;
  /** How long the server asks to wait. */
  readonly retryAfterMs?: number;
  /** The body of the error, parsed if it is JSON. */
  readonly data?: unknown;
}
