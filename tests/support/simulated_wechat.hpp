// The simulator program, as a team would run it beside its tests.
#pragma once

#include "tests/support/child_process.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/json/object.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace wxlogind::test {

inline constexpr std::string_view first_appid = "wx0123456789abcdef";
inline constexpr std::string_view first_secret = "0123456789abcdef0123456789abcdef";
inline constexpr std::string_view second_appid = "wxfedcba9876543210";
inline constexpr std::string_view second_secret = "fedcba9876543210fedcba9876543210";

// Knows both apps, which belong to one Open Platform account.
class simulated_wechat {
public:
    explicit simulated_wechat(const std::vector<std::string>& more_arguments = {});

    // For wechat.base_url and wechat.ca_file.
    [[nodiscard]] std::string base_url() const;
    [[nodiscard]] std::string ca_file() const { return files_.file("ca.pem"); }
    // What it was asked and answered, unless nobody searches for it (leak_watch.hpp): see --record.
    [[nodiscard]] std::string record() const { return files_.file("record"); }
    [[nodiscard]] const std::string& control_address() const noexcept { return control_; }

    // A fresh code of `user`.
    [[nodiscard]] std::string mint_code(std::string_view user, std::string_view appid = first_appid) const;
    // POST /faults. Throws when it refuses.
    void inject(std::string_view fault_json) const;
    void clear_faults() const;
    // How often that code has arrived.
    [[nodiscard]] unsigned exchanges_of(std::string_view code) const;

private:
    temporary_directory files_;
    std::unique_ptr<child_process> process_;
    std::string address_;
    std::string control_;
};

// The body as an object; throws std::runtime_error with the reply when it is none.
[[nodiscard]] boost::json::object json_of(const http_reply& reply);
// The text member `name`; throws when it is missing.
[[nodiscard]] std::string text_of(const boost::json::object& from, std::string_view name);

} // namespace wxlogind::test
