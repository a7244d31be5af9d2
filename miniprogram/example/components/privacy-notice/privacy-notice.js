// The platform's privacy question (base library 2.32.3), asked before personal data is collected. Tells its page
// by the events `agree` and `refuse`; where there is nothing to ask, `agree` comes at once.
Component({
  data: {
    asks: false,
    contract: "",
  },

  lifetimes: {
    attached() {
      this.ask();
    },
  },

  methods: {
    ask() {
      if (!wx.getPrivacySetting) {
        this.triggerEvent("agree");
        return;
      }
      wx.getPrivacySetting({
        success: ({ needAuthorization, privacyContractName }) => {
          if (needAuthorization) this.setData({ asks: true, contract: privacyContractName });
          else this.triggerEvent("agree");
        },
        fail: () => this.triggerEvent("agree"),
      });
    },

    onRead() {
      wx.openPrivacyContract({});
    },

    onAgree() {
      this.setData({ asks: false });
      this.triggerEvent("agree");
    },

    onRefuse() {
      this.setData({ asks: false });
      this.triggerEvent("refuse");
    },
  },
});
