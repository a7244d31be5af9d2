// 2019 年的登录页，按当时的样子保留：getUserInfo 按钮、wx.login、GET 请求、setStorageSync。
// 新的小程序请看 pages/today：自 2022-11-08 起，getUserInfo 只给出“微信用户”和灰色头像。
const app = getApp()

Page({
  data: {
    canIUse: wx.canIUse('button.open-type.getUserInfo'),
    nickName: '',
    avatarUrl: '',
    id: '',
    refused: false
  },

  onLoad: function () {
    var id = wx.getStorageSync('id')
    if (id) {
      // 以前登录过
      this.setData({
        id: id,
        nickName: wx.getStorageSync('nickName'),
        avatarUrl: wx.getStorageSync('avatarUrl')
      })
    }
  },

  bindGetUserInfo: function (e) {
    if (e.detail.userInfo) {
      // 用户按了允许授权按钮
      this.setData({ refused: false })
      this.login(e.detail.userInfo)
    } else {
      // 用户按了拒绝按钮
      this.setData({ refused: true })
      wx.showModal({
        title: '提示',
        content: '您点击了拒绝授权，将无法进入小程序，请授权之后再进入。',
        showCancel: false,
        confirmText: '返回授权'
      })
    }
  },

  login: function (userInfo) {
    var that = this
    wx.showLoading({ title: '登录中' })
    wx.login({
      success: function (res) {
        if (!res.code) {
          that.loginFailed(res.errMsg)
          return
        }
        wx.request({
          url: app.globalData.urlPath + '/login',
          data: {
            code: res.code,
            nickName: userInfo.nickName,
            city: userInfo.city,
            province: userInfo.province,
            avatarUrl: userInfo.avatarUrl
          },
          header: {
            'content-type': 'application/json'
          },
          success: function (res) {
            if (res.statusCode !== 200 || !res.data || !res.data.id) {
              that.loginFailed(res.data && res.data.detail)
              return
            }
            wx.hideLoading()
            wx.setStorageSync('id', res.data.id)
            wx.setStorageSync('nickName', userInfo.nickName)
            wx.setStorageSync('avatarUrl', userInfo.avatarUrl)
            that.setData({
              id: res.data.id,
              nickName: userInfo.nickName,
              avatarUrl: userInfo.avatarUrl
            })
          },
          fail: function (res) {
            that.loginFailed(res.errMsg)
          }
        })
      },
      fail: function (res) {
        that.loginFailed(res.errMsg)
      }
    })
  },

  loginFailed: function (why) {
    wx.hideLoading()
    wx.showModal({
      title: '登录失败',
      content: '请稍后再试' + (why ? '（' + why + '）' : ''),
      showCancel: false
    })
  }
})
