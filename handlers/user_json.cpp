#include "handlers/user_json.hpp"

#include "core/base/json_text.hpp"
#include "handlers/phones.hpp"

namespace wxlogind::handlers {

namespace {

std::string_view to_text(storage::user_state state) {
    switch (state) {
    case storage::user_state::active: return "active";
    case storage::user_state::banned: return "banned";
    }
    return "unknown";
}

// Without the brace that ends it.
std::string open_profile(const storage::user_record& user, bool with_unionid, const services& with) {
    std::string body{R"({"id":)"};
    append_json_string(body, to_string(user.id));
    append_member(body, "nickName", user.profile.nick_name);
    append_member(body, "avatarUrl", with.avatars.shown_url(user.profile.avatar_url));
    body += R"(,"gender":)";
    body += std::to_string(user.profile.gender);
    append_member(body, "country", user.profile.country);
    append_member(body, "province", user.profile.province);
    append_member(body, "city", user.profile.city);
    append_member(body, "language", user.profile.language);
    if (with_unionid && user.unionid) append_member(body, "unionid", *user.unionid);
    const std::string phone = masked_phone_of(user, with);
    if (!phone.empty()) append_member(body, "phone", phone);
    append_member(body, "created_at", user.created);
    append_member(body, "updated_at", user.updated);
    return body;
}

} // namespace

void append_member(std::string& to, std::string_view name, std::string_view value) {
    to += ',';
    append_json_string(to, name);
    to += ':';
    append_json_string(to, value);
}

void append_member(std::string& to, std::string_view name, unix_millis time) {
    to += ',';
    append_json_string(to, name);
    to += ':';
    to += std::to_string(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count());
}

std::string render_profile(const storage::user_record& user, bool with_unionid, const services& with) {
    std::string body = open_profile(user, with_unionid, with);
    body += '}';
    return body;
}

std::string render_user(const storage::user_record& user, const services& with) {
    std::string body = open_profile(user, true, with);
    append_member(body, "state", to_text(user.state));
    body += '}';
    return body;
}

void append_identities(std::string& to, const std::vector<storage::identity_record>& identities) {
    to += '[';
    for (const storage::identity_record& each : identities) {
        if (&each != identities.data()) to += ',';
        to += R"({"appid":)";
        append_json_string(to, each.appid);
        append_member(to, "openid", each.openid);
        append_member(to, "created_at", each.created);
        to += '}';
    }
    to += ']';
}

} // namespace wxlogind::handlers
