#include "handlers/routes.hpp"

#include "handlers/endpoints/open_data_endpoints.hpp"

namespace wxlogind::handlers {

namespace {

using enum net::method;

// HEAD stands where GET changes nothing. OPTIONS is answered by the router.
constexpr method_set reading{get, head};
constexpr method_set any{get, head, post, put, patch, delete_, options};

const route public_table[] = {
    {.path = "/login",
     .methods = {get, post},
     .answer = &log_in,
     .is_limited_by_address = true,
     .waits_in = lane::logins},
    {.path = "/token/refresh",
     .methods = {post},
     .answer = &refresh_session,
     .is_limited_by_address = true,
     .waits_in = lane::refreshes},
    {"/logout", {post}, &log_out},
    {"/me", reading, &show_me},
    // wx.request has no PATCH.
    {"/me", {patch, post}, &change_me},
    {"/me", {delete_}, &erase_me},
    {.path = "/me/avatar", .methods = {post}, .answer = &upload_avatar, .takes_upload = true},
    {"/avatars/{id}", reading, &show_avatar},
    {"/me/export", reading, &export_me},
    {"/me/userinfo", {post}, &take_user_info},
    {"/me/phone", {post}, &bind_phone},
    {"/healthz", reading, &show_liveness},
    {"/readyz", reading, &show_readiness},
};

// Every one names the scope that it needs: a test knows the few that everybody may call.
const route internal_table[] = {
    // Proxies ask with the method of the request that they hold.
    {"/verify", any, &verify_session},
    {"/verify/{appid}", any, &verify_session},
    {"/introspect", {post}, &introspect_token, service_scope::verify},
    {"/revoke", {post}, &revoke_token, service_scope::verify},
    {"/users", reading, &list_users, service_scope::users_read},
    {"/users/merge", {post}, &merge_users, service_scope::users_write},
    {"/users/{id}", reading, &show_user, service_scope::users_read},
    {"/users/{id}", {delete_}, &erase_user, service_scope::users_write},
    {"/users/{id}/ban", {post}, &ban_user, service_scope::users_write},
    {"/users/{id}/unban", {post}, &unban_user, service_scope::users_write},
    {"/users/{id}/revoke", {post}, &revoke_user, service_scope::users_write},
    {"/users/{id}/unmerge", {post}, &unmerge_user, service_scope::users_write},
    {"/users/{id}/export", reading, &export_one, service_scope::users_read},
    {"/users/{id}/sessions", reading, &list_sessions, service_scope::users_read},
    {"/sessions/{sid}/revoke", {post}, &revoke_session, service_scope::users_write},
    {"/wechat/decrypt", {post}, &decrypt_open_data, service_scope::wechat},
    {"/audit", reading, &read_audit, service_scope::users_read},
    {"/keys/reseal", reading, &show_resealing, service_scope::users_read},
    {"/keys/reseal", {post}, &start_resealing, service_scope::users_write},
    {"/wechat/access-token", {get}, &give_access_token, service_scope::wechat},
    {"/wechat/check-text", {post}, &check_text, service_scope::wechat},
    {"/wechat/access-token", {post}, &replace_access_token, service_scope::wechat},
    {"/metrics", reading, &show_metrics, service_scope::metrics},
    {"/wechat/check-session", {post}, &check_session, service_scope::wechat},
    {"/wechat/reset-session-key", {post}, &reset_session_key, service_scope::wechat},
    {"/wechat/user-encrypt-key", {post}, &give_user_encrypt_key, service_scope::wechat},
    {"/healthz", reading, &show_liveness},
    {"/readyz", reading, &show_readiness},
};

} // namespace

std::string method_set::to_text() const {
    std::string text;
    for (const net::method each : {get, head, post, put, patch, delete_, options}) {
        if (!contains(each)) continue;
        if (!text.empty()) text += ", ";
        text += net::to_string(each);
    }
    return text;
}

namespace {

// The first segment of a path, which begins with a slash, is cut off it.
std::string_view cut_segment(std::string_view& path) noexcept {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    return segment;
}

bool is_placeholder(std::string_view segment) noexcept {
    return segment.starts_with('{');
}

} // namespace

bool matches(std::string_view pattern, std::string_view path) noexcept {
    if (pattern == path) return true;
    if (pattern.find('{') == std::string_view::npos) return false;
    while (!pattern.empty() && path.starts_with('/')) {
        const std::string_view wanted = cut_segment(pattern);
        const std::string_view given = cut_segment(path);
        if (is_placeholder(wanted) ? given.empty() : given != wanted) return false;
    }
    return pattern.empty() && path.empty();
}

std::string_view segment_of(std::string_view path, std::size_t n) noexcept {
    std::string_view segment;
    for (std::size_t i = 0; i <= n; ++i) {
        if (!path.starts_with('/')) return {};
        segment = cut_segment(path);
    }
    return segment;
}

std::span<const route> public_routes() noexcept {
    return public_table;
}
std::span<const route> internal_routes() noexcept {
    return internal_table;
}

} // namespace wxlogind::handlers
