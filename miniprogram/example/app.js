const { createClient } = require("wxlogind-client");
const config = require("./config");
const { simulatedCodes } = require("./simulated_codes");

App({
  onLaunch() {
    this.client = createClient({
      baseUrl: config.loginServer,
      codeSource: config.simulator === "" ? undefined : simulatedCodes(config),
    });
  },

  globalData: {
    urlPath: config.loginServer,
  },
});
