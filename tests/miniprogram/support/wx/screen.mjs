// What the user sees of wx: messages and dialogs, and the platform's privacy question.
import { promising, succeed } from "./callbacks.mjs";

export function screenOf() {
  const shown = { toasts: [], modals: [], visited: [], loading: false };
  const privacy = { asked: false };
  const goes = (name) =>
    promising((options) => {
      shown.visited.push({ how: name, url: options.url, delta: options.delta });
      succeed(options, name);
    });

  return {
    shown,
    privacy,
    // What the user presses in a dialog.
    confirms: true,
    api: {
      canIUse: () => true,
      showToast: promising((options) => {
        shown.toasts.push(options.title);
        succeed(options, "showToast");
      }),
      showModal: promising((options) => {
        shown.modals.push({ title: options.title, content: options.content });
        succeed(options, "showModal", { confirm: true, cancel: false });
      }),
      showLoading: promising((options) => {
        shown.loading = true;
        succeed(options, "showLoading");
      }),
      hideLoading: promising((options) => {
        shown.loading = false;
        succeed(options, "hideLoading");
      }),
      navigateTo: goes("navigateTo"),
      redirectTo: goes("redirectTo"),
      navigateBack: goes("navigateBack"),
      reLaunch: goes("reLaunch"),
      switchTab: goes("switchTab"),
      getPrivacySetting: promising((options) =>
        succeed(options, "getPrivacySetting", { needAuthorization: privacy.asked, privacyContractName: "《用户隐私保护指引》" })),
      openPrivacyContract: promising((options) => succeed(options, "openPrivacyContract")),
      stopPullDownRefresh: promising((options) => succeed(options, "stopPullDownRefresh")),
    },
  };
}
