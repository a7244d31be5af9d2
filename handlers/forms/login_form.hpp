// What a mini program sends to /login.
#pragma once

#include "core/base/errors.hpp"
#include "core/net/http.hpp"
#include "handlers/forms/open_data_form.hpp"
#include "handlers/forms/profile_form.hpp"
#include "storage/store.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace wxlogind::handlers {

// Longest values, in characters (code points).
struct login_form_limits : profile_limits {
    static constexpr std::size_t code = 128;
    static constexpr std::size_t appid = 64;
};

struct login_form {
    std::string code;  // of wx.login
    std::string appid; // "" = not said; see app_directory
    storage::profile_change profile;
    std::unique_ptr<open_data_form> open_data; // nullptr: none was sent
};

// From the query of a GET, or the JSON object of a POST (`errc::unsupported_media_type` otherwise). Members
// that are not ours are ignored. A profile text that is empty says nothing and changes nothing: since 2021
// WeChat hands out empty places for most users.
// errc::invalid_request: detail begins with the field's name.
[[nodiscard]] result<login_form> parse_login_form(const net::request& incoming);

} // namespace wxlogind::handlers
