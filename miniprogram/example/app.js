const { createClient } = require("wxlogind-client");
const config = require("./config");
const { simulatedCodes } = require("./simulated_codes");

function clientOptions() {
  const options = { baseUrl: config.loginServer };
  if (config.simulator === "") return options;
  return Object.assign(options, { appId: config.simulatedAppId, codeSource: simulatedCodes(config) });
}

App({
  onLaunch() {
    this.client = createClient(clientOptions());
  },

  globalData: {
    urlPath: config.loginServer,
  },
});
