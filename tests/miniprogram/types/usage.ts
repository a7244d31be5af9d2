// How a team calls the client. Compiled under strict TypeScript, never run.
import { Client, Problem, Profile, Retry, WxloginError, createClient } from "wxlogind-client";

const client: Client = createClient({
  baseUrl: "https://login.example.com",
  origins: ["https://api.example.com"],
  timeoutMs: 8000,
  codeSource: async () => "code",
});

interface Order {
  number: string;
}

Page({
  data: { orders: [] as Order[], nickName: "" },

  async onLoad() {
    const { id, isNew } = await client.login();
    const texts: [string, boolean] = [id, isNew];
    const { data, statusCode } = await client.request<Order[]>({ url: "/orders", method: "GET", data: { page: 1 } });
    this.setData({ orders: data, nickName: `${texts.join()} ${statusCode}` });
  },

  async onChooseAvatar(event: WechatMiniprogram.CustomEvent<{ avatarUrl: string }>) {
    const { avatarUrl } = await client.uploadAvatar(event.detail.avatarUrl);
    const profile: Profile = await client.updateProfile({ avatarUrl, nickName: "Alice", gender: 2 });
    this.setData({ nickName: profile.nickName });
  },

  async onPhone(event: WechatMiniprogram.ButtonGetPhoneNumber) {
    try {
      const { phone } = await client.bindPhone(event.detail);
      wx.showToast({ title: phone });
    } catch (thrown) {
      if (!(thrown instanceof WxloginError)) throw thrown;
      const code: Problem = thrown.code;
      const retry: Retry = thrown.retry;
      const wait: number | undefined = thrown.retryAfterMs;
      wx.showToast({ title: thrown.messages.zh + code + retry + String(wait), icon: "none" });
    }
  },
});

const off = client.on("session", ({ reason, id }) => {
  if (reason === "logged_out" && id !== "") off();
});

export async function leave(): Promise<boolean> {
  const token: string = await client.getToken();
  const who: string | null = client.userId;
  const { toldServer } = await client.logout({ all: token !== "" && who !== null });
  return toldServer;
}

// What is not to compile.
// @ts-expect-error the address is missing
createClient({});
// @ts-expect-error wx.request has no PATCH
client.request({ url: "/me", method: "PATCH" });
// @ts-expect-error there is no such field
client.updateProfile({ nickname: "Alice" });
// @ts-expect-error 3 is no gender
client.updateProfile({ gender: 3 });
// @ts-expect-error there is no such event
client.on("login", () => {});
// @ts-expect-error not to be set from outside
client.userId = "1";
// @ts-expect-error the answer's type is not known unless it is said
client.request({ url: "/orders" }).then(({ data }) => data.length);
