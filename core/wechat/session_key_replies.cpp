#include "core/base/encoding.hpp"
#include "core/base/json_reading.hpp"
#include "core/wechat/session_key_calls.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>

namespace wxlogind::wechat {

namespace {

namespace json = boost::json;

constexpr std::size_t most_encrypt_keys = 16;

failure bad_answer(const char* why) {
    return {errc::wechat_bad_answer, why};
}

bool is_key(std::string_view text) {
    const auto bytes = base64_decode(text);
    return bytes && bytes->size() == 16;
}

bool is_iv(std::string_view text) {
    return text.size() == 16 && std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

result<user_encrypt_key> read_key(const json::object& from) {
    const json_members members{"answer", from};
    const auto key = members.text("encrypt_key");
    const auto iv = members.text("iv");
    const auto version = members.integer("version");
    const auto life = members.integer("expire_in");
    const auto created = members.integer("create_time");
    if (!key || !*key || !is_key(**key)) return bad_answer("the answer has no encrypt_key");
    if (!iv || !*iv || !is_iv(**iv)) return bad_answer("the answer has no iv");
    if (!version || !*version || !life || !*life || !created || !*created)
        return bad_answer("the answer has no version or time of a key");
    user_encrypt_key read;
    read.key = secret{**key};
    read.iv = **iv;
    read.version = **version;
    read.expires_in = std::chrono::seconds{**life};
    read.created = std::chrono::sys_seconds{std::chrono::seconds{**created}};
    return read;
}

} // namespace

result<secret> parse_reset_reply(std::string_view body, std::string_view openid) {
    json_document document{"answer"};
    const auto members = document.read(body);
    if (!members) return bad_answer("the answer is not one JSON object");
    const auto whose = members->text("openid");
    if (!whose || !*whose || **whose != openid) return bad_answer("the answer is not about this user");
    const auto key = members->text("session_key");
    if (!key || !*key || !is_key(**key)) return bad_answer("the answer has no session_key");
    return secret{**key};
}

result<std::vector<user_encrypt_key>> parse_encrypt_keys_reply(std::string_view body) {
    error_code error;
    const json::value parsed = json::parse(body, error);
    if (error || !parsed.is_object()) return bad_answer("the answer is not one JSON object");
    const json::value* const list = parsed.get_object().if_contains("key_info_list");
    if (list == nullptr || !list->is_array()) return bad_answer("the answer has no key_info_list");
    if (list->get_array().size() > most_encrypt_keys) return bad_answer("the answer has too many keys");
    std::vector<user_encrypt_key> keys;
    for (const json::value& each : list->get_array()) {
        if (!each.is_object()) return bad_answer("the answer has a key that is not an object");
        auto key = read_key(each.get_object());
        if (!key) return key.error();
        keys.push_back(std::move(*key));
    }
    return keys;
}

} // namespace wxlogind::wechat
